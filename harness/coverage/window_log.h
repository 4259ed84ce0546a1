#pragma once
// What the threads of one run did around the race windows they passed, written down
// by a strategy that stands before another one and sees every step of the storm.
//
// An access is one operation on an object of the seam: an atomic word, a poller, a
// pipe. A stretch is what one thread does around a window it passes: at most
// stretch_max accesses before it and as many after it, none of them beyond the
// thread's window before or after. Not thread-safe.

#include <cstdint>
#include <vector>

#include "harness/strategy/forward.h"

namespace jitterbug {

class WindowLog final : public ForwardingStrategy {
 public:
  static constexpr std::uint32_t stretch_max = 8;

  struct Access {
    std::uint32_t object;  // small numbers, no two kinds of objects share one
    ThreadId thread;
    bool writes;
  };
  // One passage of a thread through a window.
  struct Passage {
    rt::Window window;
    ThreadId thread;
    std::uint32_t arrived, left;     // accesses performed when it did
    std::uint32_t at;                // accesses of the thread itself at that moment
    std::uint32_t floor, ceiling;    // and at its windows before and after
    std::uint32_t first() const { return at - floor > stretch_max ? at - stretch_max : floor; }
    std::uint32_t end() const { return ceiling - at > stretch_max ? at + stretch_max : ceiling; }
  };

  // Forgets the run before. `decides` answers every question and sees what it wants
  // to see; it must outlive the run.
  Strategy& around(Strategy& decides);
  // The run is over: passages that were under way end here.
  void close();

  // In the order in which they were performed. The last one of a thread is missing
  // if nobody was asked who runs when the thread performed it and ended.
  const std::vector<Access>& accesses() const { return accesses_; }
  // In order of arrival.
  const std::vector<Passage>& passages() const { return passages_; }
  // The accesses of one thread, in order: indices into accesses().
  const std::vector<std::uint32_t>& accesses_of(ThreadId thread) const { return threads_[thread].own; }
  std::uint32_t objects() const { return objects_; }  // every object's number is below

  Pick pick(const Situation& s) override;
  void thread_started(ThreadId thread, ThreadId parent, std::string_view role) override;
  void announces(ThreadId thread, const Op& op) override;

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  struct Thread {
    std::vector<std::uint32_t> own;
    Op pending;                     // announced, not performed
    bool has_pending = false;
    std::uint32_t passage = none;   // the last one
    bool stands = false;            // in it
  };

  Thread& thread(ThreadId id);
  void move_on(ThreadId id);
  void perform(ThreadId id, const Op& op);
  void arrive(ThreadId id, rt::Window window);

  std::vector<Access> accesses_;
  std::vector<Passage> passages_;
  std::vector<Thread> threads_;  // by number; kept between runs for their room
  ThreadId running_ = rt::engine::no_thread;  // as far as can be seen
  std::uint32_t objects_ = 0;
};

}  // namespace jitterbug
