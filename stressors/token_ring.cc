// As many Gs as Ps pass a token round by spinning and never yield: all of them
// have to run at the same time. When a generation has passed its token all but one
// of its Gs end, and the one that stays spawns the next generation while the other
// Ms are winding down: one or two spin, the spinner limit turns the next away, and
// each is about to drop its P. Whoever overlooks a G then has no second chance.

#include <algorithm>
#include <optional>

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "runtime/api/pipe.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

// In the first lap a member may come when an earlier one has left its turn behind;
// the second needs all of them at once.
constexpr int laps = 2;

struct Ring {
  explicit Ring(Scene& s)
      : scene(s),
        members(static_cast<int>(s.parameter("procs", 3, 4))),
        generations(static_cast<int>(s.parameter("generations", 2, 5))),
        load(draw_load(s)),
        phase(static_cast<int>(s.parameter("phase", 0, 30))),
        nested(s.parameter("nested", 0, 3) == 0),
        poller(s.parameter("poller", 0, 7) == 0) {}

  // None in half of the runs.
  static int draw_load(Scene& s) { return static_cast<int>(std::max<std::int64_t>(s.parameter("load", -5, 6), 0)); }

  // A burst of short Gs before the first generation.
  void warm_up() {
    all.add(load);
    for (int i = 0; i < load; ++i) {
      scene.go([this] {
        compute(scene.random(phase + 1));
        all.done();
      });
    }
    waiting(scene, [&] { all.wait(); });
  }

  void spawn(int place) {
    scene.go([this, place] { take_part(place); });
  }

  void spawn_from(int place) {
    if (nested) {
      if (place + 1 < members) spawn(place + 1);
    } else if (place == 0) {
      for (int other = 1; other < members; ++other) spawn(other);
    }
  }

  void take_part(int place) {
    const std::int64_t first = base;
    spawn_from(place);
    for (int lap = 0; lap < laps; ++lap) {
      const std::int64_t mine = first + lap * members + place;
      while (token.load(acquire) != mine) rt::os::relax();
      token.store(mine + 1, release);
      scene.ledger.progress.fetch_add(1);
    }
    if (place != 0) all.done();
  }

  // On main, which is place 0 of every generation and keeps its P throughout.
  void lead() {
    for (int generation = 0; generation < generations; ++generation) {
      all.add(members - 1);
      take_part(0);
      const std::int64_t last = base + laps * members;
      while (token.load(acquire) != last) rt::os::relax();
      base = last;
      compute(scene.random(phase + 1));
    }
    waiting(scene, [&] { all.wait(); });
  }

  Scene& scene;
  const int members;
  const int generations;
  const int load;
  const int phase;
  const bool nested;  // each spawns the next; otherwise main spawns all
  const bool poller;  // a G waits in the poller meanwhile, so that an M sleeps there
  std::int64_t base = 0;  // the generation's first token; main changes it when all have passed theirs
  rt::os::Atomic<std::int64_t> token{0, "token"};
  rt::WaitGroup all;
  rt::WaitGroup bystanders;
};

// A G that waits for a byte until the pipe's owner sends it.
void stand_by(Ring& ring, rt::Pipe& pipe) {
  ring.bystanders.add(1);
  ring.scene.go([&ring, &pipe] {
    char byte = 0;
    waiting(ring.scene, [&] { pipe.read(&byte, 1); });
    ring.bystanders.done();
  });
}

void send_home(Ring& ring, rt::Pipe& pipe) {
  const char byte = 'x';
  pipe.write(&byte, 1);
  waiting(ring.scene, [&] { ring.bystanders.wait(); });
}

void token_ring(Scene& scene) {
  Ring ring(scene);
  rt::Runtime runtime({.procs = ring.members});
  scene.watch(runtime);
  runtime.run([&] {
    std::optional<rt::Pipe> pipe;
    if (ring.poller) pipe.emplace();
    const bool polled = pipe.has_value() && pipe->ok();
    if (polled) stand_by(ring, *pipe);
    if (ring.load > 0) ring.warm_up();
    ring.lead();
    if (polled) send_home(ring, *pipe);
  });
  scene.forget();
}

const RegisteredWorkload registered(
    {"token_ring", "as many Gs as Ps pass a token by spinning and never yield, right after a burst has died down",
     Judges::scheduler, body_of<token_ring>});

}  // namespace
}  // namespace jitterbug
