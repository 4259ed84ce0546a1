#pragma once
// Small programs under Relacy, whose headers redefine too much to share a file
// with anything else. The same programs under our machine are in simulation_bench.cc.

#include <cstdint>

namespace jitterbug {

// Two threads increment one atomic word, twice each.
// Runs it `executions` times under Relacy's random scheduler. False: Relacy found
// an error, and the program or this use of Relacy is wrong.
bool relacy_increments(std::uint64_t executions);

// Three threads lock and unlock one mutex around a counter, ten times each.
// As above.
bool relacy_mutex(std::uint64_t executions);

// A bounded buffer of two places, a mutex and two condition variables: two
// producers, two consumers, eight items. As above.
bool relacy_buffer(std::uint64_t executions);

// The last two with the mutex and the condition variable of simulation_bench.cc in the
// place of Relacy's. As above.
bool relacy_mutex_on_futexes(std::uint64_t executions);
bool relacy_buffer_on_futexes(std::uint64_t executions);

}  // namespace jitterbug
