#include "harness/native/native_scene.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <utility>

#include "harness/native/native_evidence.h"
#include "harness/native/native_script.h"
#include "harness/native/native_threads.h"
#include "harness/native/perturb.h"
#include "harness/native/told.h"
#include "harness/run/backend.h"
#include "runtime/base/rng.h"

namespace jitterbug {
namespace {

constexpr rt::Duration external_retry = 1 * rt::millisecond;
constexpr auto relaxed = std::memory_order_relaxed;
constexpr int exit_told = 70;

constinit std::atomic<NativeScene*> alive{nullptr};

// At once, whatever a sanitizer would like to do first: its reports are out already.
[[noreturn]] void end_process() {
  for (;;) syscall(SYS_exit_group, exit_told);
}

// Where every thread is. Runs in signal handlers: no memory is allocated.
void tell_windows(const Parent& parent) {
  char line[128];
  for (std::uint32_t i = 1; i <= native_threads(); ++i) {
    const NativeThread t = native_thread(i);
    if (t.window == rt::Window::count) continue;
    const int n = std::snprintf(line, sizeof line, "%s\t%s#%u\t%s", told::window, t.role, t.number,
                                rt::window_info(t.window).name);
    say(parent, {line, static_cast<std::size_t>(n)});
  }
}

std::string in_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

NativeScene::NativeScene(std::uint64_t seed, const std::map<std::string, std::int64_t>& fixed, const Parent& parent,
                         Ledger& ledger, Judges judges)
    : Scene(ledger), seed_(seed), fixed_(fixed), parent_(parent), panel_(judges, sentence_) {
  alive.store(this, relaxed);
  watch_slots(on_shared_slot);
  watch_giving_up(on_giving_up);
  std::signal(SIGTERM, on_request_to_end);
}

NativeScene::~NativeScene() {
  std::signal(SIGTERM, SIG_IGN);
  watch_giving_up(nullptr);
  watch_slots(nullptr);
  alive.store(nullptr, relaxed);
}

std::int64_t NativeScene::parameter(std::string_view name, std::int64_t low, std::int64_t high) {
  const std::int64_t value = draw_parameter(seed_, fixed_, name, low, high);
  const std::lock_guard guard(parameters_lock_);
  const bool is_new = parameters_.emplace(name, value).second;
  if (is_new) say(parent_, told::parameter + ("\t" + std::string(name)) + "\t" + std::to_string(value));
  return value;
}

std::uint32_t NativeScene::random(std::uint32_t n) {
  const std::uint64_t word = rt::scramble(seed_ ^ rt::scramble(drawn_.fetch_add(1, relaxed)));
  return static_cast<std::uint32_t>(((word >> 32) * n) >> 32);
}

void NativeScene::watch(rt::Runtime& runtime) { runtime_.store(&runtime, std::memory_order_release); }

// Every thread of the runtime has been joined.
void NativeScene::forget() {
  const NativeEvidence evidence(runtime_.exchange(nullptr, std::memory_order_acq_rel), ledger, true);
  const std::lock_guard guard(panel_lock_);
  panel_.ask([&](Oracle& oracle, Verdict& verdict) { oracle.at_end(evidence, verdict); });
}

void NativeScene::external(std::function<void()> body, const char* role) {
  ExternalThread* made = nullptr;
  {
    const std::lock_guard guard(external_lock_);
    made = &external_.emplace_back(std::move(body));
  }
  made->start(role, external_retry);
}

void NativeScene::join_external() {
  const auto next = [this]() -> ExternalThread* {
    const std::lock_guard guard(external_lock_);
    const auto at = std::find_if(external_.begin(), external_.end(), [](const auto& t) { return t.joinable(); });
    return at == external_.end() ? nullptr : &*at;
  };
  while (ExternalThread* t = next()) t->join();
}

void NativeScene::mark(std::string_view name) { come_to_mark(name); }

void NativeScene::fail(const Failure& failure) {
  say(parent_, in_one_line(told::finding + ("\t" + std::string(name_of(failure.oracle).number)) + "\t" +
                           failure.invariant + "\t" + failure.sentence));
  tell_windows(parent_);
  end_process();
}

void NativeScene::Sentence::accept() {
  say(scene_.parent_, told::accepted);
  end_process();
}

void NativeScene::on_shared_slot(std::uint32_t other, std::uint32_t self) {
  NativeScene* scene = alive.load(relaxed);
  if (scene == nullptr) return;
  const std::lock_guard guard(scene->panel_lock_);
  scene->panel_.ask([&](Oracle& oracle, Verdict& verdict) { oracle.slot_shared(verdict, other, self); });
}

// Any thread may be the one, and more than one: the first decides.
void NativeScene::on_giving_up(rt::Fatal kind, const char* message) {
  NativeScene* scene = alive.load(relaxed);
  if (scene == nullptr) return;
  const std::lock_guard guard(scene->panel_lock_);
  const NativeEvidence evidence(scene->runtime_.load(std::memory_order_acquire), scene->ledger, false);
  scene->panel_.ask_about_fatal(evidence, kind, message);
}

// In a signal handler. The parent says that this takes too long; anybody else is not heard.
void NativeScene::on_request_to_end(int) {
  static char line[1200];
  NativeScene* scene = alive.load(relaxed);
  if (scene == nullptr || !scene->parent_.state.asked.load(std::memory_order_acquire)) return;
  const rt::Runtime* runtime = scene->runtime_.load(std::memory_order_acquire);
  const int prefix = std::snprintf(line, sizeof line, "%s\t", told::stands);
  const auto used = static_cast<std::size_t>(prefix);
  const std::size_t n = runtime == nullptr ? 0 : runtime->trace_line(line + used, sizeof line - used);
  tell_windows(scene->parent_);
  say(scene->parent_, {line, used + n});
  end_process();
}

}  // namespace jitterbug
