#include "harness/report/interleaving.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "harness/run/step_text.h"

namespace jitterbug {
namespace {

using rt::engine::OpKind;

constexpr std::size_t rows_without_elision = 60;
constexpr std::size_t near_choice = 5;  // rows shown before and after one
constexpr std::size_t near_end = 16;
constexpr std::size_t lanes_max = 7;
constexpr std::size_t last_lane_width = 46;
constexpr std::size_t margin = 29;

enum class Weight { none, minor, major };

struct Row {
  std::size_t step = 0;
  Weight weight = Weight::none;
  std::string text;
  bool deciding = false;  // a choice, or a step of the pair
  bool holds = false;     // from here on a choice holds the thread
};

std::string cut(std::string text, std::size_t width) {
  if (text.size() > width) text = text.substr(0, width > 3 ? width - 3 : 0) + "...";
  return text;
}

class Drawing {
 public:
  Drawing(const Observed& observed, const Schedule& schedule, const std::optional<AdjacentPair>& pair)
      : steps_(observed.steps), record_(observed.record), schedule_(schedule), pair_(pair) {}

  std::string draw() {
    if (steps_.empty()) return "(no interleaving: " + sentence_of(record_.failure) + ")\n";
    collect();
    thin_out();
    assign_lanes();
    std::string text = head();
    std::size_t last = 0;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (rows_[r].weight == Weight::none || !lane_of(rows_[r])) continue;
      if (r > last + 1) text += gap(rows_[last].step, rows_[r].step);
      text += line(rows_[r]);
      last = r;
    }
    return text + tail();
  }

 private:
  bool is_first(std::size_t i) {
    return seen_.insert(steps_[i].point.thread.id).second;
  }

  // The thread waits in what it announced: somebody else runs next.
  bool blocks(std::size_t i) const {
    return i + 1 == steps_.size() || steps_[i + 1].point.thread.id != steps_[i].point.thread.id;
  }

  void collect() {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      Row row = row_of(i);
      if (row.weight != Weight::none) rows_.push_back(std::move(row));
    }
  }

  Row row_of(std::size_t i) {
    const Point& p = steps_[i].point;
    Row row;
    row.step = i;
    if (is_first(i)) note(row, Weight::major, "starts");
    if (p.at_window()) {
      const rt::WindowInfo& info = rt::window_info(p.window);
      note(row, Weight::minor, std::string(info.name) + " (" + info.id + ")");
    } else if (p.kind == OpKind::futex_wait && blocks(i)) {
      note(row, Weight::minor, "parks (" + place(p) + ")");
    } else if (p.kind == OpKind::futex_wake) {
      note(row, Weight::minor, "wakes (" + place(p) + ")");
    }
    mark_choices(row, p);
    row.deciding |= pair_ && (p == pair_->first || p == pair_->held);
    if (pair_ && p == pair_->first) note(row, Weight::major, operation(row, p) + "<- before ...");
    if (pair_ && p == pair_->held) note(row, Weight::major, operation(row, p) + "<- ... this");
    return row;
  }

  // What a row is about that does not say it yet.
  static std::string operation(const Row& row, const Point& p) {
    const bool silent = row.text.empty() || row.text == "starts";
    return silent && p.nth != 0 ? std::string(to_string(p.kind)) + " " + place(p) + " " : "";
  }

  // The word, or the file of one that has no name.
  static const std::string& place(const Point& p) { return p.on.empty() ? p.file : p.on; }

  static void note(Row& row, Weight weight, const std::string& text) {
    row.weight = std::max(row.weight, weight);
    row.text += (row.text.empty() ? "" : " ") + text;
  }

  void mark_choices(Row& row, const Point& p) {
    for (std::size_t c = 0; c < schedule_.choices.size(); ++c) {
      const auto* s = std::get_if<Switch>(&schedule_.choices[c]);
      if (s == nullptr || !(s->at == p)) continue;
      note(row, Weight::major, operation(row, p) + "[" + std::to_string(c + 1) + "] -> " + to_text(s->next));
      row.holds |= s->preempts;
      row.deciding = true;
    }
  }

