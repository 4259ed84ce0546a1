#include "harness/report/text.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "harness/base/numbers.h"
#include "harness/base/table.h"
#include "harness/defect/catalog.h"
#include "harness/run/backend.h"
#include "harness/run/token.h"

namespace jitterbug {
namespace {

constexpr std::size_t steps_shown = 40;
constexpr std::size_t threads_shown = 12;

std::string parameters_text(const std::map<std::string, std::int64_t>& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) out += (out.empty() ? "" : " ") + name + "=" + std::to_string(value);
  return out;
}

std::string windows_text(const std::vector<WindowAt>& windows) {
  if (windows.empty()) return "";
  Table table({{"  last windows"}, {"window"}, {""}, {"what goes wrong if it is open"}});
  std::size_t shown = 0;
  for (const WindowAt& at : windows) {
    if (at.window == rt::Window::count || ++shown > threads_shown) continue;
    const rt::WindowInfo& info = rt::window_info(at.window);
    table.add({"    " + at.thread, info.id, info.name, info.sentence});
  }
  if (shown <= threads_shown) return table.text();
  return table.text() + "    and of " + plural(shown - threads_shown, "thread", "threads") + " more\n";
}

std::string indented(const std::string& text) {
  std::string out = "    ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "    ";
  }
  out.erase(out.find_last_not_of(" \n") + 1);
  return out + "\n";
}

