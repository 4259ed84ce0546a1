// A tree of Gs: each spawns its children and ends, one waits for all. The width of
// the root exceeds the slots of a model-sized local queue, so that half a queue
// moves to the global one while thieves are at it.

#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

struct Tree {
  explicit Tree(Scene& s)
      : scene(s),
        procs(static_cast<int>(s.parameter("procs", 1, 4))),
        width(static_cast<int>(s.parameter("width", 2, 14))),
        fanout(static_cast<int>(s.parameter("fanout", 0, 3))),
        depth(static_cast<int>(s.parameter("depth", 1, 2))),
        work(static_cast<int>(s.parameter("work", 0, 30))),
        yield_one_in(static_cast<int>(s.parameter("yield_one_in", 1, 8))) {}

  void spawn(int children, int levels) {
    all.add(children);
    for (int i = 0; i < children; ++i) scene.go([this, levels] { node(levels); });
  }

  void node(int levels) {
    if (levels > 0) spawn(fanout, levels - 1);
    compute(scene.random(work + 1));
    if (scene.random(yield_one_in) == 0) rt::yield();
    all.done();
  }

  Scene& scene;
  const int procs;
  const int width;
  const int fanout;
  const int depth;
  const int work;
  const int yield_one_in;
  rt::WaitGroup all;
};

void spawn_tree(Scene& scene) {
  Tree tree(scene);
  rt::Runtime runtime({.procs = tree.procs});
  scene.watch(runtime);
  runtime.run([&] {
    tree.spawn(tree.width, tree.depth - 1);
    waiting(scene, [&] { tree.all.wait(); });
  });
  scene.forget();
}

const RegisteredWorkload registered({"spawn_tree", "Gs spawn Gs until the local queues overflow into the global one",
                                     Judges::scheduler, body_of<spawn_tree>});

}  // namespace
}  // namespace jitterbug
