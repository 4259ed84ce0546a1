#include "harness/native/score.h"

#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <nlohmann/json.hpp>

#include "harness/campaign/errors.h"
#include "harness/campaign/interrupt.h"
#include "harness/defect/variant.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;

constexpr double fivefold_at_most = 0.2;

std::string binary_for(const Defect& row) {
  if (row.kind == DefectKind::safeguard) return "/proc/self/exe";
  std::string path = find_variant(row.id, "jitterbug_native");
  if (!path.empty()) return path;
  throw ImpossibleError("jitterbug_native_" + std::string(row.id) + ", the scheduler patched for " + row.id +
                        ", is not beside this binary: build //harness:jitterbug_native");
}

struct Output {
  std::string text;
  int exit = -1;
};

Output output_of(std::vector<std::string> command) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw ToolError(std::string("cannot make a pipe: ") + strerror(errno));
  const pid_t pid = fork();
  if (pid < 0) throw ToolError(std::string("cannot start a process: ") + strerror(errno));
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(ends[1], STDOUT_FILENO);
    std::vector<char*> argv;
    for (std::string& word : command) argv.push_back(word.data());
    argv.push_back(nullptr);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(ends[1]);
  Output output;
  char piece[4096];
  for (ssize_t n; (n = read(ends[0], piece, sizeof piece)) != 0;) {
    if (n > 0) output.text.append(piece, static_cast<std::size_t>(n));
    else if (errno != EINTR) break;
  }
  close(ends[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) output.exit = WEXITSTATUS(status);
  return output;
}

NativeRate read_rate(const std::string& text) {
  const Json json = Json::parse(text);
  NativeRate rate;
  json.at("schedules").get_to(rate.schedules);
  json.at("failures").get_to(rate.failures);
  std::uint64_t most = 0;
  for (const Json& finding : json.at("findings")) {
    const auto count = finding.at("count").get<std::uint64_t>();
    if (count <= most) continue;
    most = count;
    finding.at("oracle").get_to(rate.oracle);
    finding.at("stressor").get_to(rate.stressor);
    finding.at("token").get_to(rate.token);
  }
  return rate;
}

NativeRate rate_of(const Defect& row, const NativeScore& request, const std::string& noise) {
  const std::string path = binary_for(row);
  const Output output = output_of({path, "hunt", "--lift", row.id, "--stressor", row.stressors, "--noise", noise,
                                   "--schedules", std::to_string(request.schedules), "--enough",
                                   std::to_string(request.enough), "--seed", std::to_string(request.seed), "--jobs",
                                   std::to_string(request.jobs), "--hang",
                                   std::to_string(static_cast<int>(request.hang_seconds)) + "s", "--json", "-",
                                   "--quiet"});
  if (output.exit != 0 && output.exit != 1) throw ToolError(path + " could not hunt row " + row.id);
  try {
    return read_rate(output.text);
  } catch (const Json::exception&) {
    throw ToolError(path + " did not say what it found");
  }
}

}  // namespace

double NativeRate::per_schedule() const {
  return schedules == 0 ? 0 : static_cast<double>(failures) / static_cast<double>(schedules);
}

double NativeRowScore::gain() const {
  const double base = quiet.failures > 0 ? quiet.per_schedule()
                                         : 0.5 / static_cast<double>(std::max<std::uint64_t>(quiet.schedules, 1));
  return noisy.per_schedule() / base;
}

double NativeScoreResult::median_gain() const {
  std::vector<double> gains;
  for (const NativeRowScore& row : rows) {
    if (row.caught() && row.quiet.per_schedule() <= fivefold_at_most) gains.push_back(row.gain());
  }
  if (gains.empty()) return 0;
  std::sort(gains.begin(), gains.end());
  const std::size_t half = gains.size() / 2;
  return gains.size() % 2 == 1 ? gains[half] : (gains[half - 1] + gains[half]) / 2;
}

std::vector<std::string> native_rows_named(const std::string& value) {
  std::vector<std::string> rows;
  if (value == "core" || value == "all") {
    for (const Defect& row : defects()) {
      // Patches of races met here have no native binary.
      const bool core = row.id[0] == 'S';
      if (armable(row) && core) rows.emplace_back(row.id);
    }
    return rows;
  }
  for (const std::string& name : split_list(value)) {
    const Defect* row = find_defect(name);
    if (row == nullptr) throw UsageError("--safeguards '" + name + "': unknown safeguard");
    if (!armable(*row)) throw UsageError("--safeguards '" + name + "': cannot be lifted: " + row->reason);
    rows.emplace_back(row->id);
  }
  if (rows.empty()) throw UsageError("--safeguards '" + value + "': names no row");
  return rows;
}

NativeScoreResult score_natively(const NativeScore& request, const std::function<void(const std::string&)>& progress) {
  NativeScoreResult result;
  for (const std::string& id : request.rows) static_cast<void>(binary_for(*find_defect(id)));
  for (const std::string& id : request.rows) {
    if (interrupted()) break;
    const Defect& row = *find_defect(id);
    progress(id + " (row " + std::to_string(result.rows.size() + 1) + " of " + std::to_string(request.rows.size()) +
             ")");
    NativeRowScore score;
    score.defect = &row;
    score.quiet = rate_of(row, request, "none");
    score.noisy = rate_of(row, request, request.noise);
    result.rows.push_back(std::move(score));
  }
  result.interrupted = interrupted();
  return result;
}

}  // namespace jitterbug
