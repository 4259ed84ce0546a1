#include "harness/oracle/registry.h"

#include "harness/oracle/makers.h"

namespace jitterbug {
namespace {

constexpr OracleInfo all[] = {
    {"O6", "ownership", "a P has one M and an M one P; a G runs on one M", make_ownership},
    {"O5", "quiescent_counters", "when nobody is in scheduler code, every counter equals what it counts",
     make_quiescent_counters},
    {"O16", "callbacks", "every callback returns, no two threads share an M, each extra M is listed or in use",
     make_callbacks},
    {"O15", "thread_limit", "the runtime gives up for its threads exactly when they exceed the limit",
     make_thread_limit},
    {"O13", "lock_use", "a lock is taken by a thread that does not hold it and released by the one that does",
     make_lock_use},
    {"O19", "resource_use", "what is read, polled, closed, joined or released is open, running or allocated",
     make_resource_use},
    {"O14", "burn", "a request for a spinner is answered once, and nobody searches while all is asleep", make_burn},
    {"O1", "false_deadlock", "no deadlock is reported while a G can go on", make_false_deadlock},
    {"O2", "missed_deadlock", "a deadlock is reported", make_missed_deadlock},
    {"O3", "work_conservation", "no runnable G waits beside an idle P unless somebody is on the way to it",
     make_work_conservation},
    {"O7", "conservation", "every G runs once from its beginning to its end, every wait ends once",
     make_conservation},
    {"O4", "progress", "when scheduling is fair, the workload comes forward", make_progress},
};

}  // namespace

std::span<const OracleInfo> oracles() { return all; }

std::vector<std::unique_ptr<Oracle>> make_oracles() {
  std::vector<std::unique_ptr<Oracle>> made;
  made.reserve(std::size(all));
  for (const OracleInfo& info : all) made.push_back(info.make());
  return made;
}

}  // namespace jitterbug
