// Everything happens at one signal. Until then as many Gs as Ps run and a few more
// are in system calls; then, within a few steps, some of the runners end, some give
// their Ps away by a call of their own, the callers come back and take what is idle,
// and main spawns the rest of those who have to meet. The ones who meet never
// yield, and are as many as Ps: a G that is left beside an idle P stays there.
//
// So a spinner that gives up and sees new work at its second look finds its P taken
// by somebody who does not search, while another M, who saw enough spinners to be
// turned away, idles the P that the work needs.

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "runtime/api/inspect.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

enum class Sign { search, idle_p };

struct Storm {
  Storm(Scene& s, int ps, rt::Runtime& r)
      : scene(s),
        runtime(r),
        procs(ps),
        callers(static_cast<int>(s.parameter("callers", 0, procs - 2))),
        rounds(static_cast<int>(s.parameter("rounds", 1, 3))),
        main_late(s.parameter("main_late", 0, 5)),
        helper_late(s.parameter("helper_late", 0, 5)),
        caller_late(s.parameter("caller_late", 0, 5)),
        observers(s.parameter("observers", 0, 1) == 1),
        givers(static_cast<std::uint32_t>(s.parameter("givers", 0, 4))),
        yields(s.parameter("yields", 0, 2) == 0),
        caller_spawns(callers > 0 && s.parameter("caller_spawns", 0, 3) == 0),
        helpers(procs - 1),
        partners(procs - 1 - callers),
        meeting(procs) {}

  void wait_for_signal(int round, rt::os::Atomic<int>& ready) {
    ready.fetch_add(1, acq_rel);
    while (signal.load(acquire) <= round) rt::os::relax();
  }

  // In the runs with observers nobody moves before somebody searches or a P is
  // idle: what they do then falls into the end of that search.
  void be_late(Sign sign, std::int64_t late) {
    constexpr int looks = 32;
    rt::Counters seen;
    for (int i = 0; observers && i < looks; ++i) {
      runtime.counters(seen);
      if (seen.npidle != 0 || (sign == Sign::search && seen.nmspinning != 0)) break;
      rt::os::relax();
    }
    compute(scene.random(1u << late));
  }

  // A call that keeps its thread until those who meet have met.
  void stay_away(int round) {
    while (met.load(acquire) <= round) rt::os::relax();
  }

  // Keeps a P until the signal.
  void help(int round) {
    wait_for_signal(round, helpers_ready);
    if (scene.random(4) < givers) {
      be_late(Sign::search, helper_late);
      switch (scene.random(8)) {
        case 0: rt::blocking_call([&] { stay_away(round); }); break;
        case 1: rt::lock_thread(); break;  // the thread ends with it
        default: rt::handoff_call([&] { stay_away(round); }); break;
      }
    }
    all.done();
  }

  void call(bool spawns) {
    for (int round = 0; round < rounds; ++round) {
      rt::handoff_call([&] {
        wait_for_signal(round, callers_ready);
        be_late(Sign::idle_p, caller_late);
      });
      if (spawns) spawn_partners(round);
      meeting.attend(round);
    }
    all.done();
  }

  void spawn_partners(int round) {
    for (int i = 0; i < partners; ++i) {
      scene.go([this, round] {
        meeting.attend(round);
        all.done();
      });
    }
  }

  void lead() {
    all.add(callers + rounds * (helpers + partners));
    for (int i = 0; i < callers; ++i) {
      const bool spawns = caller_spawns && i == 0;
      scene.go([this, spawns] { call(spawns); });
    }
    for (int round = 0; round < rounds; ++round) {
      // Helpers leave no P free, and callers need one on their way to the call.
      while (callers_ready.load(acquire) < (round + 1) * callers) rt::os::relax();
      for (int i = 0; i < helpers; ++i) scene.go([this, round] { help(round); });
      while (helpers_ready.load(acquire) < (round + 1) * helpers) rt::os::relax();
      signal.store(round + 1, release);
      be_late(Sign::search, main_late);
      if (!caller_spawns) spawn_partners(round);
      if (yields) rt::yield();
      meeting.attend(round);
      met.store(round + 1, release);
      scene.ledger.progress.fetch_add(1);
    }
    waiting(scene, [this] { all.wait(); });
  }

  Scene& scene;
  rt::Runtime& runtime;
  const int procs;
  const int callers;  // who take part in every round, coming from a call
  const int rounds;
  // Upon the signal each waits for up to two to the power of so many pauses.
  const std::int64_t main_late;
  const std::int64_t helper_late;
  const std::int64_t caller_late;
  const bool observers;
  const std::uint32_t givers;  // of 4 helpers: who do not just end
  const bool yields;  // main goes behind the partners it has spawned
  const bool caller_spawns;  // not main
  const int helpers;
  const int partners;
  rt::os::Atomic<int> callers_ready{0, "callers_ready"};
  rt::os::Atomic<int> helpers_ready{0, "helpers_ready"};
  rt::os::Atomic<int> signal{0, "signal"};  // rounds begun
  rt::os::Atomic<int> met{0, "met"};        // rounds in which all have met
  Meeting meeting;
  rt::WaitGroup all;
};

void syscall_storm(Scene& scene) {
  const int procs = static_cast<int>(scene.parameter("procs", 2, 4));
  rt::Runtime runtime({.procs = procs});
  scene.watch(runtime);
  Storm storm(scene, procs, runtime);
  runtime.run([&] { storm.lead(); });
  scene.forget();
}

const RegisteredWorkload registered(
    {"syscall_storm", "at one signal calls return, Ps are given away, Gs end, and Gs that have to meet are spawned",
     Judges::scheduler, body_of<syscall_storm>});

}  // namespace
}  // namespace jitterbug
