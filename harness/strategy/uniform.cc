#include "harness/strategy/uniform.h"

#include <algorithm>
#include <iterator>

namespace jitterbug {
namespace {

using rt::engine::no_thread;

constexpr std::uint32_t burst_means[] = {1, 4, 16, 64};

// Programs have few paths, and noise in the counts makes more of them.
constexpr std::size_t profiles_max = 16;

// In [0, n), for n that may take more than 32 bits.
std::uint64_t below(rt::Rng& rng, std::uint64_t n) {
  return n <= ~std::uint32_t{0} ? rng.below(static_cast<std::uint32_t>(n)) : rng.next() % n;
}

}  // namespace

// ---- The program, from earlier runs --------------------------------------------

void UniformWalk::learn(const Pilot& run) {
  Profile profile(run);
  const auto is_known = [&](const Profile& known) { return alike(known, profile); };
  if (std::any_of(known_.begin(), known_.end(), is_known)) return;
  if (known_.size() == profiles_max || known_.front().threads.empty()) known_.erase(known_.begin());
  known_.push_back(std::move(profile));
}

bool UniformWalk::is_event(Target target) const {
  if (target == no_target) return false;
  return options_.selective ? target == target_ : like().is_shared(target);
}

void UniformWalk::draw_events() {
  const std::vector<Target>& windows = like().windows;
  const std::vector<Target>& shared = like().shared;
  const bool by_window = options_.selective && !windows.empty() && (shared.empty() || rng_.one_in(2));
  const std::vector<Target>& targets = by_window ? windows : shared;
  target_ = targets.empty() ? no_target : targets[rng_.below(static_cast<std::uint32_t>(targets.size()))];
}

void UniformWalk::count_events() {
  const std::vector<Profile::Thread>& threads = like().threads;
  expected_.assign(threads.size(), {});
  for (const Profile::Use& use : like().uses) {
    if (is_event(use.target)) expected_[use.thread].own += use.times;
  }
  for (std::size_t t = threads.size(); t-- > 0;) {  // children have higher numbers than their parents
    const ThreadId parent = threads[t].parent;
    if (parent < t) expected_[parent].offspring += expected_[t].own + expected_[t].offspring;
  }
}

UniformWalk::Expected UniformWalk::expected_of(ThreadId id, std::string_view role) const {
  const std::vector<Profile::Thread>& threads = like().threads;
  if (id < threads.size() && threads[id].role == role) return expected_[id];
  std::uint64_t sum = 0;
  std::uint64_t count = 0;
  for (std::size_t t = 0; t < expected_.size(); ++t) {
    if (threads[t].role != role) continue;
    sum += expected_[t].own;
    ++count;
  }
  return {count == 0 ? 0 : (sum + count - 1) / count, 0};
}

// ---- The run -------------------------------------------------------------------

void UniformWalk::begin(std::uint64_t seed) {
  rng_ = rt::Rng(seed);
  walk_ = rng_.fork(1);
  faults_.begin(rng_.fork(2));
  const std::uint32_t mean = burst_means[rng_.below(std::size(burst_means))];
  burst_mean_ = options_.burst.value_or(mean);
  like_ = known_.size() == 1 ? 0 : rng_.below(static_cast<std::uint32_t>(known_.size()));
  draw_events();
  count_events();
  burst_left_ = 0;
  walker_ = no_thread;
  intended_ = no_thread;
  someone_counts_ = false;
  threads_.clear();
}

std::uint32_t UniformWalk::choose(Question q, std::uint32_t n) {
  return q == Question::fault ? faults_.answer(n) : rng_.below(n);
}

void UniformWalk::thread_started(ThreadId id, ThreadId parent, std::string_view role) {
  if (threads_.size() <= id) threads_.resize(id + 1);
  const Expected expected = expected_of(id, role);
  threads_[id] = {expected.own, expected.offspring, false};
  if (parent == id) return;
  Thread& from = threads_[parent];
  const std::uint64_t weight = std::max(from.weight(), threads_[id].weight());
  // An event of its offspring was intended: is it one of this child?
  if (intended_ == parent && below(rng_, weight) < threads_[id].weight()) intended_ = id;
  from.unborn -= std::min(from.unborn, threads_[id].weight());
}

void UniformWalk::announces(ThreadId id, const Op& op) {
  Thread& t = threads_[id];
  if (t.at_event) {
    t.own -= std::min<std::uint64_t>(t.own, 1);
    if (intended_ == id) intended_ = no_thread;
  }
  t.at_event = is_event(target_of(op));
  // The expected run may have had fewer. A thread without weight would wait for all others.
  if (t.at_event) t.own = std::max<std::uint64_t>(t.own, 1);
}

Pick UniformWalk::pick(const Situation& s) {
  const auto is_intended = [&](const Candidate& c) { return c.thread == intended_; };
  if (std::none_of(s.runnable.begin(), s.runnable.end(), is_intended)) intended_ = draw_intended(s);
  return {draw_walker(s), 1};
}

ThreadId UniformWalk::draw_intended(const Situation& s) {
  std::uint64_t total = 0;
  for (const Candidate& c : s.runnable) total += threads_[c.thread].weight();
  someone_counts_ = total != 0;
  if (total == 0) return no_thread;
  std::uint64_t ticket = below(rng_, total);
  for (const Candidate& c : s.runnable) {
    const std::uint64_t weight = threads_[c.thread].weight();
    if (ticket < weight) return c.thread;
    ticket -= weight;
  }
  return no_thread;
}

ThreadId UniformWalk::draw_walker(const Situation& s) {
  std::uint32_t movers = 0;
  bool goes_on = false;
  for (const Candidate& c : s.runnable) {
    if (!may_move(c.thread)) continue;
    ++movers;
    goes_on = goes_on || c.thread == walker_;
  }
  if (goes_on && burst_left_ != 0) {
    --burst_left_;
    return walker_;
  }
  std::uint32_t ticket = walk_.below(movers);
  walker_ = s.runnable.front().thread;
  for (const Candidate& c : s.runnable) {
    if (!may_move(c.thread)) continue;
    walker_ = c.thread;
    if (ticket-- == 0) break;
  }
  burst_left_ = burst_mean_ == 1 ? 0 : walk_.below(2 * burst_mean_ - 1);
  return walker_;
}

}  // namespace jitterbug
