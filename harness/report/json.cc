#include "harness/report/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/errors.h"
#include "harness/base/numbers.h"
#include "harness/run/backend.h"
#include "harness/run/token.h"

namespace jitterbug {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json windows_json(const std::vector<WindowAt>& windows) {
  Json out = Json::array();
  for (const WindowAt& at : windows) {
    if (at.window == rt::Window::count) continue;
    const rt::WindowInfo& info = rt::window_info(at.window);
    out.push_back({{"thread", at.thread}, {"id", info.id}, {"name", info.name}});
  }
  return out;
}

Json finding_json(const Finding& finding) {
  const Record& record = finding.record;
  Json json = {{"oracle", number_of(record.failure)},
               {"invariant", record.failure->invariant},
               {"sentence", sentence_of(record.failure)},
               {"token", to_token(finding.plan)},
               {"stressor", finding.plan.workload},
               {"windows", windows_json(record.last_windows)},
               {"schedule", record.index},
               {"count", finding.count},
               {"parameters", record.parameters}};
  if (record.crashed)
    json["output"] = record.detail;
  else
    json["digest"] = hex_digest(record.digest);
  if (!backend().repeats) json["trace"] = record.trace;
  return json;
}

Json rate_json(const Rate& rate) {
  return {{"schedules", rate.schedules}, {"failures", rate.failures}, {"rate", rate.per_schedule()}};
}

Rate read_rate(const Json& json) {
  Rate rate;
  json.at("schedules").get_to(rate.schedules);
  json.at("failures").get_to(rate.failures);
  return rate;
}

Json row_json(const RowScore& row, const std::string& strategy) {
  Json json = {{"safeguard", row.defect->id},  {"defect", row.defect->sentence},
               {"caught", row.caught},         {"trials", row.trials},
               {"oracle", row.oracle},         {"median_schedules", nullptr},
               {"median_seconds", nullptr},    {"stressor", row.workload},
               {"strategy", strategy},         {"kind", to_string(row.defect->kind)},
               {"origin", row.defect->origin}, {"reached", row.reached},
               {"token", row.token},           {"note", row.note}};
  if (row.caught > 0) {
    json["median_schedules"] = row.median_schedules;
    json["median_seconds"] = row.median_seconds;
  }
  if (row.noise) {
    json["quiet"] = rate_json(row.noise->quiet);
    json["noisy"] = rate_json(row.noise->noisy);
    json["gain"] = row.noise->times();
  }
  return json;
}

Json statistics_json(const Tally& tally) {
  Json workloads = Json::array();
  for (const WorkloadTally& t : tally.workloads) {
    workloads.push_back({{"stressor", t.name},
                         {"schedules", t.schedules},
                         {"failures", t.failures},
                         {"unseen_mass", unseen_mass(t.classes)},
                         {"defect_bound", defect_bound(t.schedules - t.failures, confidence_shown)}});
  }
  return {{"classes", tally.classes.classes},
          {"singletons", tally.classes.singletons},
          {"classified", tally.classes.runs},
          {"unseen_mass", unseen_mass(tally.classes)},
          {"confidence", confidence_shown},
          {"defect_bound", defect_bound(tally.schedules - tally.failures, confidence_shown)},
          {"stressors", workloads}};
}

RowScore read_row(const Json& json) {
  RowScore row;
  row.defect = find_defect(json.at("safeguard").get<std::string>());
  if (row.defect == nullptr) throw ToolError("the score of another process names an unknown row");
  json.at("caught").get_to(row.caught);
  json.at("trials").get_to(row.trials);
  json.at("oracle").get_to(row.oracle);
  json.at("stressor").get_to(row.workload);
  json.at("reached").get_to(row.reached);
  json.at("token").get_to(row.token);
  json.at("note").get_to(row.note);
  if (row.caught > 0) {
    json.at("median_schedules").get_to(row.median_schedules);
    json.at("median_seconds").get_to(row.median_seconds);
  }
  if (json.contains("gain")) row.noise = {read_rate(json.at("quiet")), read_rate(json.at("noisy"))};
  return row;
}

std::string strategy_of(const HuntRequest& request) {
  return backend().only_strategy != nullptr ? backend().only_strategy : request.strategy;
}

// Where runs do not repeat, nobody knows which windows were left with a switch inside.
Json windows_of(const Tally& tally) {
  Json json = {{"known", static_cast<int>(rt::Window::count)}, {"entered", tally.entered.count()}};
  json["switched"] = backend().repeats ? Json(tally.switched.count()) : Json(nullptr);
  return json;
}

Json hunt_object(const HuntRequest& request, const BatchResult& result) {
  const Tally& tally = result.tally;
  Json findings = Json::array();
  for (const Finding& finding : result.findings) findings.push_back(finding_json(finding));
  Json json = {{"flavour", backend().flavour.in_plans},
               {"strategy", strategy_of(request)},
               {"seed", request.seed},
               {"schedules", tally.schedules},
               {"decisions", tally.decisions},
               {"seconds", tally.seconds},
               {"findings", findings},
               {"windows", windows_of(tally)},
               {"stressors", request.workloads},
               {"failures", tally.failures},
               {"interrupted", result.interrupted},
               {"ended", result.ended}};
  if (backend().repeats)
    json["statistics"] = statistics_json(tally);
  else
    json["noise"] = request.noise;
  if (!request.lifted.empty()) {
    json["lifted"] = request.lifted;
    json["reached"] = tally.safeguard_reached;
  }
  return json;
}

Json coverage_of_window(rt::Window window, const WindowCoverage& sums) {
  const rt::WindowInfo& info = rt::window_info(window);
  return {{"id", info.id},
          {"name", info.name},
          {"entered", sums.entered > 0},
          {"switched", sums.switched > 0},
          {"conflicted", sums.conflicted > 0},
          {"both_orders", sums.pairs_in_both > 0},
          {"entered_in", sums.entered},
          {"switched_in", sums.switched},
          {"conflicted_in", sums.conflicted},
          {"pairs", sums.pairs},
          {"pairs_in_both_orders", sums.pairs_in_both}};
}

Json coverage_of_pair(const PairCoverage& pair) {
  const rt::WindowInfo& first = rt::window_info(pair.first);
  const rt::WindowInfo& second = rt::window_info(pair.second);
  return {{"first", first.id},
          {"second", second.id},
          {"first_before_second", pair.forward},
          {"second_before_first", pair.backward},
          {"both_orders", pair.both()}};
}

}  // namespace

