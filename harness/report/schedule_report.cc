#include "harness/report/schedule_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/numbers.h"
#include "harness/run/step_text.h"
#include "harness/schedule/schedule_text.h"

namespace jitterbug {
namespace {

std::string window_text(rt::Window window) {
  const rt::WindowInfo& info = rt::window_info(window);
  return std::string(info.name) + " (" + info.id + ": " + info.sentence + ")";
}

// "its 2nd rmw in lock (sched.lock)"
std::string operation_text(const Point& point) {
  std::string text = "its " + ordinal(point.nth) + " " + to_string(point.kind) + " in " + point.file;
  if (!point.on.empty()) text += " (" + point.on + ")";
  if (point.occurrence == 0) return text + " since its start";
  const rt::WindowInfo& info = rt::window_info(point.window);
  return text + " after " + info.name + " (" + info.id + ")";
}

// What the first thread has to have done.
std::string first_text(const AdjacentPair& pair) {
  const Point& p = pair.first;
  const std::string who = to_text(p.thread);
  if (p.at_window()) return who + " passes " + window_text(p.window);
  if (p.nth == 0) return who + " starts";
  const std::string step = operation_text(p);
  if (pair.towards) return who + " takes the step to " + window_text(pair.towards->window) + ", " + step + ",";
  if (p.occurrence == 0) return who + " performs " + step;
  return who + " is past " + window_text(p.window) + ", with " + step + ",";
}

std::string held_text(const Point& p) {
  if (p.at_window()) return to_text(p.thread) + " leaves " + window_text(p.window);
  if (p.nth == 0) return to_text(p.thread) + " begins";
  return to_text(p.thread) + " performs " + operation_text(p);
}

std::string choices_text(const Minimized& m) {
  if (m.schedule.choices.empty()) return "no choice is needed: the run fails in the default order\n";
  const char* kind = m.minimal ? "1-minimal" : "shorter, not minimal";
  std::string text = std::string(kind) + " schedule, " + plural(m.schedule.choices.size(), "choice", "choices") + ":\n";
  for (std::size_t i = 0; i < m.schedule.choices.size(); ++i) {
    text += "  " + std::to_string(i + 1) + "  " + to_text(m.schedule.choices[i]) + "\n";
  }
  return text;
}

using Json = nlohmann::ordered_json;

// Those that the sentence names.
Json window_ids(const AdjacentPair& pair) {
  Json ids = Json::array();
  const rt::Window towards = pair.towards ? pair.towards->window : rt::Window::count;
  for (const rt::Window w : {pair.held.window, pair.first.window, towards}) {
    if (w == rt::Window::count) continue;
    const char* id = rt::window_info(w).id;
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  return ids;
}

Json pair_json(const AdjacentPair& pair) {
  return {{"sentence", pair_sentence(pair)}, {"choice", pair.choice + 1},   {"first", point_line(pair.first)},
          {"held", point_line(pair.held)},   {"windows", window_ids(pair)}, {"steps", pair.steps}};
}

}  // namespace

std::string pair_sentence(const AdjacentPair& pair) {
  std::string text = first_text(pair) + " before " + held_text(pair.held);
  return text + "; the other way round the run passes.";
}

std::string minimized_text(const Minimized& m) {
  std::string text = choices_text(m);
  for (const OtherFailure& other : m.others) {
    text += "  without choice " + std::to_string(other.choice + 1) + " it fails in another way: " + other.how + "\n";
  }
  if (m.another_way) text += "\nwith fewer choices it fails in another way than asked for:";
  text += "\n" + to_text(*m.record.failure) + "\n";
  if (m.pair) text += "\n" + pair_sentence(*m.pair) + "\n";
  return text + "\nfrom " + plural(m.recorded, "choice", "choices") + " in " + plural(m.runs, "run", "runs") +
         (m.crashes != 0 ? ", of which " + std::to_string(m.crashes) + " crashed" : "") + "\n";
}

std::string schedule_file_text(const Minimized& m) {
  std::string text = to_text(m.schedule);
  if (m.pair) text += "# " + pair_sentence(*m.pair) + "\n";
  return text;
}

std::string minimized_json(const Minimized& m) {
  Json choices = Json::array();
  for (const Choice& choice : m.schedule.choices) choices.push_back(to_text(choice));
  const Json json = {{"token", m.schedule.token},
                     {"oracle", number_of(m.record.failure)},
                     {"sentence", sentence_of(m.record.failure)},
                     {"choices", choices},
                     {"recorded", m.recorded},
                     {"runs", m.runs},
                     {"one_minimal", m.minimal},
                     {"passes_without_any", m.others.empty()},
                     {"another_way", m.another_way},
                     {"pair", m.pair ? pair_json(*m.pair) : Json()}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string divergence_text(const Schedule& schedule, const ScheduleReplay& replayed) {
  std::string text;
  if (!replayed.divergence.empty()) text += "diverged: " + replayed.divergence + "\n";
  const Record& record = replayed.replay.record;
  if (!record.failed() || !schedule.failure) return text;
  if (same_way(*schedule.failure, *record.failure)) return text;
  return text + "not as recorded: the schedule fails by " + to_text(*schedule.failure) + "\n";
}

}  // namespace jitterbug