  // Many rows: those near a choice or near the end stay.
  void thin_out() {
    if (rows_.size() <= rows_without_elision) return;
    std::vector<bool> stays(rows_.size(), false);
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const std::size_t reach = rows_[r].deciding ? near_choice : 0;
      if (rows_[r].weight != Weight::major && r + near_end < rows_.size()) continue;
      const std::size_t end = std::min(rows_.size(), r + reach + 1);
      for (std::size_t n = r > reach ? r - reach : 0; n < end; ++n) stays[n] = true;
    }
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (!stays[r]) rows_[r].weight = Weight::none;
    }
  }

  // The threads with the weightiest rows, in order of number. One that only starts has
  // no part in it.
  void assign_lanes() {
    std::map<ThreadId, std::size_t> weight;
    for (const Row& row : rows_) {
      if (row.weight == Weight::none || row.text == "starts") continue;
      weight[steps_[row.step].point.thread.id] += row.deciding ? 1'000 : 1;
    }
    std::vector<std::pair<std::size_t, ThreadId>> order;
    for (const auto& [thread, w] : weight) order.emplace_back(w, thread);
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    if (order.size() > lanes_max) order.resize(lanes_max);
    for (const auto& [w, thread] : order) lanes_.push_back({thread});
    std::sort(lanes_.begin(), lanes_.end(), [](const Lane& a, const Lane& b) { return a.thread < b.thread; });
    const std::size_t between = lanes_.size() > 1 ? lanes_.size() - 1 : 1;
    width_ = std::min<std::size_t>((interleaving_columns - margin - last_lane_width) / between, 24);
  }

  std::optional<std::size_t> lane_of(const Row& row) const {
    for (std::size_t l = 0; l < lanes_.size(); ++l) {
      if (lanes_[l].thread == steps_[row.step].point.thread.id) return l;
    }
    return std::nullopt;
  }

  // "external#12", or as much of the role as fits: "exter#12".
  std::string short_name(ThreadId thread) const {
    for (const ObservedStep& step : steps_) {
      if (step.point.thread.id != thread) continue;
      const std::string number = "#" + std::to_string(thread);
      const std::size_t room = width_ > number.size() + 1 ? width_ - number.size() - 1 : 1;
      return step.point.thread.role.substr(0, room) + number;
    }
    return "";
  }

  std::string head() const {
    std::string text = "  step  spin need idle   Gs  ";
    for (const Lane& lane : lanes_) {
      std::string name = short_name(lane.thread);
      name.resize(width_, ' ');
      text += name;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
  }

  std::string lanes_up_to(std::size_t end) const {
    std::string text;
    for (std::size_t l = 0; l < end; ++l) {
      std::string lane(1, lanes_[l].symbol);
      lane.resize(width_, ' ');
      text += lane;
    }
    return text;
  }

  // One line, or two when the choice does not fit beside the window.
  std::string line(const Row& row) {
    const std::size_t lane = *lane_of(row);
    lanes_[lane].symbol = '|';
    const std::string left = margin_of(row.step);
    const std::size_t room = interleaving_columns - left.size() - lane * width_;
    const std::size_t mark = std::min(row.text.find(" ["), row.text.find(" <-"));
    if (row.text.size() <= room || mark == std::string::npos) return line_of(left, lane, row.text, row.holds);
    const std::string first = line_of(left, lane, row.text.substr(0, mark), false);
    return first + line_of(std::string(margin, ' '), lane, " " + row.text.substr(mark), row.holds);
  }

  std::string line_of(const std::string& left, std::size_t lane, const std::string& cell, bool holds) {
    std::string text = left + lanes_up_to(lane);
    text += cut(cell, interleaving_columns - text.size());
    if (holds) lanes_[lane].symbol = ':';
    // Lanes to the right show where the text leaves room.
    const std::string all = left + lanes_up_to(lanes_.size());
    if (text.size() + 1 < all.size()) text += " " + all.substr(text.size() + 1);
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
  }

  std::string margin_of(std::size_t step) const {
    char text[64];
    const auto& words = steps_[step].words;
    if (words)
      std::snprintf(text, sizeof text, "%6zu %5d %4d %4d %4d  ", step + 1, words->nmspinning, words->needspinning,
                    words->npidle, words->queued);
    else
      std::snprintf(text, sizeof text, "%6zu %5s %4s %4s %4s  ", step + 1, "-", "-", "-", "-");
    std::string out = text;
    out.resize(margin, ' ');
    return out;
  }

  std::string gap(std::size_t from, std::size_t to) const {
    std::string text = "   ... " + std::to_string(to - from - 1) + " steps";
    text.resize(margin, ' ');
    text += lanes_up_to(lanes_.size());
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
  }

  std::string tail() const {
    if (!record_.failed()) return "the run passes\n";
    const bool late = record_.decisions > steps_.size() + 1;
    const std::string when = late ? " after " + std::to_string(record_.decisions) + " steps" : "";
    return cut("fails" + when + ": " + to_text(*record_.failure), interleaving_columns) + "\n";
  }

  struct Lane {
    ThreadId thread;
    char symbol = ' ';
  };

  const std::vector<ObservedStep>& steps_;
  const Record& record_;
  const Schedule& schedule_;
  const std::optional<AdjacentPair>& pair_;
  std::set<ThreadId> seen_;
  std::vector<Row> rows_;
  std::vector<Lane> lanes_;
  std::size_t width_ = 12;
};

}  // namespace

std::string interleaving_text(const Observed& observed, const Schedule& schedule,
                              const std::optional<AdjacentPair>& pair) {
  return Drawing(observed, schedule, pair).draw();
}

}  // namespace jitterbug
