// One external thread is inside a callback while main and every other G wait for
// it: not a deadlock, although no M of the runtime's own is left running. In the
// end the callback lets main go.

#include <deque>

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct LongCall {
  explicit LongCall(Scene& s)
      : scene(s),
        procs(static_cast<int>(s.parameter("procs", 1, 3))),
        others(static_cast<int>(s.parameter("others", 0, 3))),
        pieces(static_cast<int>(s.parameter("pieces", 1, 4))),
        short_calls(static_cast<int>(s.parameter("short_calls", 0, 2))),
        gates(static_cast<std::size_t>(others)) {}

  // The different ways of being busy for a caller from outside.
  void piece() {
    const rt::Duration d = (20 + scene.random(200)) * rt::microsecond;
    switch (scene.random(5)) {
      case 0: rt::os::sleep(d); break;
      case 1: rt::blocking_call([d] { rt::os::sleep(d); }); break;
      case 2: rt::handoff_call([d] { rt::os::sleep(d); }); break;
      case 3: rt::sleep(d); break;
      default: compute(scene.random(100)); break;
    }
    scene.ledger.progress.fetch_add(1);
  }

  void call_in(rt::Runtime& runtime, bool last) {
    scene.ledger.callbacks_begun.fetch_add(1);
    const bool done = runtime.callback([this, last] {
      if (!last) return;
      inside.store(1, release);
      for (int i = 0; i < pieces; ++i) piece();
      for (rt::Parker& gate : gates) gate.ready();
      main_gate.ready();
    });
    scene.expect(done, OracleId::callbacks, "a callback is not refused while main is running");
    scene.ledger.callbacks_ended.fetch_add(1);
    scene.ledger.progress.fetch_add(1);
  }

  void wait_for_others() {
    all.add(others);
    for (rt::Parker& gate : gates) {
      scene.go([this, &gate] {
        waiting(scene, [&] { gate.park(); });
        all.done();
      });
    }
  }

  Scene& scene;
  const int procs;
  const int others;
  const int pieces;
  const int short_calls;
  std::deque<rt::Parker> gates;
  rt::Parker main_gate;
  rt::os::Atomic<int> inside{0, "inside"};
  rt::WaitGroup all;
};

void long_callback(Scene& scene) {
  LongCall call(scene);
  rt::Runtime runtime({.procs = call.procs});
  scene.watch(runtime);
  runtime.run([&] {
    scene.external([&] {
      for (int i = 0; i < call.short_calls; ++i) call.call_in(runtime, false);
      call.call_in(runtime, true);
    });
    call.wait_for_others();
    nap_until(20 * rt::microsecond, [&] { return call.inside.load(acquire) != 0; });
    waiting(scene, [&] { call.main_gate.park(); });
    waiting(scene, [&] { call.all.wait(); });
    // The thread must be out before run() returns, for its callback is to be served.
    nap_until(20 * rt::microsecond, [&] { return scene.ledger.callbacks_ended.load() > call.short_calls; });
  });
  scene.join_external();
  scene.forget();
}

const RegisteredWorkload registered({"long_callback",
                                     "one external thread is inside a callback while every other G waits: no deadlock",
                                     Judges::scheduler, body_of<long_callback>});

}  // namespace
}  // namespace jitterbug
