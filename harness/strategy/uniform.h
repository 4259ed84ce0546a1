#pragma once
// Walks that are uniform over the interleavings of the events they look at.
//
// URW, the uniform random walk: the next event is that of a thread drawn with
// probability proportional to the number of events it still has before it, those
// of threads it has yet to start included. Events are operations on objects that
// several threads share.
//
// SURW, the selective one: the same for a few events, drawn for each run: the
// operations on one shared object, or the visits to one race window. The thread
// drawn is the intended one; until it has performed its event, nobody else
// performs one, and whatever else they do is a random walk.
//
// H. Zhao et al.: Selectively uniform concurrency testing. ASPLOS 2025.
//
// How many events there are is known from earlier runs of the program. One run may have
// missed a path that others take, with other threads and objects on it, and no average
// of two paths is right for either of them. So each run draws one of the earlier runs
// that differ, and expects to be like that one: where it is, it is uniform. (Swarm
// testing draws a configuration for each run for the same reason: A. Groce, C. Zhang,
// E. Eide, Y. Chen, J. Regehr, ISSTA 2012.)
//
// A thread that the expected run had under another role, or not at all, counts as the
// average of its role. When no candidate has an event left, anybody may go on. Bursts
// as of RandomStrategy, between events.

#include <optional>
#include <string>
#include <vector>

#include "harness/strategy/faults.h"
#include "harness/strategy/profile.h"
#include "harness/strategy/strategy.h"
#include "runtime/base/rng.h"

namespace jitterbug {

struct UniformOptions {
  bool selective = false;
  std::optional<std::uint32_t> burst;  // steps of the walk between events, >= 1; drawn from {1, 4, 16, 64}
};

class UniformWalk final : public Strategy {
 public:
  explicit UniformWalk(const UniformOptions& options) : options_(options) {}

  bool wants_pilot() const override { return true; }
  bool wants_every_run() const override { return true; }
  void learn(const Pilot& pilot) override;
  void begin(std::uint64_t seed) override;
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override;

  bool watches() const override { return true; }
  void thread_started(ThreadId thread, ThreadId parent, std::string_view role) override;
  void announces(ThreadId thread, const Op& op) override;

 private:
  struct Thread {
    std::uint64_t own = 0;     // events it has yet to perform
    std::uint64_t unborn = 0;  // those of threads it has yet to start, and of theirs
    bool at_event = false;     // it has announced an event and not performed it
    std::uint64_t weight() const { return own + unborn; }
  };
  struct Expected {
    std::uint64_t own = 0;
    std::uint64_t offspring = 0;
  };

  void draw_events();
  void count_events();
  const Profile& like() const { return known_[like_]; }
  bool is_event(Target target) const;
  Expected expected_of(ThreadId id, std::string_view role) const;
  ThreadId draw_intended(const Situation& s);
  ThreadId draw_walker(const Situation& s);
  bool may_move(ThreadId id) const { return !threads_[id].at_event || intended_ == id || !someone_counts_; }

  UniformOptions options_;
  std::vector<Profile> known_{Profile()};  // of earlier runs, the last ones that differ; the first is empty
  std::size_t like_ = 0;                   // place of the one that this run is expected to be like
  std::vector<Expected> expected_;         // by number of the thread in that one

  rt::Rng rng_;
  rt::Rng walk_;
  FaultSwarm faults_;
  Target target_ = no_target;  // of the events, if they are selected
  std::uint32_t burst_mean_ = 1;
  std::uint32_t burst_left_ = 0;
  ThreadId walker_ = rt::engine::no_thread;
  ThreadId intended_ = rt::engine::no_thread;
  bool someone_counts_ = false;  // a candidate has events left
  std::vector<Thread> threads_;  // by number
};

}  // namespace jitterbug
