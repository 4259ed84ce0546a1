#pragma once
// For observers of a Runtime: what Runtime::counters() and Runtime::snapshot() fill in.

#include "runtime/sched/snapshot.h"
