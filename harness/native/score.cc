#include "harness/native/score.h"

#include <sys/wait.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/errors.h"
#include "harness/base/interrupt.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/defect/hand_over.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;

constexpr double fivefold_at_most = 0.2;

std::string binary_for(const Defect& row) {
  return row.kind == DefectKind::safeguard ? "/proc/self/exe" : variant_path("jitterbug_native", row.id);
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
    finding.at("stressor").get_to(rate.workload);
    finding.at("token").get_to(rate.token);
  }
  return rate;
}

NativeRate rate_of(const Defect& row, const NativeScore& request, const std::string& noise) {
  const std::string path = binary_for(row);
  const Printed printed =
      run_program(path, {path,          "hunt",
                         "--lift",      row.id,
                         "--stressor",  row.workloads,
                         "--noise",     noise,
                         "--schedules", std::to_string(request.schedules),
                         "--enough",    std::to_string(request.enough),
                         "--seed",      std::to_string(request.seed),
                         "--jobs",      std::to_string(request.jobs),
                         "--hang",      std::to_string(static_cast<int>(request.hang_seconds)) + "s",
                         "--json",      "-",
                         "--quiet"});
  const int code = WIFEXITED(printed.status) ? WEXITSTATUS(printed.status) : -1;
  if (code != static_cast<int>(Exit::good) && code != static_cast<int>(Exit::found)) {
    throw ToolError(path + " could not hunt row " + row.id);
  }
  try {
    return read_rate(printed.text);
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
      if (scored(row) && is_core(row)) rows.emplace_back(row.id);
    }
    return rows;
  }
  for (const std::string& name : split_list(value)) {
    const Defect* row = find_defect(name);
    if (row == nullptr) throw UsageError("--safeguards '" + name + "': unknown safeguard");
    if (!scored(*row)) throw UsageError("--safeguards '" + name + "': " + why_not_scored(*row));
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
