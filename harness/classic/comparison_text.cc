#include "harness/classic/comparison_text.h"

#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/base/numbers.h"
#include "harness/base/table.h"
#include "harness/classic/published.h"

namespace jitterbug::classic {
namespace {

using Json = nlohmann::ordered_json;

std::string mean_text(double mean) {
  char text[40];
  std::snprintf(text, sizeof text, mean < 10 ? "%.1f" : "%.0f", mean);
  return text;
}

std::uint64_t schedules_of(const Comparison& comparison) {
  std::uint64_t sum = 0;
  for (const Entry& entry : comparison.entries) {
    for (const TrialResult& trial : entry.trials) sum += trial.schedules;
  }
  return sum;
}

// How many trials found a bug by which symptom.
std::map<Symptom, std::uint64_t> symptoms_of(const Entry& entry) {
  std::map<Symptom, std::uint64_t> trials;
  for (const TrialResult& trial : entry.trials) {
    if (trial.found()) ++trials[trial.symptom];
  }
  return trials;
}

// A line for each program and strategy that found another bug than the known one.
std::string other_symptoms(const Comparison& comparison) {
  std::string lines;
  for (const Entry& entry : comparison.entries) {
    const ProgramInfo* program = find_program(entry.program);
    for (const auto& [symptom, trials] : symptoms_of(entry)) {
      if (program != nullptr && symptom == program->symptom) continue;
      lines += entry.program + " under " + entry.strategy + ": " + std::to_string(trials) + " of " +
               std::to_string(entry.found()) + " by " + name_of(symptom) + "\n";
    }
  }
  return lines;
}

Json entry_json(const Entry& entry) {
  Json first = Json::array(), symptoms = Json::object();
  std::uint64_t schedules = 0, decisions = 0;
  for (const auto& [symptom, trials] : symptoms_of(entry)) symptoms[name_of(symptom)] = trials;
  for (const TrialResult& trial : entry.trials) {
    first.push_back(trial.found() ? Json(trial.first_bug) : Json(nullptr));
    schedules += trial.schedules;
    decisions += trial.decisions;
  }
  return {{"strategy", entry.strategy},
          {"trials", entry.trials.size()},
          {"found", entry.found()},
          {"mean_schedules", entry.found() == 0 ? Json(nullptr) : Json(entry.mean())},
          {"first_bug", first},
          {"symptoms", symptoms},
          {"schedules", schedules},
          {"decisions", decisions}};
}

Json published_json(const std::string& program) {
  const Published* row = find_published(program);
  if (row == nullptr) return nullptr;
  return {{"walk", row->walk}, {"pct", row->pct}, {"pos", row->pos}, {"surw", row->surw}, {"best", row->best}};
}

}  // namespace

std::string entry_text(const Entry& entry) {
  const std::string of = std::to_string(entry.found()) + "/" + std::to_string(entry.trials.size());
  if (entry.trials.empty()) return "-";
  if (entry.found() == 0) return of;
  return mean_text(entry.mean()) + (entry.found() == entry.trials.size() ? "" : " (" + of + ")");
}

std::string comparison_text(const ComparisonRequest& request, const Comparison& comparison) {
  std::vector<Table::Column> columns = {{"program"}};
  for (const std::string& strategy : request.strategies) columns.push_back({strategy, Table::Align::right});
  columns.push_back({"|"});
  for (const char* title : {"walk*", "PCT-3*", "POS*", "SURW*", "best*"}) {
    columns.push_back({title, Table::Align::right});
  }
  Table table(std::move(columns));
  const std::size_t width = request.strategies.size();
  for (std::size_t p = 0; p < request.programs.size(); ++p) {
    std::vector<std::string> cells = {request.programs[p]};
    for (std::size_t s = 0; s < width; ++s) cells.push_back(entry_text(comparison.entries[p * width + s]));
    cells.push_back("|");
    if (const Published* row = find_published(request.programs[p]))
      cells.insert(cells.end(), {row->walk, row->pct, row->pos, row->surw, row->best});
    else
      cells.insert(cells.end(), 5, "-");
    table.add(std::move(cells));
  }
  return "Schedules to the first bug: mean over the trials that found it, (k/n) where k of n did.\n" + table.text() +
         other_symptoms(comparison) + "* published: " + published_source + "; another harness, other steps\n" +
         plural(request.trials, "trial", "trials") + " of at most " +
         plural(request.schedules, "schedule", "schedules") + " each, seed " + std::to_string(request.seed) + ": " +
         std::to_string(schedules_of(comparison)) + " schedules in " + elapsed(comparison.seconds) +
         (comparison.interrupted ? ", interrupted" : "") + "\n";
}

std::string comparison_json(const ComparisonRequest& request, const Comparison& comparison) {
  Json rows = Json::array();
  const std::size_t width = request.strategies.size();
  for (std::size_t p = 0; p < request.programs.size(); ++p) {
    Json entries = Json::array();
    for (std::size_t s = 0; s < width; ++s) entries.push_back(entry_json(comparison.entries[p * width + s]));
    const std::string& name = request.programs[p];
    rows.push_back({{"program", name}, {"strategies", entries}, {"published", published_json(name)}});
  }
  const Json json = {{"verb", "bench-strategies"},
                     {"trials", request.trials},
                     {"schedules", request.schedules},
                     {"seed", request.seed},
                     {"published_source", published_source},
                     {"programs", rows},
                     {"seconds", comparison.seconds},
                     {"interrupted", comparison.interrupted}};
  return json.dump(2) + "\n";
}

std::string progress_text(const PoolProgress& at) {
  const double seconds = at.seconds > 0 ? at.seconds : 1;
  return elapsed(at.seconds) + "  " + std::to_string(at.trials) + " of " + plural(at.trials_of, "trial", "trials") +
         "  " + rate(static_cast<double>(at.schedules) / seconds) + " schedules/s";
}

}  // namespace jitterbug::classic
