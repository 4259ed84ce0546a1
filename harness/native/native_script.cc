#include "harness/native/native_script.h"

#include <atomic>
#include <chrono>
#include <thread>

#include "harness/native/native_threads.h"
#include "runtime/os/production.h"

namespace jitterbug {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr int looks_without_sleep = 50;
constexpr auto nap = std::chrono::microseconds(50);

constinit std::atomic<Stage*> followed{nullptr};

void wait_until_open(Stage& stage, int hold) {
  const rt::Instant deadline = rt::os_production::now() + stage.script().limit();
  for (int looks = 0; !stage.open(hold); ++looks) {
    if (looks < looks_without_sleep) {
      std::this_thread::yield();
    } else if (rt::os_production::now() < deadline) {
      std::this_thread::sleep_for(nap);
    } else {
      stage.give_up(hold);
    }
  }
}

void come_to(Stage& stage, Place place) {
  if (!stage.matters(place)) return;
  char role[16];
  native_thread_role(role);
  const RoleNumber number = stage.script().role(role);
  const Stage::Thread thread = native_thread_number();
  const int hold = stage.arrive(thread, number, place);
  wait_until_open(stage, hold);
  stage.leave(thread, number, place, hold);
}

}  // namespace

void follow_script(Stage* stage) { followed.store(stage, relaxed); }

bool follows_script() { return followed.load(relaxed) != nullptr; }

void come_to_window(rt::Window w) {
  Stage* stage = followed.load(relaxed);
  if (stage != nullptr) come_to(*stage, place_of(w));
}

void come_to_mark(std::string_view name) {
  Stage* stage = followed.load(relaxed);
  if (stage == nullptr) return;
  const Place place = stage->script().mark(name);
  if (place != no_place) come_to(*stage, place);
}

}  // namespace jitterbug
