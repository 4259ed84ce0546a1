// All Ps are idle for so long that sysmon sleeps deeply, until somebody who gets a P wakes
// it. Then, by a timer, by the return of a call or by a byte, the Gs that keep the Ps come
// back. Each spawns a G and enters a call that ends only after that G has run: nobody but
// sysmon, which finds the P in a system call for two of its rounds, can give it the P.
//
// Those in a call do not pause in their loops: what a sysmon that sleeps on costs is
// counted in steps.

#include <deque>

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "runtime/api/pipe.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

enum class Way { timer, call, byte };

struct DeepSleep {
  explicit DeepSleep(Scene& s)
      : scene(s),
        procs(static_cast<int>(s.parameter("procs", 1, 2))),
        rounds(static_cast<int>(s.parameter("rounds", 1, 3))),
        rest(s.parameter("rest_us", 60, 300) * rt::microsecond),
        way(static_cast<Way>(s.parameter("way", 0, 2))) {}

  Scene& scene;
  const int procs;
  const int rounds;
  const rt::Duration rest;
  const Way way;
  rt::WaitGroup all;
};

// A G that keeps a P, and who writes it a byte when its rest is over.
struct Keeper {
  explicit Keeper(DeepSleep& s) : sleep(s) {}

  void rest(int round) {
    const rt::Duration d = sleep.rest;
    if (sleep.way == Way::timer) return waiting(sleep.scene, [d] { rt::sleep(d); });
    if (sleep.way == Way::call) return rt::handoff_call([d] { rt::os::sleep(d); });
    asked.store(round, release);
    char byte;
    waiting(sleep.scene, [&] { pipe.read(&byte, 1); });
  }

  void write() {
    constexpr rt::Duration look = 5 * rt::microsecond;
    for (int round = 1; round <= sleep.rounds; ++round) {
      while (asked.load(acquire) < round) rt::os::sleep(look);
      rt::os::sleep(sleep.rest);
      const char byte = 'x';
      sleep.scene.expect(pipe.write_some(&byte, 1) == 1, OracleId::callbacks, "an empty pipe takes a byte");
    }
  }

  void run() {
    for (int round = 1; round <= sleep.rounds; ++round) {
      rest(round);
      sleep.scene.go([this, round] { answered.store(round, release); });
      rt::blocking_call([this, round] {
        while (answered.load(acquire) < round) {
        }
      });
      sleep.scene.ledger.progress.fetch_add(1);
    }
    sleep.all.done();
  }

  DeepSleep& sleep;
  rt::Pipe pipe;
  rt::os::Atomic<int> asked{0};
  rt::os::Atomic<int> answered{0};
};

void keep_all_ps(DeepSleep& sleep) {
  std::deque<Keeper> keepers;
  for (int i = 0; i < sleep.procs; ++i) {
    if (!keepers.emplace_back(sleep).pipe.ok()) return;
  }
  sleep.all.add(sleep.procs);
  for (Keeper& keeper : keepers) {
    if (sleep.way == Way::byte) sleep.scene.external([&keeper] { keeper.write(); });
    sleep.scene.go([&keeper] { keeper.run(); });
  }
  waiting(sleep.scene, [&] { sleep.all.wait(); });
  sleep.scene.join_external();
}

void deep_sleep(Scene& scene) {
  DeepSleep sleep(scene);
  rt::Runtime runtime({.procs = sleep.procs});
  scene.watch(runtime);
  runtime.run([&] { keep_all_ps(sleep); });
  scene.forget();
}

const RegisteredWorkload registered(
    {"deep_sleep", "work comes when sysmon sleeps deeply, and waits behind calls that only sysmon takes Ps from",
     Judges::scheduler, body_of<deep_sleep>});

}  // namespace
}  // namespace jitterbug
