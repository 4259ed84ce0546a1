#include "harness/native/perturb.h"

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

#include "harness/native/native_script.h"
#include "harness/native/native_threads.h"
#include "runtime/base/rng.h"
#include "runtime/os/engine.h"

namespace jitterbug {
namespace {

using rt::Window;
using rt::engine::Op;
using rt::engine::OpKind;

constexpr std::uint32_t none = ~std::uint32_t{0};
constexpr auto window_count = static_cast<std::size_t>(Window::count);
constexpr rt::Duration ns_per_turn = 1;  // of a spin, roughly
constexpr std::uint32_t relaxes_until_yield = 64;

// What happens at one point: the action in the upper half, the chance of 2^32 in the
// lower one and its bit 32; the shortest and the longest hold.
struct Point {
  std::atomic<std::uint64_t> action{0};
  std::atomic<std::uint64_t> bounds{0};
};

constexpr std::uint64_t chance_bits = 33;

// All words are read and written relaxed: an engine that synchronised the threads
// it disturbs would hide their races from a race detector.
struct Policy {
  std::atomic<bool> active{false};
  std::atomic<std::uint32_t> lifted{none};
  std::array<Point, noise_points> points{};
  std::atomic<rt::Duration> budget{0};
  std::atomic<std::uint64_t> seed{0};
  std::atomic<std::uint32_t> generation{0};  // of the policy: streams begin anew with each
  std::atomic<std::uint32_t> threads{0};     // numbered so far

