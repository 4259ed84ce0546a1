#include "harness/strategy/bounded_search.h"

#include <utility>

namespace jitterbug {

bool BoundedSearch::next() {
  given_.clear();
  if (!started_) {
    started_ = true;
    return true;
  }
  if (work_.empty()) {
    if (next_bound_.empty()) return false;
    std::swap(work_, next_bound_);
    ++bound_;
  }
  repeated_ = std::move(work_.back());
  work_.pop_back();
  return true;
}

Pick BoundedSearch::pick(const Situation& s) {
  const bool goes_on = s.current_runnable && !s.current_relaxes;
  const auto count = static_cast<std::uint32_t>(s.runnable.size());
  std::uint32_t answer = 0;
  for (std::uint32_t i = 0; goes_on && i < count; ++i) {
    if (s.runnable[i].thread == s.current) answer = i;
  }
  if (!repeats()) {
    for (std::uint32_t i = count; i-- > 0;) {
      if (i == answer) continue;
      if (goes_on) leave_costly(i);
      else leave_free(i);
    }
  }
  answer = give(answer);
  return {s.runnable[answer < count ? answer : 0].thread, 1};
}

std::uint32_t BoundedSearch::choose(Question q, std::uint32_t n) {
  if (q != Question::fault) {
    for (std::uint32_t i = n; !repeats() && i-- > 1;) leave_free(i);
    return give(0);
  }
  // 0 is the fault; all other answers are the same.
  if (!repeats()) leave_costly(0);
  return give(1);
}

std::uint32_t BoundedSearch::give(std::uint32_t answer) {
  if (repeats()) answer = repeated_[given_.size()];
  given_.push_back(answer);
  return answer;
}

void BoundedSearch::leave_free(std::uint32_t answer) { leave_for(work_, answer); }

void BoundedSearch::leave_costly(std::uint32_t answer) {
  if (bound_ < bound_max_) leave_for(next_bound_, answer);
}

void BoundedSearch::leave_for(std::vector<Answers>& later, std::uint32_t answer) {
  Answers& answers = later.emplace_back(given_);
  answers.push_back(answer);
}

}  // namespace jitterbug