std::string hunt_json(const HuntRequest& request, const BatchResult& result) {
  return text_of(hunt_object(request, result));
}

std::string coverage_json(const HuntRequest& request, const BatchResult& result) {
  Json windows = Json::array(), pairs = Json::array();
  for (std::size_t i = 0; i < result.coverage.windows.size(); ++i) {
    windows.push_back(coverage_of_window(static_cast<rt::Window>(i), result.coverage.windows[i]));
  }
  for (const PairCoverage& pair : result.coverage.pairs) pairs.push_back(coverage_of_pair(pair));
  Json json = hunt_object(request, result);
  json["windows"] = windows;
  json["pairs"] = pairs;
  return text_of(json);
}

std::string score_json(const ScoreRequest& request, const Score& score) {
  Json rows = Json::array(), unarmed = Json::array();
  const std::string strategy = backend().only_strategy != nullptr ? backend().only_strategy : request.strategy;
  for (const RowScore& row : score.rows) {
    rows.push_back(row_json(row, strategy));
    if (!row.armed) unarmed.push_back(row.defect->id);
  }
  Json json = {{"flavour", backend().flavour.in_plans},
               {"schedules", request.schedules},
               {"trials", backend().repeats ? request.trials : 1},
               {"rows", rows},
               {"does_not_apply", unarmed},
               {"seed", request.seed},
               {"schedules_run", score.schedules},
               {"decisions", score.decisions},
               {"seconds", score.seconds},
               {"interrupted", score.interrupted}};
  if (!backend().repeats) {
    json["noise"] = request.noise;
    json["enough"] = request.enough;
    json["median_gain"] = score.median_gain();
  }
  return text_of(json);
}

std::string replay_json(const ReplayRequest& request, const Replay& replay, const OfSchedule* schedule) {
  const Record& record = replay.record;
  Json findings = Json::array();
  for (const Finding& finding : replay.findings) findings.push_back(finding_json(finding));
  const bool has_digest = backend().repeats && !record.crashed;
  Json json = {{"token", to_token(request.plan)},
               {"reproduced", record.failed()},
               {"oracle", record.failed() ? Json(number_of(record.failure)) : Json(nullptr)},
               {"digest", has_digest ? Json(hex_digest(record.digest)) : Json(nullptr)},
               {"decisions", record.decisions},
               {"sentence", sentence_of(record.failure)},
               {"times", replay.times},
               {"failures", replay.failures},
               {"findings", findings},
               {"identical", backend().repeats ? Json(replay.identical) : Json(nullptr)},
               {"parameters", record.parameters},
               {"windows", windows_json(record.last_windows)}};
  if (schedule != nullptr) {
    json["schedule"] = schedule->path;
    json["divergence"] = schedule->divergence.empty() ? Json(nullptr) : Json(schedule->divergence);
  }
  return text_of(json);
}

Score read_score_json(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    Score score;
    for (const Json& row : json.at("rows")) score.rows.push_back(read_row(row));
    json.at("schedules_run").get_to(score.schedules);
    json.at("decisions").get_to(score.decisions);
    json.at("seconds").get_to(score.seconds);
    json.at("interrupted").get_to(score.interrupted);
    return score;
  } catch (const Json::exception& e) {
    throw ToolError(std::string("the score of another process is malformed: ") + e.what());
  }
}

}  // namespace jitterbug
