// A G takes naps; main comes by while they end, now and then, and waits in between.
// Another G waits for a byte all the time, so that an M without work may sleep in the
// poller even if there is no timer left.
//
// So a nap's end is taken by main's M while another M is about to sleep until then,
// and the next nap is armed when that M sleeps already. What it sleeps until, and
// what others believe it sleeps until, must be the same.
//
// In some runs main computes before it does anything: then the first work of all is
// the runtime's own, which must not wait for main to make room.

#include <algorithm>

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "runtime/api/pipe.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Naps {
  explicit Naps(Scene& s)
      : scene(s),
        rounds(static_cast<int>(s.parameter("rounds", 2, 8))),
        nappers(static_cast<int>(s.parameter("nappers", 1, 2))),
        visits(static_cast<int>(s.parameter("visits", 1, 12))),
        work(static_cast<std::uint32_t>(s.parameter("work", 1, 12))),
        nap(rt::Duration{100} << s.parameter("nap", 0, 9)),
        dawn(static_cast<std::uint32_t>(std::max<std::int64_t>(s.parameter("dawn", -200, 200), 0))) {}

  void take_nap() {
    const rt::Duration d = 1 + scene.random(static_cast<std::uint32_t>(nap));
    waiting(scene, [d] { rt::sleep(d); });
  }

  void take_naps() {
    take_nap();
    compute(scene.random(work));
    take_nap();
    all.done();
  }

  void wait_for_byte(rt::Pipe& pipe) {
    char byte = 0;
    waiting(scene, [&] { pipe.read(&byte, 1); });
    reader.done();
  }

  void lead(rt::Pipe& pipe) {
    compute(dawn);
    reader.add(1);
    scene.go([this, &pipe] { wait_for_byte(pipe); });
    for (int round = 0; round < rounds; ++round) {
      all.add(nappers);
      for (int i = 0; i < nappers; ++i) scene.go([this] { take_naps(); });
      for (int i = 0; i < visits; ++i) {
        compute(scene.random(work));
        rt::yield();
      }
      waiting(scene, [this] { all.wait(); });
    }
    const char byte = 'x';
    pipe.write(&byte, 1);
    waiting(scene, [this] { reader.wait(); });
  }

  Scene& scene;
  const int rounds;
  const int nappers;
  const int visits;           // of main in a round
  const std::uint32_t work;   // pauses, fewer than it
  const rt::Duration nap;     // at most
  const std::uint32_t dawn;   // pauses of main before it does anything
  rt::WaitGroup all;
  rt::WaitGroup reader;
};

void naps(Scene& scene) {
  Naps state(scene);
  rt::Runtime runtime({.procs = static_cast<int>(scene.parameter("procs", 2, 3))});
  scene.watch(runtime);
  runtime.run([&] {
    rt::Pipe pipe;
    if (pipe.ok()) state.lead(pipe);
  });
  scene.forget();
}

const RegisteredWorkload registered(
    {"naps", "timers are taken and armed anew while an M is about to sleep in the poller until the earliest of them",
     Judges::scheduler, body_of<naps>});

}  // namespace
}  // namespace jitterbug
