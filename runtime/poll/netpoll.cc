#include "runtime/poll/netpoll.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "runtime/base/check.h"
#include "runtime/base/limits.h"
#include "runtime/base/memory.h"
#include "runtime/goroutine/park.h"

namespace rt {

Netpoll::Netpoll() {
  if (poller_.open()) return;
  char line[100];
  std::snprintf(line, sizeof line, "no poller for the runtime: %s", strerrordesc_np(errno));
  os::fatal(Fatal::refused, line);
}

Netpoll::~Netpoll() { poller_.close(); }

PollDesc* Netpoll::open(Descriptor fd) {
  PollDesc* pd = nullptr;
  {
    LockGuard guard(lock_);
    pd = free_;
    if (pd != nullptr) {
      free_ = pd->link;
    } else {
      if (!allocated([&] { all_.push_back(std::make_unique<PollDesc>()); })) return nullptr;
      pd = all_.back().get();
    }
  }
  pd->serve(fd);
  pd->in.store(none, release);   // publishes a fresh word to deliver()
  pd->out.store(none, release);  // publishes a fresh word to deliver()
  if (poller_.add(fd, pd)) return pd;
  LockGuard guard(lock_);
  pd->link = free_;
  free_ = pd;
  return nullptr;
}

void Netpoll::close(PollDesc* pd, Descriptor fd) {
  poller_.remove(fd);
  LockGuard guard(lock_);
  pd->link = free_;
  free_ = pd;
}

struct PollCommit {
  Netpoll* poll;
  os::Atomic<std::uintptr_t>* word;

  // The G is waiting now. If its event has come meanwhile, it takes the park back.
  static bool run(G* gp, void* argument) {
    auto* c = static_cast<PollCommit*>(argument);
    Netpoll* poll = c->poll;
    os::Atomic<std::uintptr_t>& word = *c->word;
    // Counted before it can be readied, or the count would dip below zero.
    poll->waiters_.fetch_add(1, seq_cst);  // pairs with waiters()
    os::race_window(Window::netpollblock_commit);
    std::uintptr_t expected = Netpoll::waiting;
    if (word.cas_strong(expected, reinterpret_cast<std::uintptr_t>(gp), acq_rel, acquire))  // pairs with deliver()
      return true;
    const std::int32_t were = poll->waiters_.fetch_sub(1, seq_cst);  // pairs with waiters()
    if (were == 1) poll->wake();  // who blocks because of this wait has nothing to wait for
    return false;
  }
};

void Netpoll::wait(PollDesc* pd, Direction d) {
  os::Atomic<std::uintptr_t>& word = pd->word(d);
  std::uintptr_t seen = none;
  if (!word.cas_strong(seen, waiting, acq_rel, acquire)) {  // pairs with deliver()
    check(seen == ready, "netpoll: one G waits for a direction at a time");
    // An exchange: an event that comes now must not be overwritten unseen.
    word.exchange(none, acq_rel);  // pairs with deliver()
    return;
  }
  PollCommit commit{this, &word};
  park_current(&PollCommit::run, &commit);
  const std::uintptr_t was = word.exchange(none, acq_rel);  // pairs with deliver()
  check(was == ready, "netpoll: a G leaves its wait by an event only");
}

// The G that waited, or null.
G* Netpoll::deliver(os::Atomic<std::uintptr_t>& word) {
  const std::uintptr_t was = word.exchange(ready, acq_rel);  // pairs with wait() and its commit
  if (was == none || was == ready || was == waiting) return nullptr;
  os::race_window(Window::netpoll_waiters_hold_detector);
  waiters_.fetch_sub(1, seq_cst);  // pairs with waiters()
  return reinterpret_cast<G*>(was);
}

GQueue Netpoll::poll(Duration timeout) {
  PollEvent events[limits::poll_batch];
  GQueue ready_gs;
  const int n = poller_.wait(events, limits::poll_batch, timeout);
  for (int i = 0; i < n; ++i) {
    if (events[i].token == nullptr) {
      // Only who may have been asleep consumes the break; a passer-by leaves it
      // to the sleeper it was meant for.
      if (timeout != 0) {
        poller_.drain();
        os::race_window(Window::netpollbreak_coalescing);
        wake_pending_.store(0, seq_cst);  // pairs with wake(); after the drain: no break without its flag
      }
      continue;
    }
    auto* pd = static_cast<PollDesc*>(events[i].token);
    if (events[i].readable) {
      if (G* gp = deliver(pd->in)) ready_gs.push_back(gp);
    }
    if (events[i].writable) {
      if (G* gp = deliver(pd->out)) ready_gs.push_back(gp);
    }
  }
  return ready_gs;
}

void Netpoll::wake() {
  std::uint32_t expected = 0;
  if (!wake_pending_.cas_strong(expected, 1, seq_cst, relaxed)) return;  // pairs with poll()
  os::race_window(Window::netpollbreak_coalescing);
  poller_.wake();
}

}  // namespace rt
