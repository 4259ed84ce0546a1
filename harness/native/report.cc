#include "harness/native/report.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "harness/base/table.h"
#include "harness/defect/variant.h"
#include "harness/native/policy.h"
#include "harness/run/token.h"
#include "harness/run/trace_file.h"
#include "harness/scene/workload.h"

namespace jitterbug {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t steps_shown = 20;

std::string text_of(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::string fixed(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string count(std::uint64_t n, const char* what) { return std::to_string(n) + " " + what + (n == 1 ? "" : "s"); }

double per_second(const NativeTally& tally) {
  return tally.seconds > 0 ? static_cast<double>(tally.schedules) / tally.seconds : 0;
}

// Of a trace, what a person reads first.
std::string last_steps(const std::vector<std::string>& trace) {
  if (trace.empty()) return "";
  const std::size_t from = trace.size() > steps_shown ? trace.size() - steps_shown : 0;
  std::string text = "  the last " + std::to_string(trace.size() - from) + " operations before the end:\n";
  for (std::size_t i = from; i < trace.size(); ++i) text += "  " + trace[i] + "\n";
  return text;
}

}  // namespace

std::string native_finding_text(const Finding& finding) {
  const Record& r = finding.record;
  std::string text = "FINDING " + to_text(*r.failure) + "\n  stressor   " + finding.plan.workload + "  (";
  const char* joint = "";
  for (const auto& [name, value] : r.parameters) {
    text += joint + name + "=" + std::to_string(value);
    joint = " ";
  }
  text += ")\n";
  if (!finding.plan.lifted.empty()) text += "  lifted     " + finding.plan.lifted + "\n";
  const std::string token = to_token(finding.plan);
  text += "  schedule   " + std::to_string(r.index) + ", and " + count(finding.count - 1, "other") + "\n";
  text += "  replay     jitterbug_native replay '" + token + "' --times 100\n";
  for (const WindowAt& at : r.last_windows) {
    const rt::WindowInfo& info = rt::window_info(at.window);
    text += "    " + at.thread + "  " + info.id + "  " + info.name + "\n";
  }
  text += last_steps(r.trace);
  if (!r.detail.empty()) text += "  it printed, at the end:\n" + r.detail + (r.detail.back() == '\n' ? "" : "\n");
  return text + "\n";
}

namespace {

Json finding_json(const Finding& finding) {
  const Record& r = finding.record;
  Json windows = Json::array();
  for (const WindowAt& at : r.last_windows) {
    const rt::WindowInfo& info = rt::window_info(at.window);
    windows.push_back({{"thread", at.thread}, {"id", info.id}, {"name", info.name}});
  }
  return {{"oracle", number_of(r.failure)},
          {"sentence", sentence_of(r.failure)},
          {"token", to_token(finding.plan)},
          {"stressor", finding.plan.workload},
          {"windows", windows},
          {"schedule", r.index},
          {"count", finding.count},
          {"parameters", r.parameters},
          {"output", r.detail},
          {"trace", r.trace}};
}

Json findings_json(const NativeHuntResult& result) {
  Json findings = Json::array();
  for (const Finding& finding : result.findings) findings.push_back(finding_json(finding));
  return findings;
}

Json rate_json(const NativeRate& rate) {
  return {{"schedules", rate.schedules}, {"failures", rate.failures}, {"rate", rate.per_schedule()}};
}

struct Listing {
  std::vector<std::string> keys;
  std::vector<std::vector<std::string>> entries;
};

Listing list_of(const std::string& what) {
  Listing list;
  if (what == "windows") {
    list.keys = {"id", "name", "sentence", "reference"};
    for (const rt::WindowInfo& w : rt::window_infos) list.entries.push_back({w.id, w.name, w.sentence, w.reference});
  } else if (what == "safeguards") {
    list.keys = {"id", "kind", "stressors", "sentence"};
    for (const Defect& d : defects()) list.entries.push_back({d.id, to_string(d.kind), d.workloads, d.sentence});
  } else if (what == "stressors") {
    list.keys = {"name", "provokes"};
    for (const Workload& s : stressors()) list.entries.push_back({s.name, s.sentence});
  } else if (what == "build") {
    list.keys = {"row", "misfit", "scheduler"};
    list.entries.push_back({std::string(linked_patch()), std::string(patch_misfit()), std::string(scheduler_digest())});
  } else {
    list.keys = {"name", "says", "policy"};
    for (const NoisePreset& p : noise_presets()) list.entries.push_back({p.name, p.says, p.text});
  }
  return list;
}

}  // namespace

std::string native_progress_text(const NativeTally& tally) {
  return fixed(tally.seconds, 1) + " s  " + fixed(per_second(tally), 0) + " schedules/s  " +
         std::to_string(tally.entered.count()) + "/" + std::to_string(tally.entered.size()) + " windows  " +
         count(tally.failures, "failure");
}

std::string native_hunt_text(const NativeHunt& hunt, const NativeHuntResult& result) {
  std::string text;
  for (const Finding& finding : result.findings) text += native_finding_text(finding);
  const NativeTally& t = result.tally;
  text += count(t.schedules, "schedule") + " of " + count(hunt.workloads.size(), "stressor") + " under noise " +
          hunt.noise + ", seed " + std::to_string(hunt.seed) + ": " + std::to_string(t.failures) + " failed, " +
          count(result.findings.size(), "finding") + (result.interrupted ? "; interrupted" : "") + "\n";
  return text + fixed(t.seconds, 1) + " s, " + fixed(per_second(t), 0) + " schedules/s, threads held " +
         std::to_string(t.holds) + " times, windows: " + std::to_string(t.entered.size()) + " known, " +
         std::to_string(t.entered.count()) + " entered\n";
}

std::string native_hunt_json(const NativeHunt& hunt, const NativeHuntResult& result) {
  const NativeTally& t = result.tally;
  return text_of({{"flavour", native_flavour},
                  {"strategy", native_strategy},
                  {"noise", hunt.noise},
                  {"seed", hunt.seed},
                  {"schedules", t.schedules},
                  {"failures", t.failures},
                  {"decisions", t.holds},
                  {"seconds", t.seconds},
                  {"findings", findings_json(result)},
                  {"windows", {{"known", t.entered.size()}, {"entered", t.entered.count()}, {"switched", nullptr}}},
                  {"interrupted", result.interrupted},
                  {"ended", result.ended}});
}

std::string native_replay_text(const Plan& plan, const NativeHuntResult& result) {
  std::string text;
  for (const Finding& finding : result.findings) text += native_finding_text(finding);
  return text + "failed in " + std::to_string(result.tally.failures) + " of " + count(result.tally.schedules, "run") +
         " under noise " + plan.noise + ": on real threads a token repeats what is drawn, not who comes first\n";
}

std::string native_trace_text(const Plan& plan, const NativeHuntResult& result) {
  if (!result.findings.empty()) return trace_file_text(plan, result.findings.front().record);
  return to_token(plan) + "\n(no trace: no run failed)\n";
}

std::string native_replay_json(const Plan& plan, const NativeHuntResult& result) {
  const bool any = !result.findings.empty();
  return text_of({{"token", to_token(plan)},
                  {"reproduced", result.tally.failures > 0},
                  {"oracle", any ? number_of(result.findings.front().record.failure) : ""},
                  {"digest", nullptr},
                  {"decisions", result.tally.holds},
                  {"runs", result.tally.schedules},
                  {"failures", result.tally.failures},
                  {"findings", findings_json(result)}});
}

std::string native_score_text(const NativeScore& request, const NativeScoreResult& result) {
  using enum Table::Align;
  Table table({{"row"},
               {"without noise", right},
               {"under " + request.noise, right},
               {"gain", right},
               {"oracle"},
               {"stressor"},
               {"what the armed scheduler does"}});
  const auto rate = [](const NativeRate& r) { return std::to_string(r.failures) + "/" + std::to_string(r.schedules); };
  for (const NativeRowScore& row : result.rows) {
    const NativeRate& better = row.noisy.failures > 0 ? row.noisy : row.quiet;
    const std::string bound = row.caught() && row.quiet.failures == 0 ? ">" : "";
    table.add({row.defect->id, rate(row.quiet), rate(row.noisy), row.caught() ? bound + fixed(row.gain(), 1) : "-",
               row.caught() ? better.oracle : "-", row.caught() ? better.workload : "-", row.defect->sentence});
  }
  std::size_t caught = 0;
  for (const NativeRowScore& row : result.rows) caught += row.caught() ? 1 : 0;
  return table.text() + std::to_string(caught) + " of " + count(result.rows.size(), "row") +
         " caught on real threads; median gain of those that can gain fivefold: " + fixed(result.median_gain(), 1) +
         (result.interrupted ? "; interrupted" : "") + "\n";
}

std::string native_score_json(const NativeScore& request, const NativeScoreResult& result) {
  Json rows = Json::array();
  for (const NativeRowScore& row : result.rows) {
    const NativeRate& better = row.noisy.failures > 0 ? row.noisy : row.quiet;
    rows.push_back({{"safeguard", row.defect->id},
                    {"defect", row.defect->sentence},
                    {"oracle", better.oracle},
                    {"stressor", better.workload},
                    {"strategy", native_strategy},
                    {"token", better.token},
                    {"caught", row.caught()},
                    {"quiet", rate_json(row.quiet)},
                    {"noisy", rate_json(row.noisy)},
                    {"gain", row.gain()}});
  }
  return text_of({{"flavour", native_flavour},
                  {"noise", request.noise},
                  {"schedules", request.schedules},
                  {"enough", request.enough},
                  {"rows", rows},
                  {"median_gain", result.median_gain()},
                  {"interrupted", result.interrupted}});
}

std::string native_list_text(const std::string& what) {
  const Listing list = list_of(what);
  std::vector<Table::Column> columns;
  for (const std::string& key : list.keys) columns.push_back({key});
  Table table(columns);
  for (const auto& entry : list.entries) table.add(entry);
  return table.text();
}

std::string native_list_json(const std::string& what) {
  const Listing list = list_of(what);
  Json entries = Json::array();
  for (const auto& entry : list.entries) {
    Json object;
    for (std::size_t i = 0; i < list.keys.size(); ++i) object[list.keys[i]] = entry[i];
    entries.push_back(object);
  }
  Json json;
  json[what] = entries;
  return text_of(json);
}

}  // namespace jitterbug
