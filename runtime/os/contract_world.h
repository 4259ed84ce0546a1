#pragma once
// Where the contract's tests run: on the machine itself in the native flavours,
// inside a simulated machine in the other one. One definition per flavour.

#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "runtime/os/os.h"

namespace rt::contract {

// Calls body, several times where the flavour can vary what happens around it.
void in_world(const std::function<void()>& body);

// A thread that runs a callable of its creator, who joins it.
template <class Body>
class Running {
 public:
  explicit Running(Body body) : body_(std::move(body)) {
    EXPECT_TRUE(thread_.start([](void* self) { static_cast<Running*>(self)->body_(); }, this, "contract"));
  }
  ~Running() { thread_.join(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

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
