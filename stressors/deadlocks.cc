// A true deadlock, which must be reported: in the end every G waits for ever. What
// went before is drawn, for each of it changes a count the check rests on: Ms that
// came and parked, spare Ms of callbacks that are over, locked Gs, a poller that
// was used, timers that have expired, threads that could not be made.

#include <deque>

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "runtime/api/pipe.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Trap {
  explicit Trap(Scene& s)
      : scene(s),
        procs(static_cast<int>(s.parameter("procs", 1, 4))),
        victims(draw_some(s, "victims", 5)),
        locked(draw_some(s, "locked", 1) == 1),
        callers(draw_some(s, "callers", 3)),
        calls(draw_some(s, "calls", 4)),
        piped(draw_some(s, "piped", 1) == 1),
        nap(draw_some(s, "nap", 1) == 1),
        gates(static_cast<std::size_t>(victims) + 1),
        free(victims + 1, "free") {}

  // None in half of the runs, otherwise 1 to `most`.
  static int draw_some(Scene& s, std::string_view name, int most) {
    const std::int64_t drawn = s.parameter(name, -most + 1, most);
    return drawn > 0 ? static_cast<int>(drawn) : 0;
  }

  // Never returns. The last one in closes the trap.
  void stay(int place) {
    if (locked) rt::lock_thread();
    scene.ledger.progress.fetch_add(1);
    const int left = free.fetch_sub(1, acq_rel);
    if (left == 1) scene.ledger.stuck_on_purpose.store(true);
    for (;;) gates[static_cast<std::size_t>(place)].park();
  }

  void make_calls() {
    if (calls == 0) return;
    all.add(calls);
    for (int i = 0; i < calls; ++i) {
      scene.go([this] {
        rt::handoff_call([this] { rt::os::sleep((1 + scene.random(30)) * rt::microsecond); });
        all.done();
      });
    }
    waiting(scene, [&] { all.wait(); });
  }

  void make_callbacks(rt::Runtime& runtime) {
    for (int i = 0; i < callers; ++i) {
      scene.external([this, &runtime] {
        scene.ledger.callbacks_begun.fetch_add(1);
        runtime.callback([this] { compute(scene.random(20)); });
        scene.ledger.callbacks_ended.fetch_add(1);
        callers_done.fetch_add(1, acq_rel);
      });
    }
    nap_until(20 * rt::microsecond, [this] { return callers_done.load(acquire) >= callers; });
  }

  void use_poller() {
    if (!piped) return;
    rt::Pipe pipe;
    if (!pipe.ok()) return;
    all.add(1);
    scene.go([this, &pipe] {
      char byte = 0;
      waiting(scene, [&] { pipe.read(&byte, 1); });
      all.done();
    });
    rt::yield();
    const char byte = 'x';
    pipe.write(&byte, 1);
    waiting(scene, [&] { all.wait(); });
  }

  Scene& scene;
  const int procs;
  const int victims;
  const bool locked;
  const int callers;
  const int calls;
  const bool piped;
  const bool nap;
  std::deque<rt::Parker> gates;
  rt::os::Atomic<int> free;  // Gs that are not in the trap yet
  rt::os::Atomic<int> callers_done{0, "callers_done"};
  rt::WaitGroup all;
};

void deadlocks(Scene& scene) {
  Trap trap(scene);
  rt::Runtime runtime({.procs = trap.procs});
  scene.watch(runtime);
  runtime.run([&] {
    trap.make_calls();
    trap.make_callbacks(runtime);
    trap.use_poller();
    if (trap.nap) waiting(scene, [] { rt::sleep(30 * rt::microsecond); });
    for (int place = 1; place <= trap.victims; ++place) scene.go([&trap, place] { trap.stay(place); });
    trap.stay(0);
  });
  scene.forget();
}

const RegisteredWorkload registered(
    {"deadlocks", "every G waits for another one, after all kinds of threads have come and gone: it must be reported",
     Judges::scheduler, body_of<deadlocks>});

}  // namespace
}  // namespace jitterbug
