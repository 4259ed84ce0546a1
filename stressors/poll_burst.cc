// Readers wait on pipes. A writer makes several of them ready at once and parks,
// so that the readiness is found while the last Ps go idle: by an M that sleeps in
// the poller, by one that looks in passing, or by sysmon.
//
// In the runs with a meeting the readers of a batch wait for each other without
// yielding, so one that is overlooked stays. In the runs with a chain only the
// first is written to, and each reader writes to the next.

#include <deque>

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "runtime/api/pipe.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Burst {
  explicit Burst(Scene& s)
      : scene(s),
        procs(static_cast<int>(s.parameter("procs", 2, 4))),
        meet(s.parameter("meet", 0, 1) == 1),
        chain(!meet && s.parameter("chain", 0, 2) == 0),
        readers(meet ? procs : static_cast<int>(s.parameter("readers", 1, procs + 2))),
        rounds(static_cast<int>(s.parameter("rounds", 2, 5))),
        extras(static_cast<int>(s.parameter("extras", 0, 4))),
        work(static_cast<int>(s.parameter("work", 0, 40))),
        pipes(static_cast<std::size_t>(readers)),
        meeting(readers),
        finish(readers) {}

  void write_to(int reader) {
    const char byte = 'x';
    waiting(scene, [&] { pipes[reader].write(&byte, 1); });
  }

  void read(int reader) {
    for (int round = 0; round < rounds; ++round) {
      char byte = 0;
      waiting(scene, [&] { pipes[reader].read(&byte, 1); });
      if (chain && reader + 1 < readers) write_to(reader + 1);
      if (meet) {
        meeting.attend(round);
      } else {
        compute(scene.random(work + 1));
      }
      finish.arrive();
    }
    all.done();
  }

  // Gs that have nothing to do with the pipes: their Ms are about to idle when the
  // batch arrives.
  void add_extras() {
    all.add(extras);
    for (int i = 0; i < extras; ++i) {
      scene.go([this] {
        compute(scene.random(work + 1));
        all.done();
      });
    }
  }

  void write_rounds() {
    for (int round = 0; round < rounds; ++round) {
      add_extras();
      compute(scene.random(work + 1));
      for (int reader = 0; reader < (chain ? 1 : readers); ++reader) write_to(reader);
      finish.wait(scene);
    }
  }

  bool pipes_ok() const {
    for (const rt::Pipe& pipe : pipes) {
      if (!pipe.ok()) return false;
    }
    return true;
  }

  Scene& scene;
  const int procs;
  const bool meet;
  const bool chain;
  const int readers;
  const int rounds;
  const int extras;
  const int work;
  std::deque<rt::Pipe> pipes;
  Meeting meeting;
  Finish finish;
  rt::WaitGroup all;
};

void poll_burst(Scene& scene) {
  const int procs = static_cast<int>(scene.parameter("procs", 2, 4));
  rt::Runtime runtime({.procs = procs});
  scene.watch(runtime);
  runtime.run([&] {
    Burst burst(scene);
    if (!burst.pipes_ok()) return;
    burst.all.add(burst.readers);
    for (int reader = 0; reader < burst.readers; ++reader) scene.go([&burst, reader] { burst.read(reader); });
    burst.write_rounds();
    waiting(scene, [&] { burst.all.wait(); });
  });
  scene.forget();
}

const RegisteredWorkload registered({"poll_burst", "several descriptors become ready at once while the last Ps go idle",
                                     Judges::scheduler, body_of<poll_burst>});

}  // namespace
}  // namespace jitterbug