  std::array<std::atomic<bool>, window_count> entered{};
  std::atomic<bool> lifted_reached{false};
  std::atomic<std::uint64_t> holds{0};
  std::atomic<rt::Duration> held{0};
  std::atomic<SharedSlotHandler> on_shared_slot{nullptr};
  std::atomic<GivingUpHandler> on_giving_up{nullptr};
  std::atomic<NativeTrace*> trace{nullptr};
};

constinit Policy policy;

// A thread's stream of choices.
class Stream {
 public:
  // In [0, n), n <= 2^32.
  std::uint64_t below(std::uint64_t n) {
    const std::uint32_t generation = policy.generation.load(std::memory_order_relaxed);
    if (generation_ != generation) restart(generation);
    return ((rt::scramble(state_++) >> 32) * n) >> 32;
  }

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
constinit thread_local std::uint32_t relaxes = 0;

void spin(std::uint32_t turns) {
  for (std::uint32_t i = 0; i < turns; ++i) asm volatile("");
}

void sleep(rt::Duration d) { std::this_thread::sleep_for(std::chrono::nanoseconds(d)); }

void hold(NoiseAction action, const Point& point) {
  if (policy.held.load(std::memory_order_relaxed) > policy.budget.load(std::memory_order_relaxed)) return;
  policy.holds.fetch_add(1, std::memory_order_relaxed);
  if (action == NoiseAction::yield) return std::this_thread::yield();
  const std::uint64_t bounds = point.bounds.load(std::memory_order_relaxed);
  const std::uint64_t low = bounds >> 32, high = bounds & 0xffff'ffff;
  const auto amount = static_cast<rt::Duration>(low + stream.below(high - low + 1));
  const bool sleeps = action == NoiseAction::sleep;
  policy.held.fetch_add(sleeps ? amount : amount * ns_per_turn, std::memory_order_relaxed);
  if (sleeps)
    sleep(amount);
  else
    spin(static_cast<std::uint32_t>(amount));
}

void consider(std::size_t number) {
  const Point& point = policy.points[number];
  const std::uint64_t word = point.action.load(std::memory_order_relaxed);
  const auto action = static_cast<NoiseAction>(word >> chance_bits);
  if (action == NoiseAction::none) return;
  const std::uint64_t chance = word & ((std::uint64_t{1} << chance_bits) - 1);
  if (stream.below(std::uint64_t{1} << 32) < chance) hold(action, point);
}

void enter(Window w) {
  auto& entered = policy.entered[static_cast<std::size_t>(w)];
  if (!entered.load(std::memory_order_relaxed)) entered.store(true, std::memory_order_relaxed);
  note_window(w);
  if (follows_script()) come_to_window(w);
  consider(static_cast<std::size_t>(w));
}

// A thread that spins waits for another one, which on a crowded machine may get no
// processor until this one's time is up.
void give_way() {
  if (++relaxes % relaxes_until_yield == 0) std::this_thread::yield();
}

// Not inlined: the caller may stand on a stack that moves to another thread later,
// and must not keep the address of this thread's stream.
[[gnu::noinline]] void disturb(const Op& op) {
  NativeTrace* trace = policy.trace.load(std::memory_order_relaxed);
  if (trace != nullptr) [[unlikely]]
    trace->note(op);
  if (op.kind == OpKind::window) return enter(op.window);
  if (op.kind == OpKind::relax) give_way();
  consider(noise_windows + static_cast<std::size_t>(op.kind));
}

[[gnu::noinline]] void disturb_lock() { consider(noise_locks); }

void set_points(const NoisePolicy& noise) {
  for (std::size_t i = 0; i < noise_points; ++i) {
    Point& point = policy.points[i];
    const NoiseRule* rule = noise.rule_at(i);
    const auto action = static_cast<std::uint64_t>(rule != nullptr ? rule->action : NoiseAction::none);
    const std::uint64_t bounds = rule != nullptr ? std::uint64_t{rule->low} << 32 | rule->high : 0;
    point.bounds.store(bounds, std::memory_order_relaxed);
    point.action.store(action << chance_bits | (rule != nullptr ? rule->chance() : 0), std::memory_order_relaxed);
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
  policy.held.store(0, std::memory_order_relaxed);
  const NoisePolicy noise = p.noise.drawn(p.seed);
  set_points(noise);
  policy.budget.store(noise.budget(), std::memory_order_relaxed);
  policy.seed.store(p.seed, std::memory_order_relaxed);
  policy.threads.store(0, std::memory_order_relaxed);
  policy.generation.fetch_add(1, std::memory_order_relaxed);
  policy.lifted.store(number_of(p.lifted), std::memory_order_relaxed);
  policy.active.store(true, std::memory_order_relaxed);
}

void trace_operations(NativeTrace* trace) { policy.trace.store(trace, std::memory_order_relaxed); }

void watch_slots(SharedSlotHandler handler) { policy.on_shared_slot.store(handler, std::memory_order_relaxed); }

void watch_giving_up(GivingUpHandler handler) { policy.on_giving_up.store(handler, std::memory_order_relaxed); }

void clear_perturbation() {
  policy.active.store(false, std::memory_order_relaxed);
  policy.lifted.store(none, std::memory_order_relaxed);
}

bool window_entered(Window w) { return policy.entered[static_cast<std::size_t>(w)].load(std::memory_order_relaxed); }
bool lifted_safeguard_reached() { return policy.lifted_reached.load(std::memory_order_relaxed); }
rt::Duration held_time() { return policy.held.load(std::memory_order_relaxed); }
std::uint64_t holds() { return policy.holds.load(std::memory_order_relaxed); }

}  // namespace jitterbug

namespace rt::engine {

void step(Op op) {
  if (jitterbug::policy.active.load(std::memory_order_relaxed)) [[unlikely]] {
    jitterbug::disturb(op);
  }
}

// Without a trace nobody asks what a word is called.
ObjectId new_object(const Name& name) {
  jitterbug::NativeTrace* trace = jitterbug::policy.trace.load(std::memory_order_relaxed);
  return trace != nullptr && name.text != nullptr ? trace->add_name(name) : 0;
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

void gives_up(Fatal kind, const char* message) {
  const auto handler = jitterbug::policy.on_giving_up.load(std::memory_order_relaxed);
  if (handler != nullptr) handler(kind, message);
}

// Who holds a lock is judged in the simulation, where no report is ever late.
void lock_event(LockEvent event, ObjectId, Site) {
  if (event != LockEvent::acquiring) return;
  if (jitterbug::policy.active.load(std::memory_order_relaxed)) [[unlikely]] {
    jitterbug::disturb_lock();
  }
}

}  // namespace rt::engine
