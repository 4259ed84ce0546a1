#pragma once
// Spinners: Ms that have a P and no work, and search all queues for a while before they park.
//
// There should be as many running Ms as there is work, and no more. A thread that submits
// work starts a spinner if there is none; a spinner that finds work starts the next one, so
// a burst unfolds into as many Ms as it feeds. Two words keep count:
//
//   nmspinning    Ms that search, or that are being started to search
//   needspinning  1 is a request: somebody has work and found no idle P to start an M on.
//                 The next M that is about to idle its P spins instead
//
//   transition                nmspinning  needspinning  when
//   raise_first()             0 -> 1                    a wake is about to start an M
//   raise_first_and_search()  0 -> 1      -> 0          a P is about to idle, and nobody searches
//   become()                  +1          -> 0          an M with a P begins to search
//   answer()                  +1          -> 0          a P is about to idle, and finds a request
//   stop()                    -1                        a spinner has found work, or gives up
//   lower()                   -1                        the M that was to be started is not
//   request()                             -> 1          there is work and no idle P
//
// ---- Submitting work and giving up the search ------------------------------------
//
//   submitter                          spinner that gives up
//   (A1) queue the G                   (B1) put the P on the idle list
//   (A2) full barrier                  (B2) nmspinning -= 1
//   (A3) nmspinning > 0?  done         (B3) full barrier
//   (A4) start a spinner               (B4) look at all queues again; work?  take
//                                           a P back and spin on
//
// Either (A3) sees no spinner, or (B4) sees the G. Both barriers are the seq_cst
// operations at (A1), (A3), (B2), (B4).
//
// ---- Requesting a spinner ---------------------------------------------------------
//
// An M that never spun (spinners are limited) parks without (B4). It may idle its P just
// when a submitter looks for one in vain. Both act under the scheduler lock:
//
//   requester                          M about to idle its P
//   (R1) no P on the idle list         (I1) needspinning set?  spin
//   (R2) needspinning = 1              (I2) otherwise put the P on the idle list
//
// Either (R1) finds the P of (I2), or (I1) finds the request.
//
// ---- A wake that fails --------------------------------------------------------------
//
// It has raised nmspinning before it looked for a P, and other submitters may have relied
// on that at (A3). It leaves a request for them too, in the same section of the lock:
//
//   wake that finds no P               spinner, without the lock
//   (W1) nmspinning -= 1               (S1) becomes one: clears the request
//   (W2) needspinning = 1              (S2) finds work and stops; nmspinning > 0?  starts
//                                           no successor
//
// In this order a request that (S1) clears finds (S2) looking at a count that has fallen.
// The other way round, (W2) (S1) (S2) (W1) leaves neither a request nor a spinner.
//
// Rejected: to look at the number of idle Ps, without the lock, before (R2) (a P may go
// idle right after the look); to test the request at (I1) before taking the lock.

#include <cstdint>

#include "runtime/base/check.h"
#include "runtime/os/os.h"
#include "runtime/os/statistic.h"
#include "runtime/sched/held.h"

namespace rt {

struct M;

class Spinners {
 public:
  // How many there are. Only raise_first() decides that there is none.
  std::int32_t count() const { return nmspinning_.load(seq_cst); }  // (A3) pairs with (B2)

  // On behalf of an M that is about to be started. False: there is a spinner already.
  [[nodiscard]] bool raise_first() {
    std::int32_t expected = 0;
    return nmspinning_.cas_strong(expected, 1, seq_cst, relaxed);  // (A3) pairs with (B2)
  }
  [[nodiscard]] bool raise_first_and_search();
  // That M is not started after all.
  void lower() {
    const std::int32_t was = nmspinning_.fetch_sub(1, seq_cst);  // (B2) pairs with (A3)
    check(was > 0, "spinners: nmspinning is not negative");
  }

  void become(M* mp);
  void stop(M* mp);

  void request(Held) {
    const std::uint32_t was = needspinning_.exchange(1, seq_cst);  // publishes the request to requested()
    if (was == 0) requests_.add(1);
  }
  bool requested(Held) const { return needspinning_.load(seq_cst) != 0; }  // ordered by the scheduler lock
  // mp, or the M that is about to be started, spins because of the request.
  void answer(Held, M* mp);
  void answer(Held);
  // By a spinner that is counted and will search.
  void clear_request();

  // For observers.
  std::int32_t count_now() const { return nmspinning_.peek(); }
  std::uint32_t requested_now() const { return needspinning_.peek(); }
  std::uint64_t requests() const { return requests_.get(); }
  std::uint64_t answers() const { return answers_.get(); }

 private:
  void raise_and_search();

  os::Atomic<std::int32_t> nmspinning_{0, "nmspinning"};
  os::Atomic<std::uint32_t> needspinning_{0, "needspinning"};
  Statistic<std::uint64_t> requests_{0};  // times needspinning went from 0 to 1
  Statistic<std::uint64_t> answers_{0};
};

}  // namespace rt
