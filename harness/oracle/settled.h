#pragma once
// When may an observer take the scheduler at its word? Between two steps some M
// may hold a P in a local variable or be about to repair what looks wrong. A
// moment is settled when nobody is in the middle of scheduler code.

#include <string>

#include "harness/oracle/oracle.h"

namespace jitterbug {

// True when every P is owned, in a system call or on the idle list, and every M
// is parked, asleep in the poller, or in code of a G. Then whatever the state
// leaves undone, nobody is on the way to do it. Takes a snapshot.
bool settled(const Evidence& e);

// How much a moment says of a state that ought to be repaired at once: looks in a
// row must weigh enough_weight. Two settled moments do. A moment settled but for
// sysmon weighs little, and only in the calm: with coarse steps sysmon's rounds may
// follow each other without a pause, and fair scheduling takes it through several
// of them until the looks suffice. 0: it says nothing. Takes a snapshot.
constexpr int enough_weight = 32;
constexpr int settled_weight = 16;
int weight_of_moment(const Evidence& e);

// Gs that are runnable and queued, the runtime's own included.
int queued_gs(const rt::Snapshot& s);

// Owner-less Ps on the idle list.
int idle_ps(const rt::Snapshot& s);

// The role every thread of the runtime has, summed up: its first M, the other Ms
// and sysmon.
int runtime_threads(const Evidence& e);

// "word=1 word=2 ...": the counters a finding's sentence usually wants.
std::string numbers(const rt::Counters& c);

}  // namespace jitterbug
