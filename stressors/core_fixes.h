#pragma once
// Five races that the Go scheduler has had, each as a workload and a script: the
// interleaving that shows the race, told in windows and thread roles. With its fix the
// scheduler passes; without, it fails every time. The fixes' own authors had nothing
// of the kind to check in with them: the windows are a few instructions wide.
//
// The workloads are ordinary users of the public interface. Scripts and workloads are
// the same in the simulation and on real threads.

#include <span>

#include "harness/scene/scene.h"

namespace jitterbug {

struct CoreFix {
  const char* name;       // of the race
  const char* reference;  // the fix and its issue in the Go project
  const char* script;     // see harness/script/script.h
  void (*run)(Scene& scene);
  const char* rows;       // of the bank: each takes the fix out, and the run then fails
};

std::span<const CoreFix> core_fixes();

}  // namespace jitterbug
