#pragma once
// Where the contract's tests run: on the machine itself in the native flavours,
// inside a simulated machine in the other one. One definition per flavour.

#include <functional>

namespace rt::contract {

// Calls body, several times where the flavour can vary what happens around it.
void in_world(const std::function<void()>& body);

}  // namespace rt::contract

// A test whose body runs in the world of its flavour.
#define CONTRACT(claim)                                          \
  static void contract_##claim();                                \
  TEST(Os, claim) { rt::contract::in_world(&contract_##claim); } \
  static void contract_##claim()
