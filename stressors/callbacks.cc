// External threads call into the runtime in loops: more of them than there are
// spare Ms, some before the runtime has started. Their Gs compute, yield, sleep,
// make system calls, and park until another G readies them. In some runs each waits
// inside until all are in: nobody gives an M back before there is one for everybody.
// main stays alive by sleeping until all calls are done.

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Calls {
  explicit Calls(Scene& s)
      : scene(s),
        procs(static_cast<int>(s.parameter("procs", 1, 3))),
        callers(draw_callers(s)),
        calls(static_cast<int>(s.parameter("calls", 1, callers > 8 ? 1 : 4))),
        together(callers <= 8 && s.parameter("together", 0, 5) == 0),
        early(s.parameter("early", 0, 1) == 1),
        nap_us(static_cast<int>(s.parameter("nap_us", 20, 100))) {}

  static int draw_callers(Scene& s) {
    const bool crowd = s.parameter("crowd", 0, 15) == 0;
    return static_cast<int>(s.parameter("callers", crowd ? 9 : 1, crowd ? 50 : 6));
  }

  void park_and_be_readied() {
    rt::Parker gate;
    scene.go([&gate] { gate.ready(); });
    waiting(scene, [&] { gate.park(); });
  }

  void wait_for_all(int call) {
    inside.fetch_add(1, acq_rel);
    const int all = (call + 1) * callers;
    rt::handoff_call([&] {
      while (inside.load(acquire) < all) rt::os::relax();
    });
  }

  void body(int call) {
    if (together) return wait_for_all(call);
    switch (scene.random(6)) {
      case 0: rt::yield(); break;
      case 1: waiting(scene, [&] { rt::sleep((1 + scene.random(20)) * rt::microsecond); }); break;
      case 2: park_and_be_readied(); break;
      case 3: rt::handoff_call([this] { rt::os::sleep((1 + scene.random(20)) * rt::microsecond); }); break;
      case 4: rt::blocking_call([this] { rt::os::sleep((1 + scene.random(50)) * rt::microsecond); }); break;
      default: compute(scene.random(20)); break;
    }
  }

  void call_in(rt::Runtime& runtime) {
    for (int i = 0; i < calls; ++i) {
      scene.ledger.callbacks_begun.fetch_add(1);
      const bool done = runtime.callback([this, i] { body(i); });
      scene.expect(done, OracleId::callbacks, "a callback is not refused while main is running");
      scene.ledger.callbacks_ended.fetch_add(1);
      scene.ledger.progress.fetch_add(1);
    }
    callers_done.fetch_add(1, acq_rel);
  }

  void start_callers(rt::Runtime& runtime) {
    for (int i = 0; i < callers; ++i) scene.external([this, &runtime] { call_in(runtime); });
  }

  void outlive_callers() {
    nap_until(nap_us * rt::microsecond, [this] { return callers_done.load(acquire) >= callers; });
  }

  Scene& scene;
  const int procs;
  const int callers;
  const int calls;   // of each
  const bool together;
  const bool early;  // they call before run()
  const int nap_us;
  rt::os::Atomic<int> inside{0, "inside"};
  rt::os::Atomic<int> callers_done{0, "callers_done"};
};

void callbacks(Scene& scene) {
  Calls calls(scene);
  rt::Runtime runtime({.procs = calls.procs});
  scene.watch(runtime);
  if (calls.early) calls.start_callers(runtime);
  runtime.run([&] {
    if (!calls.early) calls.start_callers(runtime);
    calls.outlive_callers();
  });
  scene.join_external();
  scene.forget();
}

const RegisteredWorkload registered(
    {"callbacks", "external threads run Gs of their own on few spare Ms, and yield, sleep and park in them",
     Judges::scheduler, body_of<callbacks>});

}  // namespace
}  // namespace jitterbug
