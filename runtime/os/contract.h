#pragma once
// What every flavour of the seam offers. The concepts check names and types and
// what must not exist; os_contract_test.cc checks behaviour, once per flavour.

#include <concepts>
#include <span>
#include <type_traits>

#include "runtime/os/os.h"

namespace rt::contract {

template <class A>
concept ImpliesAnOrder =
    requires(A& a) { a.load(); } || requires(A& a) { static_cast<bool>(a); } || requires(A& a) { ++a; };

template <class T>
concept NotCopyable = !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;

// A word that threads share. T: an integer, a pointer, or bool.
template <class A, class T>
concept SharedWord = NotCopyable<A> && !ImpliesAnOrder<A> && !std::is_assignable_v<A&, T> &&
                     !std::is_convertible_v<T, A> && requires(A a, const A& c, T& expected, T v, os::Name name) {
                       A(v, name);
                       a.name(name);
                       { c.load(acquire) } -> std::same_as<T>;
                       { c.peek() } -> std::same_as<T>;
                       { c.peek(acquire) } -> std::same_as<T>;
                       { a.store(v, release) } -> std::same_as<void>;
                       { a.exchange(v, acq_rel) } -> std::same_as<T>;
                       { a.cas_strong(expected, v, acq_rel, acquire) } -> std::same_as<bool>;
                       { a.cas_weak(expected, v, acq_rel, acquire) } -> std::same_as<bool>;
                     };

template <class A, class T>
concept SharedNumber = SharedWord<A, T> && requires(A a, T v) {
  { a.fetch_add(v, relaxed) } -> std::same_as<T>;
  { a.fetch_sub(v, relaxed) } -> std::same_as<T>;
  { a.fetch_or(v, relaxed) } -> std::same_as<T>;
  { a.fetch_and(v, relaxed) } -> std::same_as<T>;
};

template <class T>
concept OsThread = requires(T t, const T& c, void (*entry)(void*), void* argument) {
  { t.start(entry, argument, "role") } -> std::same_as<bool>;
  { t.join() } -> std::same_as<void>;
  { c.joinable() } -> std::same_as<bool>;
};

template <class P>
concept ReadinessPoller = requires(P p, Descriptor fd, void* token, PollEvent* events) {
  { p.open() } -> std::same_as<bool>;
  { p.add(fd, token) } -> std::same_as<bool>;
  { p.wait(events, 1, forever) } -> std::same_as<int>;
  p.remove(fd);
  p.wake();
  p.drain();
  p.close();
};

template <class W>
concept LockListener = requires(W w, os::Site at, os::Name name) {
  W(name);
  w.acquiring(at);
  w.acquired(at);
  w.releasing(at);
};

static_assert(SharedNumber<os::Atomic<int>, int>);
static_assert(SharedNumber<os::Atomic<std::uint64_t>, std::uint64_t>);
static_assert(SharedWord<os::Atomic<bool>, bool>);
static_assert(SharedWord<os::Atomic<void*>, void*>);
static_assert(OsThread<os::Thread>);
static_assert(ReadinessPoller<os::Poller>);
static_assert(LockListener<os::LockWatch>);

static_assert(std::constructible_from<os::Name, const char*, int, std::size_t>);

static_assert(std::same_as<decltype(os::model_sized), const bool>);
static_assert(std::same_as<decltype(os::flavor), const char* const>);

// The free functions; a concept of one, so that each is named once.
template <class Word>
concept FreeFunctions = requires(const Word& word, void* p, Stack stack, Descriptor fd, Descriptor (&ends)[2]) {
  { os::fence(seq_cst) } -> std::same_as<void>;
  { os::race_window(Window{}) } -> std::same_as<void>;
  { os::upheld(Safeguard{}) } -> std::same_as<bool>;
  { os::futex_wait(word, 0u, forever) } -> std::same_as<void>;
  { os::futex_wake(word, 1) } -> std::same_as<int>;
  { os::slot() } -> std::same_as<void*>;
  { os::set_slot(p) } -> std::same_as<void>;
  { os::now() } -> std::same_as<Instant>;
  { os::sleep(Duration{}) } -> std::same_as<void>;
  { os::relax() } -> std::same_as<void>;
  { os::yield() } -> std::same_as<void>;
  { os::choose(2u) } -> std::same_as<std::uint32_t>;
  { os::stack_allocate(std::size_t{}) } -> std::same_as<Stack>;
  { os::stack_release(stack) } -> std::same_as<void>;
  { os::stacks_release(std::span<Stack>(&stack, 1)) } -> std::same_as<void>;
  { os::pipe_open(ends) } -> std::same_as<int>;
  { os::read(fd, p, std::size_t{}) } -> std::same_as<long>;
  { os::write(fd, p, std::size_t{}) } -> std::same_as<long>;
  { os::close(fd) } -> std::same_as<void>;
};
static_assert(FreeFunctions<os::Atomic<std::uint32_t>>);

}  // namespace rt::contract
