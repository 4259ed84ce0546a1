#pragma once
// Threads are held in a few kinds of race window.
//
// Each run draws which kinds of race point it is about: race windows by name, the
// wake of a sleeper, the start of a thread. A thread that arrives at one of them is
// held there for some hundred steps, at each visit or at a few of them, while the
// others go on as if nothing had happened. Few defects need more than one or two
// windows open at once, and a thread that is held in all of them gets to none;
// holding at a subset leaves the way there and the way out undisturbed.
//
// A pilot run counts the visits to each kind, so that the few holds fall anywhere in
// the run, and a kind that is met often gets as many as one that is rare.
//
// The hold is that of K. Sen: Race directed random testing of concurrent programs
// (PLDI 2008), where the scheduler's own windows stand for the racing statements.
// The subset is swarm testing: A. Groce, C. Zhang, E. Eide, Y. Chen, J. Regehr
// (ISSTA 2012).
//
// Threads that are not held run by random priorities or in bursts of random length.
// When all are held: see holds.h.

#include <array>
#include <bitset>
#include <optional>
#include <vector>

#include "harness/strategy/faults.h"
#include "harness/strategy/holds.h"
#include "harness/strategy/strategy.h"
#include "runtime/base/rng.h"

namespace jitterbug {

// What is not fixed here is drawn from the seed of each run.
struct WindowsOptions {
  std::optional<std::uint32_t> kinds_one_in;  // of so many kinds of race point the run is about one
  std::optional<std::uint32_t> holds;         // of the visits to a kind, about so many; 0: all
  std::optional<std::uint32_t> hold_steps;    // mean length of a hold
  std::optional<std::uint32_t> burst_mean;    // steps; 0: threads run by priority
};

class WindowsStrategy final : public Strategy {
 public:
  explicit WindowsStrategy(const WindowsOptions& options = {}) : fixed_(options) {}

  bool wants_pilot() const override { return true; }
  void learn(const Pilot& pilot) override;
  void begin(std::uint64_t seed) override;
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override;

  // Is the run about this operation? As of the last begin().
  bool is_about(const Op& op) const;

 private:
  static constexpr std::size_t kinds = static_cast<std::size_t>(rt::Window::count) + 2;

  // The kind of a race point.
  static std::size_t kind_of(const Op& op);

  std::uint64_t& priority(ThreadId id);
  void consider_hold(const Situation& s);
  ThreadId draw_thread(const Situation& s);
  ThreadId draw_by_priority(const Situation& s);
  std::uint32_t draw_slice(const Situation& s);

  WindowsOptions fixed_;
  std::array<std::uint32_t, kinds> visits_ = {};  // of the pilot run
  rt::Rng rng_;
  rt::Rng walk_;
  FaultSwarm faults_;
  std::bitset<kinds> about_;          // by window; then wakes, then starts
  std::uint32_t holds_ = 0;           // of each kind; 0: all
  std::uint32_t hold_steps_ = 1;
  std::uint32_t burst_mean_ = 0;
  bool naps_ = false;                 // time may pass when all are held
  std::uint64_t burst_end_ = 0;       // step
  std::uint64_t considered_at_ = 0;   // the step at which a hold was last considered
  Holds held_;
  std::vector<std::uint64_t> priorities_;  // by thread
};

}  // namespace jitterbug
