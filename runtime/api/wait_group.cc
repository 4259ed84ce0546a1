#include "runtime/api/wait_group.h"

#include "runtime/base/check.h"
#include "runtime/goroutine/park.h"

namespace rt {

struct ParkerCommit {
  static constexpr std::uintptr_t nobody = 0;
  static constexpr std::uintptr_t token = 1;

  static bool run(G* gp, void* argument) {
    auto* word = static_cast<os::Atomic<std::uintptr_t>*>(argument);
    std::uintptr_t expected = nobody;
    return word->cas_strong(expected, reinterpret_cast<std::uintptr_t>(gp), acq_rel, acquire);  // pairs with ready()
  }
};

void Parker::park() {
  const std::uintptr_t seen = word_.load(acquire);  // pairs with ready()
  if (seen != ParkerCommit::token) park_current(&ParkerCommit::run, &word_);
  // An exchange, not a store: either this sees what a further ready() published, or
  // its token stays for the next park().
  word_.exchange(ParkerCommit::nobody, acq_rel);  // pairs with ready()
}

void Parker::ready() {
  const std::uintptr_t was = word_.exchange(ParkerCommit::token, acq_rel);  // pairs with park() and its commit
  if (was == ParkerCommit::nobody || was == ParkerCommit::token) return;
  rt::ready(reinterpret_cast<G*>(was));
}

void WaitGroup::add(int n) { word_.fetch_add(n * one, relaxed); }  // ordered by whoever hands the work out

void WaitGroup::done() {
  const std::int64_t was = word_.fetch_sub(one, acq_rel);  // pairs with wait(): publishes the work that is done
  check(was >= one, "wait group: there is work under way when some is done");
  // Without a waiter this was the last touch: the group may be gone already.
  if (was == (one | waiting)) gate_.ready();
}

void WaitGroup::wait() {
  const std::int64_t was = word_.fetch_or(waiting, acq_rel);  // pairs with done()
  check((was & waiting) == 0, "wait group: one G waits at a time");
  if (was != 0) gate_.park();
  word_.fetch_and(~waiting, relaxed);  // owner-only word: nobody is under way
}

}  // namespace rt
