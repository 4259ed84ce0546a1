#include "harness/strategy/uniform.h"

#include <algorithm>
#include <iterator>

namespace jitterbug {
namespace {

using rt::engine::no_thread;
using rt::engine::OpKind;

constexpr std::uint32_t burst_means[] = {1, 4, 16, 64};

// In [0, n), for n that may take more than 32 bits.
std::uint64_t below(rt::Rng& rng, std::uint64_t n) {
  return n <= ~std::uint32_t{0} ? rng.below(static_cast<std::uint32_t>(n)) : rng.next() % n;
}

}  // namespace

// ---- The program, from the pilot run -----------------------------------------

void UniformWalk::learn(const Pilot& pilot) {
  pilot_ = pilot;
  struct Use {
    Access access;
    ThreadId thread;
  };
  std::vector<Use> uses;
  bool entered[static_cast<std::size_t>(rt::Window::count)] = {};
  for (ThreadId t = 0; t < pilot.threads.size(); ++t) {
    for (const Op& op : pilot.threads[t].operations) {
      if (op.kind == OpKind::window) entered[static_cast<std::size_t>(op.window)] = true;
      const Access access = access_of(op);
      if (access.kind != ObjectKind::none) uses.push_back({access, t});
    }
  }
  std::sort(uses.begin(), uses.end(), [](const Use& a, const Use& b) {
    return a.access.kind != b.access.kind ? a.access.kind < b.access.kind : a.access.object < b.access.object;
  });
  shared_.clear();
  for (auto first = uses.begin(); first != uses.end();) {
    const Access& a = first->access;
    const auto end = std::find_if(first, uses.end(), [&](const Use& u) {
      return u.access.kind != a.kind || u.access.object != a.object;
    });
    const bool several = std::any_of(first, end, [&](const Use& u) { return u.thread != first->thread; });
    const bool written = std::any_of(first, end, [](const Use& u) { return u.access.writes; });
    if (several && written) shared_.push_back({a.kind, a.object});
    first = end;
  }
  windows_.clear();
  for (std::size_t w = 0; w < std::size(entered); ++w) {
    if (entered[w]) windows_.push_back(static_cast<rt::Window>(w));
  }
}

bool UniformWalk::is_shared(const Access& a) const {
  const auto place = std::lower_bound(shared_.begin(), shared_.end(), a, [](const Shared& s, const Access& x) {
    return s.kind != x.kind ? s.kind < x.kind : s.object < x.object;
  });
  return place != shared_.end() && place->kind == a.kind && place->object == a.object;
}

bool UniformWalk::is_event(const Op& op) const {
  if (by_window_) return op.kind == OpKind::window && op.window == window_;
  const Access a = access_of(op);
  if (a.kind == ObjectKind::none) return false;
  if (options_.selective) return a.kind == object_.kind && a.object == object_.object;
  return is_shared(a);
}

void UniformWalk::draw_events() {
  by_window_ = options_.selective && !windows_.empty() && (shared_.empty() || rng_.one_in(2));
  object_ = {ObjectKind::none, 0};
  if (by_window_) {
    window_ = windows_[rng_.below(static_cast<std::uint32_t>(windows_.size()))];
  } else if (!shared_.empty()) {
    object_ = shared_[rng_.below(static_cast<std::uint32_t>(shared_.size()))];
  }
}

void UniformWalk::count_events() {
  expected_.assign(pilot_.threads.size(), {});
  for (std::size_t t = expected_.size(); t-- > 0;) {  // children have higher numbers than their parents
    const Pilot::Thread& thread = pilot_.threads[t];
    expected_[t].own = static_cast<std::uint64_t>(
        std::count_if(thread.operations.begin(), thread.operations.end(), [&](const Op& op) { return is_event(op); }));
    if (thread.parent < t) expected_[thread.parent].offspring += expected_[t].own + expected_[t].offspring;
  }
}

UniformWalk::Expected UniformWalk::expected_of(ThreadId id, std::string_view role) const {
  if (id < pilot_.threads.size() && pilot_.threads[id].role == role) return expected_[id];
  std::uint64_t sum = 0;
  std::uint64_t count = 0;
  for (std::size_t t = 0; t < expected_.size(); ++t) {
    if (pilot_.threads[t].role != role) continue;
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
  t.at_event = is_event(op);
  // The pilot may have seen fewer. A thread without weight would wait for all others.
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
