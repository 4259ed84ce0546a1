#include "harness/oracle/registry.h"

namespace jitterbug {

// Each is defined in the file of its name.
extern const OracleInfo assertion_oracle, burn_oracle, callbacks_oracle, conservation_oracle, deadlock_oracle,
    false_deadlock_oracle, livelock_oracle, lock_use_oracle, missed_deadlock_oracle, ownership_oracle,
    progress_oracle, quiescent_counters_oracle, resource_use_oracle, thread_limit_oracle, work_conservation_oracle;

namespace {

constexpr const OracleInfo* of_the_scheduler[] = {
    &ownership_oracle,      &quiescent_counters_oracle, &callbacks_oracle,         &thread_limit_oracle,
    &lock_use_oracle,       &resource_use_oracle,       &burn_oracle,              &false_deadlock_oracle,
    &missed_deadlock_oracle, &work_conservation_oracle,  &conservation_oracle,      &progress_oracle,
};

constexpr const OracleInfo* of_a_program[] = {
    &lock_use_oracle, &resource_use_oracle, &assertion_oracle, &deadlock_oracle, &livelock_oracle,
};

}  // namespace

std::span<const OracleInfo* const> oracles_of(Judges judges) {
  if (judges == Judges::program) return of_a_program;
  return of_the_scheduler;
}

const OracleInfo* find_info(OracleId oracle) {
  for (const Judges judges : {Judges::scheduler, Judges::program}) {
    for (const OracleInfo* info : oracles_of(judges)) {
      if (info->id == oracle) return info;
    }
  }
  return nullptr;
}

}  // namespace jitterbug
