// A producer readies a burst of parked consumers and parks until they are done.
// The next burst comes at a drawn distance, so that it meets the Ms of the last
// one in every phase of giving up: spinning, about to drop their Ps, parked.
//
// In the runs with a meeting the consumers of a burst wait for each other without
// yielding: a G that was readied beside an idle P and is not fetched stays.

#include <deque>

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Shape {
  int procs;
  int lanes;    // consumers
  int rounds;
  bool meet;
  int phase;    // pauses between two bursts, at most
  int work;     // pauses of a consumer without a meeting, at most
};

Shape draw_shape(Scene& scene) {
  Shape s{};
  // Many Ps and one G per burst make every M but one search in vain.
  const bool wide = scene.parameter("wide", 0, 7) == 0;
  s.meet = scene.parameter("meet", 0, 2) != 0;
  s.procs = wide ? 8 : static_cast<int>(scene.parameter("procs", s.meet ? 3 : 2, 4));
  // As many as Ps, or one that is overlooked finds another P in the end.
  s.meet = s.meet && !wide;
  s.lanes = s.meet ? s.procs : static_cast<int>(scene.parameter("lanes", 1, wide ? 2 : s.procs + 2));
  s.rounds = static_cast<int>(scene.parameter("rounds", 3, 8));
  s.phase = static_cast<int>(scene.parameter("phase", 0, 20));
  s.work = static_cast<int>(scene.parameter("work", 0, 60));
  return s;
}

struct Storm {
  Storm(Scene& sc, const Shape& sh) : scene(sc), shape(sh), gates(sh.lanes), meeting(sh.lanes), finish(sh.lanes) {}

  void consume(int lane) {
    for (int round = 0; round < shape.rounds; ++round) {
      waiting(scene, [&] { gates[lane].park(); });
      if (shape.meet) {
        meeting.attend(round);
      } else {
        compute(scene.random(shape.work + 1));
      }
      finish.arrive();
    }
    all.done();
  }

  void produce() {
    for (int round = 0; round < shape.rounds; ++round) {
      compute(scene.random(shape.phase + 1));
      for (rt::Parker& gate : gates) gate.ready();
      finish.wait(scene);
    }
  }

  Scene& scene;
  const Shape shape;
  std::deque<rt::Parker> gates;
  Meeting meeting;
  Finish finish;
  rt::WaitGroup all;
};

void wake_storm(Scene& scene) {
  const Shape shape = draw_shape(scene);
  Storm storm(scene, shape);
  rt::Runtime runtime({.procs = shape.procs});
  scene.watch(runtime);
  runtime.run([&] {
    storm.all.add(shape.lanes);
    for (int lane = 0; lane < shape.lanes; ++lane) scene.go([&storm, lane] { storm.consume(lane); });
    storm.produce();
    waiting(scene, [&] { storm.all.wait(); });
  });
  scene.forget();
}

const RegisteredWorkload registered(
    {"wake_storm", "a producer readies parked consumers at the moment when the Ms that served the last ones park",
     Judges::scheduler, body_of<wake_storm>});

}  // namespace
}  // namespace jitterbug
