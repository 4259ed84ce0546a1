#include "harness/tool/score_in_variant.h"

#include <sys/wait.h>

#include <string>
#include <vector>

#include "harness/base/errors.h"
#include "harness/base/process.h"
#include "harness/defect/hand_over.h"
#include "harness/report/json.h"

namespace jitterbug {

Score score_in_variant(const Defect& defect, const ScoreRequest& request) {
  const std::string path = variant_path("jitterbug", defect.id);
  const Printed printed = run_program(path, {path,           "score",
                                             "--safeguards", defect.id,
                                             "--schedules",  std::to_string(request.schedules),
                                             "--trials",     std::to_string(request.trials),
                                             "--seed",       std::to_string(request.seed),
                                             "--strategy",   request.strategy,
                                             "--json",       "-",
                                             "--quiet"});
  const int code = WIFEXITED(printed.status) ? WEXITSTATUS(printed.status) : -1;
  if (code != static_cast<int>(Exit::good) && code != static_cast<int>(Exit::found)) {
    throw ToolError(path + " could not score its row");
  }
  Score score = read_score_json(printed.text);
  if (score.rows.size() != 1) throw ToolError(path + " did not score its row");
  return score;
}

}  // namespace jitterbug
