#include "harness/testing/environment.h"

#include <cstdio>
#include <cstdlib>

#include "harness/campaign/errors.h"
#include "harness/campaign/token.h"

namespace jitterbug {

std::string text_from_environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const std::string value = text_from_environment(name, "");
  if (value.empty()) return otherwise;
  if (const auto number = parse_unsigned(value)) return *number;
  std::fflush(stdout);
  std::fprintf(stderr, "%s '%s': is not an unsigned 64-bit number\n", name, value.c_str());
  std::_Exit(static_cast<int>(Exit::usage));
}

std::uint64_t random_seed() { return number_from_environment("TEST_RANDOM_SEED", 1); }

std::uint64_t first_seed(std::uint64_t count) { return 1 + (random_seed() - 1) * count; }

}  // namespace jitterbug
