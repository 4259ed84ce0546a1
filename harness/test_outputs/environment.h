#pragma once
// What Bazel, or a caller, tells a test by environment variables.

#include <cstdint>
#include <string>
#include <string_view>

namespace jitterbug {

// A variable's value; unset: `otherwise`.
std::string text_from_environment(const char* name, const std::string& otherwise);

// As above, as an unsigned number; unset or empty: `otherwise`. What is no number ends the
// process with exit code 2 and a line that says so.
std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise);

// The program that a variable names; for a row of the bank that is a patch, the one beside
// it that has the patch compiled in. An unset variable ends the process as above.
std::string program_from_environment(const char* name, std::string_view row);

// TEST_RANDOM_SEED, which under --runs_per_test is the number of the run; 1 otherwise.
std::uint64_t random_seed();

// The first of the `count` seeds that this run of a test takes: from 1 for random seed 1,
// the next `count` for each further one. Shards have seeds in common and no test.
std::uint64_t first_seed(std::uint64_t count);

}  // namespace jitterbug
