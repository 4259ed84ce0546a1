// One P. A G loops in system calls that give its P away; sysmon, which has no P and
// is not counted for deadlock, injects the scavenger, a G of the runtime's own.
// While it holds the P the G returns, finds no idle P, queues itself, and its M
// parks as the last one that counts.
//
// Each round makes that meeting likely: short Gs leave more stacks than are kept,
// so the scavenger is wanted; a long call lets sysmon fall into its deep sleep; the
// return from it wakes sysmon, and a very short second call leaves the P idle when
// sysmon comes to inject.
//
// Hoarders keep an M each in a long call, so that the next injection finds no idle
// M and has to make a thread.

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Injection {
  explicit Injection(Scene& s)
      : scene(s),
        loopers(s.parameter("pair", 0, 5) == 0 ? 2 : 1),
        rounds(static_cast<int>(s.parameter("rounds", 1, 4))),
        litter(static_cast<int>(s.parameter("litter", 2, 3))),
        call_us(static_cast<int>(s.parameter("call_us", 50, 200))),
        quick(static_cast<int>(s.parameter("quick", 0, 40))),
        hoard_one_in(static_cast<int>(s.parameter("hoard_one_in", 2, 9))),
        spare(s.parameter("spare", 0, 3) == 0) {}

  template <class Body>
  void spawn(Body body) {
    all.add(1);
    scene.go(body);
  }

  // Each of the Gs has begun before the first ends: it takes a stack of its own.
  void drop_litter() {
    for (int i = 0; i < litter; ++i) {
      spawn([this] {
        rt::yield();
        all.done();
      });
    }
    rt::yield();
    rt::yield();
  }

  void hoard() {
    const rt::Duration d = (1 + scene.random(8)) * call_us * rt::microsecond;
    spawn([this, d] {
      rt::handoff_call([d] { rt::os::sleep(d); });
      all.done();
    });
    rt::yield();
  }

  void long_call() {
    const rt::Duration d = (5 + scene.random(call_us)) * rt::microsecond;
    if (scene.random(8) == 0) {
      rt::blocking_call([d] { rt::os::sleep(d); });
    } else {
      rt::handoff_call([d] { rt::os::sleep(d); });
    }
    scene.ledger.progress.fetch_add(1);
  }

  void quick_call() {
    const std::uint32_t pauses = scene.random(quick + 1);
    rt::handoff_call([pauses] { compute(pauses); });
    scene.ledger.progress.fetch_add(1);
  }

  void loop() {
    for (int round = 0; round < rounds; ++round) {
      drop_litter();
      if (scene.random(hoard_one_in) == 0) hoard();
      long_call();
      quick_call();
    }
    all.done();
  }

  Scene& scene;
  const int loopers;
  const int rounds;
  const int litter;
  const int call_us;
  const int quick;  // pauses within the short call, at most
  const int hoard_one_in;
  const bool spare;  // an idle M exists from the beginning
  rt::WaitGroup all;
};

// The call's M and the one that serves main meanwhile: two, and one idles later.
void make_spare_m(Injection& injection) {
  injection.spawn([&injection] {
    rt::handoff_call([] { rt::os::sleep(1 * rt::microsecond); });
    injection.all.done();
  });
  rt::yield();
}

void syscall_injector(Scene& scene) {
  Injection injection(scene);
  rt::Runtime runtime({.procs = 1});
  scene.watch(runtime);
  runtime.run([&] {
    if (injection.spare) make_spare_m(injection);
    for (int i = 0; i < injection.loopers; ++i) injection.spawn([&injection] { injection.loop(); });
    waiting(scene, [&] { injection.all.wait(); });
  });
  scene.forget();
}

const RegisteredWorkload registered({"syscall_injector",
                                     "one P: system calls return while sysmon, which is not counted, injects a G",
                                     Judges::scheduler, body_of<syscall_injector>});

}  // namespace
}  // namespace jitterbug
