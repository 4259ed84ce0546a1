#include "harness/sim/testing.h"
#include "runtime/os/contract_world.h"

namespace rt::contract {
namespace {

using jitterbug::testing::Explorer;
using jitterbug::testing::explore;
using jitterbug::testing::require;

constexpr std::uint64_t seeds = 100;
constexpr std::uint64_t seeds_of_fatal = 10;

// A slice of the scheduler, 10 ms, is a sixth of the steps that a run may take.
constexpr jitterbug::MachineOptions options = {.step_ns = 500};

}  // namespace

// What a failed expectation says comes with no seed: the run fails as well.
void in_world(const std::function<void()>& body) {
  const std::string wrong = explore(seeds, options, [&] {
    body();
    require(!testing::Test::HasFailure(), "an expectation does not hold");
  });
  EXPECT_EQ(wrong, "");
}

void expect_fatal(const std::function<void()>& body, const char* message) {
  Explorer explorer(options);
  for (std::uint64_t seed = 1; seed <= seeds_of_fatal; ++seed) {
    const std::string wrong = explorer.run(seed, body);
    EXPECT_NE(wrong.find(message), std::string::npos) << "seed " << seed << ": '" << wrong << "' does not say '"
                                                      << message << "'";
  }
}

std::uint64_t this_thread() { return engine::thread_self(); }

}  // namespace rt::contract
