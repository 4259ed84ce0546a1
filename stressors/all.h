#pragma once
// One function per stressor; what each provokes stands in registry.cc.

#include "harness/scene/scene.h"

namespace jitterbug {

void callbacks(Scene& scene);
void deadlocks(Scene& scene);
void deep_sleep(Scene& scene);
void early_end(Scene& scene);
void locked_gs(Scene& scene);
void lone_reader(Scene& scene);
void long_callback(Scene& scene);
void naps(Scene& scene);
void passers_by(Scene& scene);
void poll_burst(Scene& scene);
void short_lives(Scene& scene);
void spawn_tree(Scene& scene);
void syscall_injector(Scene& scene);
void syscall_storm(Scene& scene);
void thread_limit(Scene& scene);
void token_ring(Scene& scene);
void wake_storm(Scene& scene);
void yielders(Scene& scene);

}  // namespace jitterbug
