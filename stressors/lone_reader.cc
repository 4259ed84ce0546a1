// main alone reads from a pipe that an external thread writes to, a moment after
// main has asked for a byte. Before it asks, main makes a long system call: every P
// is idle meanwhile, nobody looks at the poller, and sysmon, woken by main's return,
// has to. So the byte arrives while main's M is about to park and sysmon has the
// event in hand: nobody else knows that main is going to run again.

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "runtime/api/pipe.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Reader {
  explicit Reader(Scene& s)
      : scene(s), rounds(static_cast<int>(s.parameter("rounds", 2, 8))), delay(s.parameter("delay", 0, 6)) {}

  void read(rt::Pipe& pipe) {
    constexpr rt::Duration longer_than_a_slice = 11 * rt::millisecond;
    for (int round = 1; round <= rounds; ++round) {
      rt::handoff_call([] { rt::os::sleep(longer_than_a_slice); });
      asked.store(round, release);
      char byte = 0;
      waiting(scene, [&] { pipe.read(&byte, 1); });
    }
  }

  void write(rt::Pipe& pipe) {
    for (int round = 1; round <= rounds; ++round) {
      while (asked.load(acquire) < round) rt::os::relax();
      compute(scene.random(1u << delay));
      const char byte = 'x';
      scene.expect(pipe.write_some(&byte, 1) == 1, OracleId::callbacks, "an empty pipe takes a byte");
    }
  }

  Scene& scene;
  const int rounds;
  const std::int64_t delay;  // pauses of the writer before each byte: fewer than two to the power of it
  rt::os::Atomic<int> asked{0, "asked"};
};

void lone_reader(Scene& scene) {
  Reader reader(scene);
  rt::Runtime runtime({.procs = static_cast<int>(scene.parameter("procs", 1, 2))});
  scene.watch(runtime);
  runtime.run([&] {
    rt::Pipe pipe;
    if (!pipe.ok()) return;
    scene.external([&] { reader.write(pipe); });
    reader.read(pipe);
    scene.join_external();
  });
  scene.forget();
}

const RegisteredWorkload registered(
    {"lone_reader", "sysmon holds the event that main waits for while the only other M is about to park",
     Judges::scheduler, body_of<lone_reader>});

}  // namespace
}  // namespace jitterbug
