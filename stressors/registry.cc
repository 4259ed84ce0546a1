#include "stressors/stressor.h"

#include "stressors/all.h"

namespace jitterbug {
namespace {

constexpr Stressor all[] = {
    {"callbacks", "external threads run Gs of their own on few spare Ms, and yield, sleep and park in them",
     callbacks},
    {"deadlocks", "every G waits for another one, after all kinds of threads have come and gone: it must be reported",
     deadlocks},
    {"deep_sleep", "work comes when sysmon sleeps deeply, and waits behind calls that only sysmon takes Ps from",
     deep_sleep},
    {"early_end", "main returns while Gs and callbacks are in the middle of everything", early_end},
    {"locked_gs", "Gs tied to their threads move about, and threads end with them while others are made", locked_gs},
    {"lone_reader", "sysmon holds the event that main waits for while the only other M is about to park", lone_reader},
    {"long_callback", "one external thread is inside a callback while every other G waits: no deadlock", long_callback},
    {"naps", "timers are taken and armed anew while an M is about to sleep in the poller until the earliest of them",
     naps},
    {"passers_by", "Gs between two system calls hold the P that the M before them gave up for a moment too long",
     passers_by},
    {"poll_burst", "several descriptors become ready at once while the last Ps go idle", poll_burst},
    {"short_lives", "frames, stacks, Gs and Ms are given back while others may still look at them", short_lives},
    {"spawn_tree", "Gs spawn Gs until the local queues overflow into the global one", spawn_tree},
    {"syscall_injector", "one P: system calls return while sysmon, which is not counted, injects a G",
     syscall_injector},
    {"syscall_storm", "at one signal calls return, Ps are given away, Gs end, and Gs that have to meet are spawned",
     syscall_storm},
    {"thread_limit", "threads come close to their limit, by blocked calls and by callbacks that do not count",
     thread_limit},
    {"token_ring", "as many Gs as Ps pass a token by spinning and never yield, right after a burst has died down",
     token_ring},
    {"wake_storm", "a producer readies parked consumers at the moment when the Ms that served the last ones park",
     wake_storm},
    {"yielders", "Gs leave the global queue together while the other M, which has looked there, gives up",
     yielders},
};

}  // namespace

std::span<const Stressor> stressors() { return all; }

const Stressor* find_stressor(std::string_view name) {
  for (const Stressor& stressor : all) {
    if (name == stressor.name) return &stressor;
  }
  return nullptr;
}

}  // namespace jitterbug
