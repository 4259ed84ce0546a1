#pragma once
// Records the schedule of a run that another strategy decides: every decision that differs
// from the default order.

#include <functional>
#include <utility>
#include <vector>

#include "harness/schedule/default_order.h"
#include "harness/schedule/schedule.h"
#include "harness/schedule/whereabouts.h"
#include "harness/strategy/forward.h"

namespace jitterbug {

// Not thread-safe: one recorder drives one machine.
class Recorder final : public ForwardingStrategy {
 public:
  // Called after each choice, with all choices so far.
  using Told = std::function<void(const std::vector<Choice>&)>;

  // `decides` must outlive this.
  explicit Recorder(Strategy& decides, Told told = {}) : ForwardingStrategy(decides), told_(std::move(told)) {}

  void begin(std::uint64_t seed) override;
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override;
  void thread_started(ThreadId thread, ThreadId parent, std::string_view role) override;
  void announces(ThreadId thread, const Op& op) override;
  void runs(ThreadId thread) override;

  // What differed from the default order since begin().
  const std::vector<Choice>& choices() const { return choices_; }

 private:
  // The strategy lets nobody run at this point, so that a spinner has a turn or time passes.
  // The choice is complete when some thread runs.
  struct Rest {
    Switch decision;
    std::uint64_t step = 0;
    ThreadId current = 0;
    bool under_way = false;
    bool differs = false;  // from the default order
    bool holds = false;    // the current thread could have gone on
  };

  void add(Choice choice);
  void rests(const Situation& s);
  void continues(const Situation& s, ThreadId next);
  void end_rest(ThreadId next);
  bool resting_at(const Situation& s) const {
    return rest_.under_way && rest_.step == s.step && rest_.current == s.current;
  }

  Told told_;
  Whereabouts where_;
  ThreadId running_ = 0;
  DefaultOrder order_;
  Rest rest_;
  std::vector<Choice> choices_;
};

}  // namespace jitterbug
