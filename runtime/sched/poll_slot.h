#pragma once
// The slot of the one thread that may block in the poller, and until when it does.
//
//   last_poll  poll_until   state
//   t > 0      0            free: nobody blocks, and the poller was last looked at at t
//   0          0            taken: its holder has not published its deadline, has come back,
//                           or waits for events only
//   0          u > 0        its holder wakes at u at the latest
//
//   from    to      by
//   free    taken   take(), by exchange: one thread gets it
//   free    free    looked(): sysmon has polled without blocking
//   taken   until   publish(), and back by withdraw()
//   taken   free    release()
//
// ---- A timer is armed while a thread goes to poll --------------------------------
//
//   M that arms a timer                     M that takes the slot
//   (D1) arm the timer                      (E1) look at the earliest timer
//   (D2) slot free?  wake an M: it          (E2) take the slot; taken?  do (D3)
//        comes to (E1) in the end           (E3) publish that timer as deadline
//   (D3) deadline later, or none?           (E4) block until the published deadline
//        break the poll
//
// Between (E2) and (E3) there is no deadline to be seen: (D3) breaks the poll, perhaps
// needlessly. (E4) keeps to the published deadline, though there may be an earlier timer by
// then: (D3) has seen that deadline, and breaks the poll for the earlier timer only.

#include "runtime/os/os.h"

namespace rt {

class PollSlot {
 public:
  // When the poller was last looked at; 0: somebody blocks.
  Instant last() const { return last_poll_.load(seq_cst); }  // pairs with take(), release() and looked()
  bool taken() const { return last() == 0; }
  // Somebody blocks who might wake later than `when`.
  bool outlasts(Instant when) const {
    const Instant until = poll_until_.load(seq_cst);  // stale is fine: a needless break
    return until == 0 || until > when;
  }

  // False: somebody else has it.
  [[nodiscard]] bool take() { return last_poll_.exchange(0, seq_cst) != 0; }  // pairs with last()
  void publish(Instant until) { poll_until_.store(until, seq_cst); }  // publishes the deadline to outlasts()
  void withdraw() { poll_until_.store(0, seq_cst); }                  // publishes to outlasts()
  void release(Instant now) { last_poll_.store(now, seq_cst); }       // pairs with last()

  // A poll without blocking. A slot that somebody took since `last` stays taken.
  void looked(Instant last, Instant now) { last_poll_.cas_strong(last, now, seq_cst, relaxed); }  // pairs with last()

 private:
  os::Atomic<Instant> last_poll_{1, "last_poll"};
  os::Atomic<Instant> poll_until_{0, "poll_until"};
};

}  // namespace rt
