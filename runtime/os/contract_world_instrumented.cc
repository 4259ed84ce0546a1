#include <thread>

#include "harness/native/perturb.h"
#include "runtime/os/contract_world.h"

namespace rt::contract {

void in_world(const std::function<void()>& body) {
  body();
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    jitterbug::set_perturbation({.seed = seed, .noise = jitterbug::NoisePolicy::parse("all")});
    body();
    jitterbug::clear_perturbation();
  }
}

void expect_fatal(const std::function<void()>& body, const char* message) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(body(), message);
}

std::uint64_t this_thread() { return std::hash<std::thread::id>()(std::this_thread::get_id()); }

}  // namespace rt::contract
