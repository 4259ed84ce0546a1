#pragma once
// Which announced operations do not commute. Words, pollers and pipes are numbered
// apart from each other. An operation without an object (a race window, a fence, a
// thread's start) conflicts with nothing, and neither does one on a word that was
// made outside of a run and has no number of its own.

#include "runtime/os/engine.h"

namespace jitterbug {

enum class ObjectKind : std::uint8_t { none, word, poller, pipe };
inline constexpr std::uint32_t object_kinds = 4;

struct Access {
  ObjectKind kind = ObjectKind::none;
  rt::engine::ObjectId object = 0;
  bool writes = false;
};

// A wake and a wait on a word, a change and a wait on a poller do not commute.
// Reading a pipe takes out what is in it. Both ends of a pipe are one object: a pipe's
// descriptors are an odd number and the even one after it.
constexpr Access access_of(const rt::engine::Op& op) {
  using rt::engine::OpKind;
  if (op.object == 0) return {};
  switch (op.kind) {
    case OpKind::load:
    case OpKind::futex_wait: return {ObjectKind::word, op.object, false};
    case OpKind::store:
    case OpKind::rmw:
    case OpKind::futex_wake: return {ObjectKind::word, op.object, true};
    case OpKind::poll_wait: return {ObjectKind::poller, op.object, false};
    case OpKind::poll_close:
    case OpKind::poll_change:
    case OpKind::poll_wake: return {ObjectKind::poller, op.object, true};
    case OpKind::file_close:
    case OpKind::file_read:
    case OpKind::file_write: return {ObjectKind::pipe, (op.object + 1) / 2, true};
    default: return {};
  }
}

// The word that the operation is on; 0: it is on none, or the word has no number.
constexpr rt::engine::ObjectId word_of(const rt::engine::Op& op) {
  const Access access = access_of(op);
  return access.kind == ObjectKind::word ? access.object : 0;
}

// The same object, and at least one of the two changes it.
constexpr bool conflict(const Access& a, const Access& b) {
  return a.kind != ObjectKind::none && a.kind == b.kind && a.object == b.object && (a.writes || b.writes);
}
constexpr bool conflict(const rt::engine::Op& a, const rt::engine::Op& b) {
  return conflict(access_of(a), access_of(b));
}

}  // namespace jitterbug
