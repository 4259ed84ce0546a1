#pragma once
// Replays a schedule: where a thread comes to the point of a choice, that choice is made;
// everywhere else the default order is followed. A choice whose thread cannot run is refused,
// and the replay goes on in the default order.

#include <optional>
#include <unordered_map>
#include <vector>

#include "harness/schedule/default_order.h"
#include "harness/schedule/schedule.h"
#include "harness/schedule/whereabouts.h"

namespace jitterbug {

// Not thread-safe: one strategy drives one machine. A schedule has at most one choice
// for each point; of several the first counts.
class ReplayStrategy final : public Strategy {
 public:
  // `choices` must outlive this.
  explicit ReplayStrategy(const std::vector<Choice>& choices);

  void begin(std::uint64_t seed) override;
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override;

  bool watches() const override { return true; }
  void thread_started(ThreadId thread, ThreadId parent, std::string_view role) override;
  void announces(ThreadId thread, const Op& op) override;
  void runs(ThreadId thread) override;

  // The thread that the given choice, a preemption, holds goes on after the others have taken
  // `steps` steps. 0: it is not held at all.
  void let_go_after(std::size_t choice, std::uint64_t steps);

  // The first choice that was not made, counted from 1, and why; empty: each was.
  std::string divergence() const;
  // The run came to the choice's point, and the choice was made or refused. A refused one may
  // count too: time may have passed in the attempt.
  bool reached(std::size_t choice) const { return made_[choice] || refused_[choice]; }
  // Of a preemption: the windows that its thread came to afterwards; and those it had come to
  // before, but for the last one, which is part of the point. At most
  // Whereabouts::windows_kept, the nearest first.
  const std::vector<Point>& next_windows(std::size_t choice) const { return next_windows_[choice]; }
  const std::vector<Point>& earlier_windows(std::size_t choice) const { return earlier_windows_[choice]; }
  // Of a preemption in a window: the window that its thread came to before that one, if there
  // is no operation between the two.
  const std::optional<Point>& window_before(std::size_t choice) const { return windows_before_choice_[choice]; }
  // With let_go_after(): the last operation that another thread performed before the held one
  // went on, or before the run ended. Empty: the choice was not made.
  std::optional<Point> last_before_release() const;
  // The window in which that operation consists, or the next one of its thread. Empty: none.
  std::optional<Point> window_after_release() const;
  // The step of the run at which the thread was held; 0: it was not.
  std::uint64_t held_since() const { return hold_.began; }

 private:
  // A preempted thread, until windows_kept windows after the preemption are known.
  struct Preempted {
    ThreadId thread;
    std::size_t choice;
  };
  struct Hold {
    std::size_t choice = 0;
    std::uint64_t limit = 0;
    bool wanted = false;
    bool under_way = false;
    std::uint64_t began = 0;  // step
    std::uint64_t taken = 0;  // steps since
    ThreadId held = 0;
  };

  Pick decide(const Situation& s);
  void note_step(ThreadId thread);
  void note_window(ThreadId thread);
  const Switch* switch_at(const Situation& s, std::size_t& choice);
  std::optional<Pick> make(const Situation& s, std::size_t choice, const Switch& wanted);
  Pick make_now(const Situation& s, std::size_t choice, const Switch& wanted);
  Pick follow_default(const Situation& s);
  void end_pause(ThreadId runs);
  std::optional<Pick> end_hold(const Situation& s);
  std::string why_not_made(std::size_t choice) const;

  const std::vector<Choice>& choices_;
  std::unordered_map<std::uint64_t, std::size_t> by_key_;  // never iterated
  Whereabouts where_;
  ThreadId running_ = 0;
  std::vector<bool> made_;
  std::vector<bool> refused_;  // its point was reached, but the thread to run next could not run
  std::vector<Preempted> preempted_;
  std::vector<std::vector<Point>> next_windows_;  // by choice
  std::vector<std::vector<Point>> earlier_windows_;
  std::vector<std::optional<Point>> windows_before_choice_;
  // A choice whose thread sleeps or spins waits in pauses: nobody of the others runs meanwhile.
  std::uint64_t pause_step_ = 0;
  std::size_t pause_choice_ = 0;
  std::uint32_t pauses_ = 0;  // so far; 0: no choice waits
  bool holds_ = false;  // the thread at the point could have gone on before the first pause
  DefaultOrder order_;
  Hold hold_;
  std::optional<Point> last_step_;
  ThreadId picked_ = rt::engine::no_thread;  // by the last answer
  std::vector<Point> windows_;      // with let_go_after(): every window that a thread came to
  std::size_t windows_before_ = 0;  // of them, those before last_step_
};

}  // namespace jitterbug
