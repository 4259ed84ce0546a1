#pragma once
// Which announced operations do not commute. Words, pollers and files are numbered
// apart from each other. An operation without an object (a race window, a fence, a
// thread's start) conflicts with nothing.

#include "runtime/os/engine.h"

namespace jitterbug {

enum class ObjectKind : std::uint8_t { none, word, poller, file };

struct Access {
  ObjectKind kind = ObjectKind::none;
  rt::engine::ObjectId object = 0;
  bool writes = false;
};

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
    case OpKind::poll_change:
    case OpKind::poll_wake: return {ObjectKind::poller, op.object, true};
    case OpKind::file_read:
    case OpKind::file_write: return {ObjectKind::file, op.object, true};
    default: return {};
  }
}

// The same object, and at least one of the two changes it.
constexpr bool conflict(const Access& a, const Access& b) {
  return a.kind != ObjectKind::none && a.kind == b.kind && a.object == b.object && (a.writes || b.writes);
}
constexpr bool conflict(const rt::engine::Op& a, const rt::engine::Op& b) {
  return conflict(access_of(a), access_of(b));
}

}  // namespace jitterbug
