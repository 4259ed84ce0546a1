#pragma once
// One maker per oracle; the classes themselves are local to their files.

#include <memory>

#include "harness/oracle/oracle.h"

namespace jitterbug {

std::unique_ptr<Oracle> make_false_deadlock();
std::unique_ptr<Oracle> make_missed_deadlock();
std::unique_ptr<Oracle> make_work_conservation();
std::unique_ptr<Oracle> make_progress();
std::unique_ptr<Oracle> make_quiescent_counters();
std::unique_ptr<Oracle> make_ownership();
std::unique_ptr<Oracle> make_conservation();
std::unique_ptr<Oracle> make_lock_use();
std::unique_ptr<Oracle> make_resource_use();
std::unique_ptr<Oracle> make_burn();
std::unique_ptr<Oracle> make_thread_limit();
std::unique_ptr<Oracle> make_callbacks();

}  // namespace jitterbug
