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

}  // namespace rt::contract
