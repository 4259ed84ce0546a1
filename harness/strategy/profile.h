#pragma once
// A run in numbers: which threads it had, and how often each of them used each
// object and entered each race window.

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/strategy/conflict.h"
#include "harness/strategy/strategy.h"

namespace jitterbug {

// What operations can be counted by: an object, or a race window.
struct Target {
  ObjectKind kind = ObjectKind::none;  // none: a race window
  std::uint32_t number = 0;            // of the object, or of the window

  auto operator<=>(const Target&) const = default;
};

inline constexpr Target no_target = {ObjectKind::none, static_cast<std::uint32_t>(rt::Window::count)};

// no_target: the operation is neither on an object nor a race window.
constexpr Target target_of(const Op& op) {
  if (op.kind == rt::engine::OpKind::window) return {ObjectKind::none, static_cast<std::uint32_t>(op.window)};
  const Access access = access_of(op);
  return access.kind == ObjectKind::none ? no_target : Target{access.kind, access.object};
}

struct Profile {
  struct Thread {
    std::string role;
    ThreadId parent;
    bool operator==(const Thread&) const = default;
  };
  struct Use {
    Target target;
    ThreadId thread;
    std::uint32_t times;
  };

  Profile() = default;
  explicit Profile(const Pilot& run);

  bool is_shared(Target target) const;

  std::vector<Thread> threads;  // by number
  std::vector<Use> uses;        // in order of target; within one, of thread
  std::vector<Target> shared;   // objects of several threads of which one writes, in order
  std::vector<Target> windows;  // race windows entered, in order
};

// The same threads used the same targets, each about as often: in numbers that have
// equally many binary digits.
bool alike(const Profile& a, const Profile& b);

}  // namespace jitterbug
