#pragma once
// Whether the state of the scheduler between two steps can be judged. Some M may hold a P in
// a local variable, or be about to repair what looks wrong. A moment is settled when no thread
// is in the middle of scheduler code.

#include <string>

#include "harness/oracle/oracle.h"

namespace jitterbug {

// True when every P is owned, in a system call or on the idle list, and every M is parked,
// asleep in the poller, or in code of a G. What is left undone then, no thread is about to do.
// Takes a snapshot.
bool settled(const Evidence& e);

// A state that ought to be repaired at once, such as work beside an idle P, is an error only
// if several looks in a row show it. Each look weighs:
//
//   settled_weight   the moment is settled
//   1                it is settled but for sysmon, in the calm. Where steps take long, one round
//                    of sysmon follows the other and no moment is settled; fair scheduling
//                    takes sysmon through several rounds before such looks suffice
//   0                neither: the look says nothing, and the sum begins anew
//
// The oracle fails the run when the sum reaches enough_weight: two settled moments.
constexpr int enough_weight = 32;
constexpr int settled_weight = 16;
int weight_of_moment(const Evidence& e);  // takes a snapshot

// Runnable Gs in queues, the runtime's own included.
int queued_gs(const rt::Snapshot& s);

// Ps on the idle list.
int idle_ps(const rt::Snapshot& s);

// Live threads of the runtime: its first M's, the other Ms' and sysmon's.
int runtime_threads(const Evidence& e);

// "word=1 word=2 ...": the counters for a finding's sentence.
std::string numbers(const rt::Counters& c);

}  // namespace jitterbug
