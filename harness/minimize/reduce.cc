#include "harness/minimize/reduce.h"

#include <algorithm>

namespace jitterbug {
namespace {

constexpr std::uint64_t samples_max = 3'000;
constexpr std::uint64_t sampled_steps_max = 3'000'000;
constexpr std::size_t found_max = 6;

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
  // Leaves out what a failing run did not come to.
  void keep(const Attempt& attempt) {
    Choices kept;
    for (std::size_t i = 0; i < choices_.size(); ++i) {
      if (attempt.mattered[i]) kept.push_back(std::move(choices_[i]));
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

  // Tries to do without `size` choices at a time, from the last ones on; true: some
  // were too many.
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

  // The window the thread passed last, or the one it would come to next. In a row of
  // windows without an operation in between, the first.
  void move_to_window(std::size_t i) {
    const auto* s = std::get_if<Switch>(&choices_[i]);
    if (s == nullptr || !s->preempts) return;
    std::vector<Point> places;
    const Attempt attempt = attempts_.run(choices_);
    if (const auto& before = attempt.windows_before[i]) places.push_back(*before);
    if (!s->at.at_window()) {
      if (s->at.occurrence != 0) places.push_back(Point{s->at.thread, s->at.window, s->at.occurrence, {}, {}, 0});
      if (const auto& next = attempt.next_windows[i]) places.push_back(*next);
    }
    for (Point& place : places) {
      if (place.nth == 0) place.kind = rt::engine::OpKind::count;
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
  const auto at_window = [](const Choice& c) {
    const auto* s = std::get_if<Switch>(&c);
    return s != nullptr && s->preempts && s->at.at_window();
  };
  return std::count_if(a.begin(), a.end(), at_window) > std::count_if(b.begin(), b.end(), at_window);
}

}  // namespace

Choices reduce(Attempts& attempts, Choices choices) { return Reduction(attempts, std::move(choices)).run(); }

std::optional<Choices> find_simpler(Attempts& attempts, const Choices& choices) {
  const bool faults = has_fault(choices);
  std::vector<Choices> found;
  std::uint64_t steps = 0;
  for (std::uint64_t i = 0; i < samples_max && found.size() < found_max && steps <= sampled_steps_max; ++i) {
    Attempts::Sample sample = attempts.sample(i, faults);
    steps += sample.steps;
    if (sample.choices) found.push_back(std::move(*sample.choices));
  }
  std::optional<Choices> best;
  bool best_calm = false;  // it fails in the calm, by turns that no choice decides
  for (Choices& candidate : found) {
    Choices reduced = reduce(attempts, std::move(candidate));
    const bool calm = attempts.run(reduced).steps >= attempts.plan().storm_steps;
    if (best && (calm != best_calm ? calm : !simpler(reduced, *best))) continue;
    best = std::move(reduced);
    best_calm = calm;
  }
  return best;
}

}  // namespace jitterbug
