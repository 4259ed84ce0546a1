#pragma once
// The state of a scheduler as an observer sees it: what schedtrace prints, as
// numbers. Words that change meanwhile are read one by one: a snapshot is a consistent cut
// only while no thread runs.
//
// The words that exist for observers alone (Statistic) are written in production too, where
// each costs a plain store.

#include <cstdint>
#include <vector>

#include "runtime/goroutine/g_status.h"
#include "runtime/sched/p_status.h"

namespace rt {

struct Counters {
  int procs = 0;
  std::int32_t nmspinning = 0;    // Ms that search for work
  std::int32_t needspinning = 0;  // somebody asked for a spinner and found no P
  std::int32_t npidle = 0;
  std::int32_t nmidle = 0;
  std::int32_t nmidlelocked = 0;
  std::int32_t nmsys = 0;         // Ms that never run user Gs
  std::int32_t mcount = 0;        // Ms that exist or are about to
  std::int32_t extra_length = 0;  // extra Ms on the list
  std::int32_t extra_in_use = 0;
  std::int32_t extra_waiters = 0;
  std::int32_t extra_created = 0;
  std::int32_t global_queue = 0;  // Gs on the global queue
  std::int32_t poll_waiters = 0;  // Gs that wait for I/O
  bool lock_free = true;          // nobody holds the scheduler lock or that of the Gs
  bool stopping = false;          // main has returned
  bool started = false;           // run() has set everything up
  // Statistics, monotonic.
  std::uint64_t spinner_requests = 0;  // times needspinning went from 0 to 1
  std::uint64_t spinner_answers = 0;   // times an M about to idle turned spinner instead
  std::uint64_t searches = 0;          // passes of find_runnable over all queues
};

struct PView {
  int id = 0;
  PStatus status = PStatus::idle;
  std::int64_t m = -1;    // its M, -1: none
  int queued = 0;         // Gs on the local queue, runnext included
  bool on_idle_list = false;
};

struct MView {
  std::int64_t id = 0;
  int p = -1;             // its P, -1: none
  std::int64_t g = -1;    // the G it runs, -1: none
  bool spinning = false;
  bool idle = false;      // on the idle list
  bool in_user_code = false;  // runs a G's own code, in a system call or not; no scheduler code
  std::int64_t locked_g = -1;  // the G whose wake it is parked for, -1: none
};

struct GView {
  std::int64_t id = 0;
  GStatus status = GStatus::idle;
  std::int64_t m = -1;
  bool system = false;    // the runtime's own
};

struct Snapshot {
  Counters counters;
  std::vector<PView> ps;
  std::vector<MView> ms;
  std::vector<GView> gs;
};

}  // namespace rt
