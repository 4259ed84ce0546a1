#include "harness/toys/toys.h"

#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

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
  scene.expect(sum == 2u * static_cast<std::uint32_t>(rounds), OracleId::assertion, "an atomic sum is exact");
}

void lost(Scene& scene) {
  Word word(0, "sum");
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
  scene.expect(sum == 2u * static_cast<std::uint32_t>(rounds), OracleId::assertion, "no update is lost");
}

void crash(Scene& scene) {
  Word word(0);
  word.store(1, rt::relaxed);
  if (scene.random(8) == 0) std::raise(SIGSEGV);
}

bool this_time(Scene& scene) { return scene.random(8) == 0; }

void abort_with_last_words(Scene& scene) {
  if (!this_time(scene)) return;
  std::fputs("toy: these are my last words\n", stderr);
  std::abort();
}

void print_without_end(Scene& scene) {
  if (!this_time(scene)) return;
  const std::string line = "toy: " + std::string(4'000, 'x') + "\n";
  volatile bool forever = true;
  while (forever) std::fputs(line.c_str(), stderr);
}

void exit_in_a_run(Scene& scene) {
  if (this_time(scene)) _exit(7);
}

// As a wild write may do: into what leads to the harness.
void babble(Scene& scene) {
  if (!this_time(scene)) return;
  constexpr std::string_view nonsense = "nonsense\n";
  for (int fd = 3; fd < 100; ++fd) {
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISFIFO(info.st_mode)) continue;
    if (write(fd, nonsense.data(), nonsense.size()) < 0) continue;
  }
}

void kill_itself(Scene& scene) {
  if (this_time(scene)) std::raise(SIGKILL);
}

// More than any machine has, at once: a sanitizer's allocator ends the process, and
// nothing is ever touched.
void take_all_memory(Scene& scene) {
  if (!this_time(scene)) return;
  void* volatile memory = ::operator new(std::size_t{1} << 46);
  ::operator delete(memory);
}

int deeper(volatile int* depth) {
  volatile int frame[64] = {*depth};
  *depth = *depth + 1;
  if (*depth == 1'000'000) return 0;
  return deeper(depth) + frame[0];
}

void overflow_a_stack(Scene& scene) {
  if (!this_time(scene)) return;
  scene.external([] {
    volatile int depth = 0;
    deeper(&depth);
  });
  scene.join_external();
}

void hang(Scene& scene) {
  const bool loops = scene.random(4) == 0;
  volatile bool forever = loops;
  while (forever) {
  }
}

// Two threads, each running one of these between two accesses to its word.
void two_threads(Scene& scene, Word& a, Word& b, void (*one)(), void (*other)()) {
  const auto run = [](Word& word, void (*middle)()) {
    word.load(rt::relaxed);
    middle();
    word.store(1, rt::relaxed);
  };
  scene.external([&a, one, run] { run(a, one); });
  if (other != nullptr) scene.external([&b, other, run] { run(b, other); });
  scene.join_external();
}

template <rt::Window w>
void pass() {
  rt::os::race_window(w);
}

// See toys.h. Each phase has threads and words of its own.
void levels(Scene& scene) {
  rt::os::race_window(toy_level_windows[0]);
  Word apart_a(0), apart_b(0), shared(0), in_order(0), both(0);
  two_threads(scene, apart_a, apart_b, pass<toy_level_windows[1]>, [] {});
  two_threads(scene, shared, shared, pass<toy_level_windows[2]>, [] {});
  two_threads(scene, in_order, in_order, pass<toy_level_windows[3]>, nullptr);
  two_threads(scene, in_order, in_order, pass<toy_level_windows[4]>, nullptr);
  two_threads(scene, both, both, pass<toy_level_windows[5]>, pass<toy_level_windows[6]>);
}

const RegisteredWorkload registered[] = {
    RegisteredWorkload({"toy_abort", "an abort with a message", Judges::program, body_of<abort_with_last_words>}),
    RegisteredWorkload({"toy_babble", "nonsense for the harness", Judges::program, body_of<babble>}),
    RegisteredWorkload({"toy_chatty", "output without end", Judges::program, body_of<print_without_end>}),
    RegisteredWorkload({"toy_crash", "a crash of the process", Judges::program, body_of<crash>}),
    RegisteredWorkload({"toy_exit", "an exit of the process", Judges::program, body_of<exit_in_a_run>}),
    RegisteredWorkload({"toy_good", "nothing", Judges::program, body_of<good>}),
    RegisteredWorkload({"toy_hang", "a loop without a step", Judges::program, body_of<hang>}),
    RegisteredWorkload({"toy_killed", "a kill that is not the harness's", Judges::program, body_of<kill_itself>}),
    RegisteredWorkload({"toy_levels", "each level of coverage", Judges::program, body_of<levels>}),
    RegisteredWorkload({"toy_lost", "a lost update", Judges::program, body_of<lost>}),
    RegisteredWorkload({"toy_memory", "want of memory", Judges::program, body_of<take_all_memory>}),
    RegisteredWorkload({"toy_overflow", "a stack overflow", Judges::program, body_of<overflow_a_stack>}),
};

}  // namespace
}  // namespace jitterbug
