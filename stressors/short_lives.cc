// Memory comes back while others may still look at it: Gs wait on their own stacks for
// helpers, leave the frame as soon as the last one is done, and end; then the scheduler
// goes with its Ms, Ps and Gs, and the thread that owned it lives on. In some runs no
// oracle watches, and main may leave while its Gs are at work: whoever then goes on too
// long does so until a sanitizer sees it.

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Brief {
  explicit Brief(Scene& s)
      : scene(s),
        procs(static_cast<int>(s.parameter("procs", 1, 4))),
        gs(static_cast<int>(s.parameter("gs", 1, 4))),
        helpers(static_cast<int>(s.parameter("helpers", 1, 3))),
        watched(s.parameter("watched", 0, 1) != 0),
        hasty(!watched && s.parameter("hasty", 0, 1) != 0),
        work(static_cast<std::uint32_t>(s.parameter("work", 1, 12))) {}

  // The group is waited for at the moment when the last helper is done with it. One that
  // looked at it once more would find the frame gone.
  [[gnu::noinline]] void have_help() {
    rt::WaitGroup own;
    rt::os::Atomic<int> at_work{helpers, "at_work"};
    own.add(helpers);
    for (int i = 0; i < helpers; ++i) {
      scene.go([this, &own, &at_work] {
        compute(scene.random(work));
        at_work.fetch_sub(1, relaxed);  // a hint that it is nearly done
        own.done();
      });
    }
    while (at_work.load(relaxed) > 0) rt::yield();  // a hint that it is time
    waiting(scene, [&] { own.wait(); });
  }

  void live() {
    have_help();
    compute(scene.random(work));
    all.done();
  }

  void lead() {
    all.add(gs);
    for (int i = 0; i < gs; ++i) scene.go([this] { live(); });
    if (hasty) {
      compute(scene.random(4 * work));
      rt::yield();
    } else {
      waiting(scene, [this] { all.wait(); });
    }
  }

  Scene& scene;
  const int procs;
  const int gs;
  const int helpers;         // of each G
  const bool watched;
  const bool hasty;  // main does not wait
  const std::uint32_t work;  // pauses, fewer than it
  rt::WaitGroup all;
};

void short_lives(Scene& scene) {
  Brief brief(scene);
  const auto afterlife = scene.parameter("afterlife", 10, 200) * rt::microsecond;
  {
    rt::Runtime runtime({.procs = brief.procs});
    if (brief.watched) scene.watch(runtime);
    runtime.run([&] { brief.lead(); });
    if (brief.watched) scene.forget();
  }
  rt::os::sleep(afterlife);
}

const RegisteredWorkload registered({"short_lives",
                                     "frames, stacks, Gs and Ms are given back while others may still look at them",
                                     Judges::scheduler, body_of<short_lives>});

}  // namespace
}  // namespace jitterbug
