#include <vector>

#include "harness/classic/families.h"

namespace jitterbug::classic {
namespace {

std::vector<ProgramInfo> collect() {
  std::vector<ProgramInfo> all;
  for (const auto family :
       {reorder_family(), twostage_family(), stack_family(), token_ring_family(), wronglock_family(),
        bluetooth_driver_family(), account_family(), stringbuffer_family(), work_steal_queue_family(),
        safe_stack_family(), lost_wakeup_family()}) {
    all.insert(all.end(), family.begin(), family.end());
  }
  return all;
}

}  // namespace

std::span<const ProgramInfo> programs() {
  static const std::vector<ProgramInfo> all = collect();
  return all;
}

const ProgramInfo* find_program(std::string_view name) {
  for (const ProgramInfo& info : programs()) {
    if (name == info.name) return &info;
  }
  return nullptr;
}

}  // namespace jitterbug::classic
