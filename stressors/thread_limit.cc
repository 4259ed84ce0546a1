// Threads come close to their limit. Blocked calls keep an M each; at some drawn
// limits that is too much and has to be reported, at others not. Meanwhile more
// external threads than the limit allows are inside callbacks, which do not count.

#include <algorithm>

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Crowd {
  explicit Crowd(Scene& s)
      : scene(s),
        procs(static_cast<int>(s.parameter("procs", 1, 2))),
        calls(static_cast<int>(s.parameter("calls", 0, 5))),
        callers(draw_callers(s)),
        repeats(callers > 8 ? 1 : static_cast<int>(s.parameter("repeats", 1, 3))),
        limit(draw_limit(s)) {}

  static int draw_callers(Scene& s) {
    if (s.parameter("from_outside", 0, 2) == 0) return 0;
    const bool crowd = s.parameter("crowd", 0, 7) == 0;
    return static_cast<int>(s.parameter("callers", crowd ? 10 : 2, crowd ? 16 : 6));
  }

  // Too low, just right, or roomy, and often less than there are callers.
  int draw_limit(Scene& s) const {
    const int needed = 2 + calls + procs;  // the first M's thread and sysmon's among them
    return std::max(needed + static_cast<int>(s.parameter("room", -3, 3)), 1);
  }

  void block() {
    all.add(calls);
    for (int i = 0; i < calls; ++i) {
      scene.go([this] {
        rt::handoff_call([this] { rt::os::sleep((50 + scene.random(100)) * rt::microsecond); });
        all.done();
      });
    }
    waiting(scene, [&] { all.wait(); });
  }

  void call_in(rt::Runtime& runtime) {
    scene.ledger.callbacks_begun.fetch_add(1);
    const rt::Duration d = scene.random(60) * rt::microsecond;
    const bool done = runtime.callback([d] { rt::handoff_call([d] { rt::os::sleep(d); }); });
    scene.expect(done, OracleId::callbacks, "a callback is not refused while main is running");
    scene.ledger.callbacks_ended.fetch_add(1);
    scene.ledger.progress.fetch_add(1);
  }

  void start_callers(rt::Runtime& runtime) {
    for (int i = 0; i < callers; ++i) {
      scene.external([this, &runtime] {
        for (int k = 0; k < repeats; ++k) call_in(runtime);
      });
    }
  }

  void outlive_callers() {
    nap_until(50 * rt::microsecond, [this] { return scene.ledger.callbacks_ended.load() >= callers * repeats; });
  }

  Scene& scene;
  const int procs;
  const int calls;
  const int callers;
  const int repeats;  // calls of each caller
  const int limit;
  rt::WaitGroup all;
};

void thread_limit(Scene& scene) {
  Crowd crowd(scene);
  scene.ledger.thread_limit.store(crowd.limit);
  rt::Runtime runtime({.procs = crowd.procs, .thread_limit = crowd.limit});
  scene.watch(runtime);
  runtime.run([&] {
    crowd.start_callers(runtime);
    crowd.block();
    crowd.outlive_callers();
  });
  scene.join_external();
  scene.forget();
}

const RegisteredWorkload registered(
    {"thread_limit", "threads come close to their limit, by blocked calls and by callbacks that do not count",
     Judges::scheduler, body_of<thread_limit>});

}  // namespace
}  // namespace jitterbug
