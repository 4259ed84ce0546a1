#include "harness/campaign/toys.h"

#include <csignal>

#include "runtime/os/os.h"

namespace jitterbug {
namespace {

using Word = rt::os::Atomic<std::uint32_t>;

void good(Scene& scene) {
  Word word(0);
  const auto rounds = static_cast<int>(scene.parameter("rounds", 1, 8));
  for (int t = 0; t < 2; ++t) {
    scene.external([&word, rounds] {
      for (int i = 0; i < rounds; ++i) word.fetch_add(1, rt::relaxed);
    });
  }
  scene.join_external();
  const std::uint32_t sum = word.load(rt::relaxed);
  scene.expect(sum == 2u * static_cast<std::uint32_t>(rounds), "O7", "an atomic sum is exact");
}

void lost(Scene& scene) {
  Word word(0);
  const auto rounds = static_cast<int>(scene.parameter("rounds", 1, 8));
  for (int t = 0; t < 2; ++t) {
    scene.external([&word, rounds] {
      for (int i = 0; i < rounds; ++i) {
        const std::uint32_t seen = word.load(rt::relaxed);
        rt::os::race_window(rt::Window::startm_id_reserve);
        word.store(seen + 1, rt::relaxed);
      }
    });
  }
  scene.join_external();
  const std::uint32_t sum = word.load(rt::relaxed);
  scene.expect(sum == 2u * static_cast<std::uint32_t>(rounds), "O7", "no update is lost");
}

void crash(Scene& scene) {
  Word word(0);
  word.store(1, rt::relaxed);
  if (scene.random(8) == 0) std::raise(SIGSEGV);
}

void hang(Scene& scene) {
  const bool loops = scene.random(4) == 0;
  volatile bool forever = loops;
  while (forever) {
  }
}

constexpr Stressor all[] = {
    {"toy_crash", "a crash of the process", crash},
    {"toy_good", "nothing", good},
    {"toy_hang", "a loop without a step", hang},
    {"toy_lost", "a lost update", lost},
};

}  // namespace

std::span<const Stressor> toys() { return all; }

}  // namespace jitterbug
