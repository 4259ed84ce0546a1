// Gs tied to their threads come and go: they yield, nap and wait while tied, and
// some of them end tied, so that threads end and are made anew while others are on
// their way. In a chain each G spawns the next one and ends tied at once: one thread
// after the other, each from the one before it.

#include <algorithm>

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Crowd {
  explicit Crowd(Scene& s)
      : scene(s),
        procs(static_cast<int>(s.parameter("procs", 1, 4))),
        tied(static_cast<int>(s.parameter("tied", 1, 5))),
        loose(static_cast<int>(s.parameter("loose", 0, 4))),
        moves(static_cast<int>(s.parameter("moves", 0, 3))),
        links(static_cast<int>(std::max<std::int64_t>(s.parameter("links", -8, 8), 0))),
        end_tied(s.parameter("end_tied", 0, 3) != 0) {}

  void stir() {
    for (int i = 0; i < moves; ++i) {
      switch (scene.random(4)) {
        case 0: rt::yield(); break;
        case 1: rt::sleep(rt::microsecond * (1 + scene.random(20))); break;
        case 2: rt::blocking_call([this] { rt::os::sleep(rt::microsecond * (1 + scene.random(50))); }); break;
        default: compute(scene.random(10)); break;
      }
    }
  }

  void run_tied() {
    rt::lock_thread();
    rt::lock_thread();
    stir();
    rt::unlock_thread();
    if (!end_tied) rt::unlock_thread();
    all.done();
  }

  void run_link(int left) {
    rt::lock_thread();
    if (left > 1) scene.go([this, left] { run_link(left - 1); });
    all.done();
  }

  void run_loose() {
    stir();
    all.done();
  }

  Scene& scene;
  const int procs;
  const int tied;
  const int loose;
  const int moves;
  const int links;  // of the chain
  const bool end_tied;
  rt::WaitGroup all;
};

void locked_gs(Scene& scene) {
  Crowd crowd(scene);
  rt::Runtime runtime({.procs = crowd.procs});
  scene.watch(runtime);
  runtime.run([&] {
    crowd.all.add(crowd.tied + crowd.loose + crowd.links);
    if (crowd.links > 0) scene.go([&crowd] { crowd.run_link(crowd.links); });
    for (int i = 0; i < crowd.tied + crowd.loose; ++i) {
      const bool ties = i < crowd.tied;
      scene.go([&crowd, ties] { ties ? crowd.run_tied() : crowd.run_loose(); });
    }
    waiting(scene, [&] { crowd.all.wait(); });
  });
  scene.forget();
}

const RegisteredWorkload registered(
    {"locked_gs", "Gs tied to their threads move about, and threads end with them while others are made",
     Judges::scheduler, body_of<locked_gs>});

}  // namespace
}  // namespace jitterbug
