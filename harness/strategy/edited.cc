#include "harness/strategy/edited.h"

#include <algorithm>

namespace jitterbug {
namespace {

using rt::engine::no_thread;

constexpr std::uint64_t turn_max = 4'096;  // steps, of a turn that ends at a race window

// A hold must not outlast what a scheduler tolerates as bad luck.
constexpr rt::Duration nap_max = 1 * rt::millisecond;
constexpr std::uint32_t naps_max = 8;

const Candidate* candidate(const Situation& s, ThreadId thread) {
  const auto found = std::find_if(s.runnable.begin(), s.runnable.end(),
                                  [&](const Candidate& c) { return c.thread == thread; });
  return found != s.runnable.end() ? &*found : nullptr;
}

}  // namespace

void EditedStrategy::begin(std::uint64_t seed) {
  decides_.begin(seed);
  replaced_ = false;
  next_ = 0;
  holds_.clear();
  naps_ = 0;
  turn_ = no_thread;
}

Pick EditedStrategy::pick(const Situation& s) {
  std::erase_if(holds_, [&](const Hold& hold) { return hold.until <= s.step; });
  make_due_edits(s);
  if (has_turn(s)) {
    const auto left = static_cast<std::uint32_t>(turn_end_ - s.step);
    return until_next_edit({turn_, left, turn_stops_ ? race_points : 0}, s);
  }
  turn_ = no_thread;
  return until_next_edit(holds_.empty() ? chooser().pick(s) : pick_among_free(s), s);
}

void EditedStrategy::make_due_edits(const Situation& s) {
  while (next_ < edits_.size() && edits_[next_].at <= s.step && make(edits_[next_], s)) {
    ++next_;
    naps_ = 0;
  }
}

// False: its occasion has not come.
bool EditedStrategy::make(const Edit& edit, const Situation& s) {
  const std::uint64_t end = s.step + (std::uint64_t{1} << edit.length_log2);
  switch (edit.kind) {
    case EditKind::windows:
      windows_.begin(edit.value);
      replaced_ = true;
      return true;
    case EditKind::run:
      turn_ = s.runnable[edit.value % s.runnable.size()].thread;
      turn_stops_ = edit.length_log2 == Edit::run_log2_max;
      turn_end_ = turn_stops_ ? s.step + turn_max : end;
      std::erase_if(holds_, [&](const Hold& hold) { return hold.thread == turn_; });
      return true;
    case EditKind::hold: {
      const Candidate* current = s.current_runnable && !s.current_relaxes ? candidate(s, s.current) : nullptr;
      if (current == nullptr || !is_race_point(current->op) || held(s.current)) return false;
      if (turn_ == s.current) turn_ = no_thread;
      holds_.push_back({s.current, end});
      return true;
    }
  }
  return true;
}

bool EditedStrategy::held(ThreadId thread) const {
  return std::any_of(holds_.begin(), holds_.end(), [&](const Hold& hold) { return hold.thread == thread; });
}

// A turn ends early where its thread cannot go on, and at a race window if it is to.
bool EditedStrategy::has_turn(const Situation& s) const {
  if (turn_ == no_thread || s.step >= turn_end_) return false;
  const Candidate* mine = candidate(s, turn_);
  if (mine == nullptr || (s.current == turn_ && s.current_relaxes)) return false;
  return s.current != turn_ || !turn_stops_ || !is_race_point(mine->op);
}

Pick EditedStrategy::pick_among_free(const Situation& s) {
  free_.clear();
  for (const Candidate& c : s.runnable) {
    if (!held(c.thread)) free_.push_back(c);
  }
  if (free_.empty()) return pick_when_all_are_held(s);
  Situation seen = s;
  seen.runnable = free_;
  seen.current_runnable = s.current_runnable && !held(s.current);
  Pick pick = chooser().pick(seen);
  // The machine would take another pick for the first of all, which may be held.
  if (pick.thread != no_thread && candidate(seen, pick.thread) == nullptr) pick.thread = free_.front().thread;
  return pick;
}

// Spinners may burn the steps; of sleepers a few may wake. Then whoever is held first
// goes on.
Pick EditedStrategy::pick_when_all_are_held(const Situation& s) {
  if (s.spinning != 0) return {no_thread};
  const bool someone_is_near = s.next_deadline != rt::forever && s.next_deadline - s.now <= nap_max;
  if (someone_is_near && ++naps_ <= naps_max) return {no_thread};
  const auto first = std::min_element(holds_.begin(), holds_.end(),
                                      [](const Hold& a, const Hold& b) { return a.until < b.until; });
  const ThreadId goes_on = candidate(s, first->thread) != nullptr ? first->thread : s.runnable.front().thread;
  std::erase_if(holds_, [&](const Hold& hold) { return hold.thread == goes_on; });
  return {goes_on};
}

// Where an edit is due or a hold ends, the machine asks again.
Pick EditedStrategy::until_next_edit(Pick pick, const Situation& s) const {
  std::uint64_t next = ~std::uint64_t{0};
  for (const Hold& hold : holds_) next = std::min(next, hold.until);
  if (next_ < edits_.size()) {
    if (edits_[next_].at <= s.step) pick.stop_at |= race_points;
    else next = std::min(next, edits_[next_].at);
  }
  if (next > s.step) pick.slice = static_cast<std::uint32_t>(std::min<std::uint64_t>(pick.slice, next - s.step));
  return pick;
}

}  // namespace jitterbug
