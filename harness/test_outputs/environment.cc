#include "harness/test_outputs/environment.h"

#include <cstdio>
#include <cstdlib>

#include "harness/base/errors.h"
#include "harness/base/text.h"
#include "harness/defect/catalog.h"
#include "harness/run/token.h"

namespace jitterbug {
namespace {

[[noreturn]] void refuse(const char* name, const std::string& value, const char* why) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s '%s': %s\n", name, value.c_str(), why);
  std::_Exit(static_cast<int>(Exit::usage));
}

}  // namespace

std::string text_from_environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const std::string value = text_from_environment(name, "");
  if (value.empty()) return otherwise;
  if (const auto number = parse_unsigned(value)) return *number;
  refuse(name, value, "is not an unsigned 64-bit number");
}

std::string program_from_environment(const char* name, std::string_view row) {
  const std::string program = text_from_environment(name, "");
  if (program.empty()) refuse(name, program, "does not name a program");
  const Defect* defect = find_defect(row);
  const bool patch = defect != nullptr && defect->kind == DefectKind::patch;
  return patch ? program + "_" + std::string(row) : program;
}

std::uint64_t random_seed() { return number_from_environment("TEST_RANDOM_SEED", 1); }

std::uint64_t first_seed(std::uint64_t count) { return 1 + (random_seed() - 1) * count; }

}  // namespace jitterbug
