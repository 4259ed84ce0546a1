#pragma once
// The programs by family, for the registry.

#include <span>

#include "harness/classic/program.h"

namespace jitterbug::classic {

std::span<const ProgramInfo> reorder_family();
std::span<const ProgramInfo> twostage_family();
std::span<const ProgramInfo> stack_family();
std::span<const ProgramInfo> token_ring_family();
std::span<const ProgramInfo> wronglock_family();
std::span<const ProgramInfo> bluetooth_driver_family();
std::span<const ProgramInfo> account_family();
std::span<const ProgramInfo> stringbuffer_family();
std::span<const ProgramInfo> work_steal_queue_family();
std::span<const ProgramInfo> safe_stack_family();
std::span<const ProgramInfo> lost_wakeup_family();

template <class T>
std::unique_ptr<Program> make(Version version) {
  return std::make_unique<T>(version);
}

}  // namespace jitterbug::classic
