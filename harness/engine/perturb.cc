#include "harness/engine/perturb.h"

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

#include "harness/engine/native_script.h"
#include "harness/engine/native_threads.h"
#include "runtime/os/engine.h"

namespace jitterbug {
namespace {

using rt::Window;
using rt::engine::Op;
using rt::engine::OpKind;

constexpr std::uint32_t none = ~std::uint32_t{0};
constexpr auto window_count = static_cast<std::size_t>(Window::count);

// All words are read and written relaxed: an engine that synchronised the threads
// it disturbs would hide their races from a race detector.
struct Policy {
  std::atomic<bool> active{false};
  std::atomic<std::uint32_t> lifted{none};
  std::atomic<std::uint32_t> aim{none};
  std::atomic<rt::Duration> aim_hold{0};
  std::atomic<std::uint32_t> window_one_in{0};
  std::atomic<std::uint32_t> operation_one_in{0};
  std::atomic<std::uint32_t> sleep_one_in{0};
  std::atomic<rt::Duration> sleep_max{0};
  std::atomic<std::uint64_t> seed{0};
  std::atomic<std::uint32_t> generation{0};  // of the policy: streams begin anew with each
  std::atomic<std::uint32_t> threads{0};     // numbered so far

  std::array<std::atomic<bool>, window_count> entered{};
  std::atomic<bool> lifted_reached{false};
  std::atomic<std::uint64_t> holds{0};
  std::atomic<SharedSlotHandler> on_shared_slot{nullptr};
};

constinit Policy policy;

// A thread's stream of choices. splitmix64: any state is a good one.
class Stream {
 public:
  std::uint32_t below(std::uint32_t n) {
    const std::uint32_t generation = policy.generation.load(std::memory_order_relaxed);
    if (generation_ != generation) restart(generation);
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t x = state_;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return static_cast<std::uint32_t>(((x >> 32) * n) >> 32);
  }
  bool one_in(std::uint32_t n) { return n != 0 && below(n) == 0; }

 private:
  void restart(std::uint32_t generation) {
    const std::uint64_t number = policy.threads.fetch_add(1, std::memory_order_relaxed);
    state_ = policy.seed.load(std::memory_order_relaxed) + (number << 40);
    generation_ = generation;
  }

  std::uint64_t state_ = 0;
  std::uint32_t generation_ = 0;
};

constinit thread_local Stream stream;

void spin(std::uint32_t turns) {
  for (std::uint32_t i = 0; i < turns; ++i) asm volatile("");
}

void sleep(rt::Duration d) { std::this_thread::sleep_for(std::chrono::nanoseconds(d)); }

void hold() {
  policy.holds.fetch_add(1, std::memory_order_relaxed);
  const rt::Duration longest = policy.sleep_max.load(std::memory_order_relaxed);
  if (longest > 0 && stream.one_in(policy.sleep_one_in.load(std::memory_order_relaxed))) {
    sleep(1 + stream.below(static_cast<std::uint32_t>(longest)));
  } else if (stream.below(2) == 0) {
    std::this_thread::yield();
  } else {
    spin(1 + stream.below(2'000));
  }
}

void enter(Window w) {
  auto& entered = policy.entered[static_cast<std::size_t>(w)];
  if (!entered.load(std::memory_order_relaxed)) entered.store(true, std::memory_order_relaxed);
  note_window(w);
  if (follows_script()) come_to_window(w);
  if (policy.aim.load(std::memory_order_relaxed) == static_cast<std::uint32_t>(w)) {
    policy.holds.fetch_add(1, std::memory_order_relaxed);
    sleep(policy.aim_hold.load(std::memory_order_relaxed));
  } else if (stream.one_in(policy.window_one_in.load(std::memory_order_relaxed))) {
    hold();
  }
}

// Not inlined: the caller may stand on a stack that moves to another thread later,
// and must not keep the address of this thread's stream.
[[gnu::noinline]] void disturb(const Op& op) {
  if (op.kind == OpKind::window) {
    enter(op.window);
  } else if (stream.one_in(policy.operation_one_in.load(std::memory_order_relaxed))) {
    hold();
  }
}

template <class E>
std::uint32_t number_of(const std::optional<E>& e) {
  return e ? static_cast<std::uint32_t>(*e) : none;
}

}  // namespace

void set_perturbation(const Perturbation& p) {
  clear_perturbation();
  for (auto& entered : policy.entered) entered.store(false, std::memory_order_relaxed);
  policy.lifted_reached.store(false, std::memory_order_relaxed);
  policy.holds.store(0, std::memory_order_relaxed);
  policy.aim.store(number_of(p.aim), std::memory_order_relaxed);
  policy.aim_hold.store(p.aim_hold, std::memory_order_relaxed);
  policy.window_one_in.store(p.window_one_in, std::memory_order_relaxed);
  policy.operation_one_in.store(p.operation_one_in, std::memory_order_relaxed);
  policy.sleep_one_in.store(p.sleep_one_in, std::memory_order_relaxed);
  policy.sleep_max.store(p.sleep_max, std::memory_order_relaxed);
  policy.seed.store(p.seed, std::memory_order_relaxed);
  policy.threads.store(0, std::memory_order_relaxed);
  policy.generation.fetch_add(1, std::memory_order_relaxed);
  policy.lifted.store(number_of(p.lifted), std::memory_order_relaxed);
  policy.active.store(true, std::memory_order_relaxed);
}

void watch_slots(SharedSlotHandler handler) { policy.on_shared_slot.store(handler, std::memory_order_relaxed); }

void clear_perturbation() {
  policy.active.store(false, std::memory_order_relaxed);
  policy.lifted.store(none, std::memory_order_relaxed);
}

bool window_entered(Window w) { return policy.entered[static_cast<std::size_t>(w)].load(std::memory_order_relaxed); }
bool lifted_safeguard_reached() { return policy.lifted_reached.load(std::memory_order_relaxed); }
std::uint64_t holds() { return policy.holds.load(std::memory_order_relaxed); }

}  // namespace jitterbug

namespace rt::engine {

void step(const Op& op) {
  if (jitterbug::policy.active.load(std::memory_order_relaxed)) [[unlikely]] {
    jitterbug::disturb(op);
  }
}

bool lifted(Safeguard s) {
  auto& policy = jitterbug::policy;
  if (policy.lifted.load(std::memory_order_relaxed) != static_cast<std::uint32_t>(s)) [[likely]]
    return false;
  if (!policy.lifted_reached.load(std::memory_order_relaxed)) {
    policy.lifted_reached.store(true, std::memory_order_relaxed);
  }
  return true;
}

void slot_changes(void* value) {
  auto& policy = jitterbug::policy;
  if (!policy.active.load(std::memory_order_relaxed)) return;
  const std::uint32_t other = jitterbug::note_slot(value);
  const auto handler = policy.on_shared_slot.load(std::memory_order_relaxed);
  if (other != 0 && handler != nullptr) handler(other, jitterbug::native_thread_number());
}

// Who holds a lock is judged in the simulation, where no report is ever late.
void lock_event(LockEvent, ObjectId, Site) {}

}  // namespace rt::engine
