#include "harness/minimize/reduce.h"

#include <algorithm>
#include <iterator>

#include "harness/minimize/pair.h"

namespace jitterbug {
namespace {

// The search for a simpler run ends after so many runs, or steps, or failing runs. Of the
// failing ones so many are reduced, and more only while none has a pair of the best rank.
constexpr std::uint64_t samples_max = 3'000;
constexpr std::uint64_t sampled_steps_max = 3'000'000;
constexpr std::size_t found_max = 8;
constexpr std::size_t found_enough = 4;

bool stands_at_window(const Choice& choice) {
  const auto* s = std::get_if<Switch>(&choice);
  return s != nullptr && s->preempts && s->at.at_window();
}

bool is_known(const Point& point) { return point.at_window() && is_known_race(point.window); }

class Reduction {
 public:
  Reduction(Attempts& attempts, Choices choices) : attempts_(attempts), choices_(std::move(choices)) {}

  Choices run() {
    keep(attempts_.run(choices_));
    drop();
    for (std::size_t i = 0; i < choices_.size() && !attempts_.exhausted(); ++i) drop_pauses(i);
    for (std::size_t i = 0; i < choices_.size() && !attempts_.exhausted(); ++i) move_to_window(i);
    while (sweep(1)) {
    }
    return std::move(choices_);
  }

 private:
  // Leaves out the choices whose points the failing run did not come to.
  void keep(const Attempt& attempt) {
    Choices kept;
    for (std::size_t i = 0; i < choices_.size(); ++i) {
      if (attempt.reached[i]) kept.push_back(std::move(choices_[i]));
    }
    choices_ = std::move(kept);
  }

  bool accept(Choices candidate) {
    const Attempt attempt = attempts_.run(candidate);
    if (!attempt.same()) return false;
    choices_ = std::move(candidate);
    keep(attempt);
    return true;
  }

  // Tries to do without `size` choices at a time, from the last ones on. True: some were left
  // out.
  bool sweep(std::size_t size) {
    bool any = false;
    for (std::size_t end = choices_.size(); end > 0 && !attempts_.exhausted();) {
      const std::size_t from = end > size ? end - size : 0;
      Choices rest(choices_.begin(), choices_.begin() + static_cast<std::ptrdiff_t>(from));
      rest.insert(rest.end(), choices_.begin() + static_cast<std::ptrdiff_t>(end), choices_.end());
      if (accept(std::move(rest))) any = true;
      end = std::min(from, choices_.size());
    }
    return any;
  }

  void drop() {
    for (std::size_t size = std::max<std::size_t>(choices_.size(), 1); size > 1; size = (size + 1) / 2) {
      sweep(size);
      size = std::min(size, std::max<std::size_t>(choices_.size(), 2));
    }
    while (sweep(1)) {
    }
  }

  void drop_pauses(std::size_t i) {
    const auto* s = std::get_if<Switch>(&choices_[i]);
    if (s == nullptr || s->pauses == 0) return;
    Choices candidate = choices_;
    std::get<Switch>(candidate[i]).pauses = 0;
    accept(std::move(candidate));
  }

  // Moves a preemption to a window nearby if the run fails with it there, too. Tried in this
  // order: windows that cite an issue, before the point and behind it; the first of several
  // windows that follow each other without an operation in between; the window that the
  // thread passed last; the one it comes to next.
  void move_to_window(std::size_t i) {
    const auto* s = std::get_if<Switch>(&choices_[i]);
    if (s == nullptr || !s->preempts) return;
    const Around around = attempts_.run(choices_).around[i];
    std::vector<Point> places;
    const Point last{s->at.thread, s->at.window, s->at.occurrence, rt::engine::OpKind::count, {}, 0};
    if (!is_known(s->at)) {
      if (is_known(last)) places.push_back(last);
      std::copy_if(around.earlier.begin(), around.earlier.end(), std::back_inserter(places), is_known);
      std::copy_if(around.next.begin(), around.next.end(), std::back_inserter(places), is_known);
    }
    if (around.just_before && (is_known(around.earlier.front()) || !is_known(s->at)))
      places.push_back(around.earlier.front());
    if (!s->at.at_window()) {
      if (last.occurrence != 0) places.push_back(last);
      if (!around.next.empty()) places.push_back(around.next.front());
    }
    for (const Point& place : places) {
      Choices candidate = choices_;
      std::get<Switch>(candidate[i]).at = place;
      const bool taken = std::any_of(choices_.begin(), choices_.end(), [&](const Choice& c) {
        const auto* other = std::get_if<Switch>(&c);
        return other != nullptr && other->preempts && other->at == place;
      });
      if (!taken && accept(std::move(candidate))) return;
    }
  }

  Attempts& attempts_;
  Choices choices_;
};

bool has_fault(const Choices& choices) {
  return std::any_of(choices.begin(), choices.end(), [](const Choice& c) {
    const auto* a = std::get_if<Answer>(&c);
    return a != nullptr && a->question == Question::fault;
  });
}

// Fewer choices; of equally many, more of them at windows.
bool simpler(const Choices& a, const Choices& b) {
  if (a.size() != b.size()) return a.size() < b.size();
  return std::count_if(a.begin(), a.end(), stands_at_window) > std::count_if(b.begin(), b.end(), stands_at_window);
}

}  // namespace

Choices reduce(Attempts& attempts, Choices choices) { return Reduction(attempts, std::move(choices)).run(); }

std::optional<Choices> find_simpler(Attempts& attempts, const Choices& choices) {
  const bool faults = has_fault(choices);
  // late: failed in the calm, where the machine takes turns and choices have no effect. Used
  // only if nothing fails in the storm.
  std::vector<Choices> found, late;
  std::uint64_t steps = 0;
  for (std::uint64_t i = 0; i < samples_max && found.size() < found_max && steps <= sampled_steps_max; ++i) {
    Sample sample = attempts.sample(i, faults);
    steps += sample.steps;
    if (!sample.choices) continue;
    std::vector<Choices>& kept = sample.steps < attempts.plan().storm_steps ? found : late;
    if (kept.size() < found_max) kept.push_back(std::move(*sample.choices));
  }
  if (found.empty()) found = std::move(late);
  std::optional<Choices> best;
  int best_rank = 0;
  for (std::size_t i = 0; i < found.size() && (i < found_enough || best_rank < best_pair_rank); ++i) {
    Choices reduced = reduce(attempts, std::move(found[i]));
    const int rank = find_pair(attempts, reduced).rank;
    if (best && (rank != best_rank ? rank < best_rank : !simpler(reduced, *best))) continue;
    best = std::move(reduced);
    best_rank = rank;
  }
  return best;
}

}  // namespace jitterbug