std::string fixed(double value, int digits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

// Two digits that count.
std::string small(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2g", value);
  return text;
}

// A patch has no place of its own that could count who comes by.
std::string reach(const std::string& lifted, const Tally& tally) {
  const Defect* row = find_defect(lifted);
  if (row == nullptr || row->kind != DefectKind::safeguard) return "";
  return ", reached in " + plural(tally.safeguard_reached, "schedule", "schedules");
}

std::string failure_text(const Failure& failure) {
  std::string out = "FINDING " + to_text(failure) + "\n";
  if (failure.invariant != failure.sentence) out += "  violates   " + failure.invariant + "\n";
  return out;
}

// Rules of noise may hold what a shell takes for its own.
std::string for_a_shell(const std::string& token) {
  const bool plain = token.find_first_of("*?<>|&;()$` ") == std::string::npos;
  return plain ? token : "'" + token + "'";
}

std::string last_steps(const std::vector<std::string>& trace) {
  if (trace.empty()) return "";
  const std::size_t from = trace.size() - std::min(trace.size(), steps_shown);
  std::string out = "the last " + plural(trace.size() - from, "step", "steps") + ":\n";
  for (std::size_t i = from; i < trace.size(); ++i) out += "  " + trace[i] + "\n";
  return out;
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

// Where runs repeat: trials, and what they took. Where they do not: rates without and under noise.
Table score_table(const ScoreRequest& request) {
  using enum Table::Align;
  const bool trials = backend().repeats;
  return Table({{"row"},
                {"kind"},
                {trials ? "caught" : "without noise", right},
                {"oracle"},
                {trials ? "schedules" : "under " + request.noise, right},
                {trials ? "seconds" : "gain", right},
                {"stressor"},
                {"what the armed scheduler does"}});
}

void add_rates(Table& table, const RowScore& row) {
  const Defect& defect = *row.defect;
  const NoiseGain& noise = *row.noise;
  const auto shown = [](const Rate& r) { return std::to_string(r.failures) + "/" + std::to_string(r.schedules); };
  const std::string bound = noise.quiet.failures == 0 ? ">" : "";
  table.add({defect.id, to_string(defect.kind), shown(noise.quiet), or_dash(row.oracle), shown(noise.noisy),
             row.caught > 0 ? bound + fixed(noise.times(), 1) : "-", or_dash(row.workload), defect.sentence});
}

void add_row(Table& table, const RowScore& row) {
  const Defect& defect = *row.defect;
  if (!scored(defect)) {
    table.add({defect.id, to_string(defect.kind), "-", "-", "-", "-", "-", defect.sentence});
    return;
  }
  if (row.noise) return add_rates(table, row);
  const bool any = row.caught > 0;
  table.add({defect.id, to_string(defect.kind), std::to_string(row.caught) + "/" + std::to_string(row.trials),
             or_dash(row.oracle), any ? fixed(row.median_schedules, 0) : "-", any ? fixed(row.median_seconds, 3) : "-",
             or_dash(row.workload), defect.sentence});
}

}  // namespace

std::string finding_text(const Finding& finding) {
  const Record& record = finding.record;
  const std::string token = to_token(finding.plan);
  std::string out = failure_text(*record.failure);
  const std::string parameters = parameters_text(record.parameters);
  out += "  stressor   " + finding.plan.workload + (parameters.empty() ? "" : "  (" + parameters + ")") + "\n";
  if (!finding.plan.lifted.empty()) out += "  lifted     " + finding.plan.lifted + "\n";
  out += "  schedule   " + std::to_string(record.index);
  if (finding.count > 1) out += ", and " + plural(finding.count - 1, "more", "more") + " that failed alike";
  out += "\n  token      " + token + "\n  replay     scripts/replay " + for_a_shell(token);
  if (backend().repeats) out += "\n  minimize   jitterbug minimize " + token + " -o race.schedule";
  out += "\n";
  if (!record.detail.empty()) out += "  it printed\n" + indented(record.detail);
  out += windows_text(record.last_windows);
  // Where a run can be repeated, its replay shows them.
  return backend().repeats ? out : out + last_steps(record.trace);
}

std::string announcement_text(const Finding& finding) {
  return "found " + to_string(finding.record.failure->oracle) + " " + to_token(finding.plan) + "\n";
}

std::string statistics_text(const Tally& tally) {
  if (!backend().repeats || tally.schedules == 0 || tally.workloads.empty()) return "";
  const auto bound = [](const WorkloadTally& t) { return defect_bound(t.schedules - t.failures, confidence_shown); };
  const auto loosest =
      std::max_element(tally.workloads.begin(), tally.workloads.end(),
                       [&](const WorkloadTally& a, const WorkloadTally& b) { return bound(a) < bound(b); });
  const ClassCount& classes = tally.classes;
  std::string out =
      "the next schedule switches in two windows as none before it with p <= " + small(unseen_mass(classes)) +
      " (Good-Turing: " + plural(classes.classes, "class", "classes") + ", " + std::to_string(classes.singletons) +
      " met once)\n";
  out += "a defect that none has shown has, with 95 % confidence, p < " +
         small(defect_bound(tally.schedules - tally.failures, confidence_shown)) + " per schedule";
  if (tally.workloads.size() == 1) return out + "\n";
  return out + ", p < " + small(bound(*loosest)) + " per schedule of stressor " + loosest->name + "\n";
}

std::string hunt_text(const HuntRequest& request, const BatchResult& result) {
  // Many findings differ in nothing but the windows the other threads were at.
  std::set<std::string> told;
  std::string out;
  std::size_t shown = 0;
  for (const Finding& finding : result.findings) {
    if (!told.insert(finding_key(finding.record, AtWindows::alike)).second) continue;
    out += finding_text(finding) + "\n";
    ++shown;
  }
  if (shown < result.findings.size()) {
    out += plural(result.findings.size() - shown, "finding", "findings") +
           " more: the same invariants at other windows (--json lists them)\n";
  }
  const Tally& tally = result.tally;
  const double seconds = tally.seconds > 0 ? tally.seconds : 1e-9;
  if (result.interrupted) out += "interrupted; so far:\n";
  const std::string under = backend().only_strategy != nullptr ? "noise " + request.noise : request.strategy;
  out += plural(tally.schedules, "schedule", "schedules") + " of " +
         plural(request.workloads.size(), "stressor", "stressors") + " under " + under + ", seed " +
         std::to_string(request.seed) + ": " + plural(tally.failures, "failed", "failed") + ", " +
         plural(tally.findings, "finding", "findings") + "\n";
  out += elapsed(tally.seconds) + ", " + rate(static_cast<double>(tally.schedules) / seconds) + " schedules/s, ";
  if (backend().repeats)
    out += rate(static_cast<double>(tally.decisions) / seconds) + " decisions/s, ";
  else
    out += "threads held " + plural(tally.decisions, "time", "times") + ", ";
  out += "windows: " + std::to_string(static_cast<int>(rt::Window::count)) + " known, " +
         std::to_string(tally.entered.count()) + " entered";
  if (backend().repeats) out += ", " + std::to_string(tally.switched.count()) + " left with a switch inside";
  out += "\n";
  out += statistics_text(tally);
  if (!request.lifted.empty()) out += "lifted: " + request.lifted + reach(request.lifted, tally) + "\n";
  return out;
}

std::string score_text(const ScoreRequest& request, const Score& score) {
  Table table = score_table(request);
  std::string notes;
  std::size_t armed = 0, complete = 0;
  std::string unarmed;
  for (const RowScore& row : score.rows) {
    add_row(table, row);
    if (!row.note.empty()) notes += std::string("  ") + row.defect->id + ": " + row.note + "\n";
    if (!row.armed) unarmed += std::string(unarmed.empty() ? "" : ", ") + row.defect->id;
    if (!scored(*row.defect) || !row.armed) continue;
    ++armed;
    if (row.complete()) ++complete;
  }
  std::string out = table.text();
  if (backend().repeats)
    out += "schedules, seconds: median to the first finding, of at most " + std::to_string(request.schedules) +
           " schedules in each of " + std::to_string(request.trials) + " trials\n";
  else
    out += "failures among at most " + std::to_string(request.schedules) + " runs of each kind; median gain of those " +
           "that can gain fivefold: " + fixed(score.median_gain(), 1) + "\n";
  if (!notes.empty()) out += "\n" + notes;
  if (score.interrupted) out += "interrupted before the end\n";
  if (!unarmed.empty()) out += "\nnot scored, the patch does not fit the scheduler in the tree: " + unarmed + "\n";
  out += "\n" + std::to_string(complete) + " of " + plural(armed, "armed row", "armed rows") +
         (backend().repeats ? " caught in every trial, " : " caught on real threads, ") + elapsed(score.seconds) +
         ", " + std::to_string(score.schedules) + " schedules\n";
  return out;
}

std::string replay_text(const ReplayRequest& request, const Replay& replay, const OfSchedule* schedule) {
  const Record& record = replay.record;
  std::string out;
  if (!backend().repeats) {
    for (const Finding& finding : replay.findings) out += finding_text(finding) + "\n";
    return out + "failed in " + std::to_string(replay.failures) + " of " + plural(replay.times, "run", "runs") +
           ": on real threads a token repeats what is drawn, not who comes first\n";
  }
  if (!record.trace.empty()) out += last_steps(record.trace) + "\n";
  // The token of a schedule's plan would replay another run.
  if (record.failed() && schedule != nullptr)
    out += failure_text(*record.failure) + windows_text(record.last_windows) + "\n";
  else if (record.failed())
    out += finding_text({request.plan, record, 1}) + "\n";
  const std::string times = plural(replay.times, "run", "runs");
  if (!replay.identical) return out + "DIVERGED: " + times + " of one plan were not the same run\n";
  out += record.failed() ? "reproduced by " + to_string(record.failure->oracle) : "passed";
  out += ": " + times + (replay.times > 1 ? ", all identical" : "");
  if (!record.crashed)
    out += ", digest " + hex_digest(record.digest) + ", " + std::to_string(record.decisions) + " decisions";
  return out + "\n";
}

}  // namespace jitterbug
