#pragma once
// Where tests run that are the same in every flavour: on the machine itself in the native
// ones, inside a simulated machine in the other one. One definition per flavour.
//
// In the simulation a test that hangs fails, and so does one of a run in which some thread
// waits for good; what failed names the seed. On real threads it fails by its time-out.

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

#include "runtime/os/os.h"

namespace rt::contract {

// Calls body, several times where the flavour can vary what happens around it.
void in_world(const std::function<void()>& body);

// Expects that body makes the program give up with a message that contains this.
void expect_fatal(const std::function<void()>& body, const char* message);

// A number of the calling thread that no other one has at the same time.
std::uint64_t this_thread();

// A size: what the machine itself is given to do, and what fits into a run that is simulated
// or perturbed at each step.
constexpr int sized(int large, int small) { return std::string_view(os::flavor) == "production" ? large : small; }

// Expects that something took no longer. Only on a simulated machine is that a claim: its
// time is taken by nobody else.
inline void expect_took(Duration at_most, Duration taken) {
  if (!os::model_sized) return;
  EXPECT_LE(taken, at_most);
}

// A thread that runs a callable of its creator, who joins it.
template <class Body>
class Running {
 public:
  explicit Running(Body body) : body_(std::move(body)) {
    EXPECT_TRUE(thread_.start([](void* self) { static_cast<Running*>(self)->body_(); }, this, "contract"));
  }
  ~Running() { join(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  Body body_;
  os::Thread thread_;
};

}  // namespace rt::contract

// A test whose body runs in the world of its flavour.
#define CONTRACT(claim)                                          \
  static void contract_##claim();                                \
  TEST(Os, claim) { rt::contract::in_world(&contract_##claim); } \
  static void contract_##claim()
