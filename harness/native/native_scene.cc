#include "harness/native/native_scene.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "harness/native/native_script.h"
#include "harness/native/native_threads.h"
#include "harness/native/perturb.h"
#include "runtime/api/inspect.h"
#include "runtime/base/rng.h"

namespace jitterbug {
namespace {

constexpr rt::Duration external_retry = 1 * rt::millisecond;
constexpr auto relaxed = std::memory_order_relaxed;

constexpr std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return h;
}

constinit std::atomic<NativeScene*> alive{nullptr};

std::string name_of(std::uint32_t thread) { return native_thread(thread).role + ("#" + std::to_string(thread)); }

void slot_shared(std::uint32_t other, std::uint32_t self) {
  NativeScene* scene = alive.load(relaxed);
  if (scene != nullptr)
    scene->fail({OracleId::callbacks, "no two threads hold the same M",
                 "threads " + name_of(other) + " and " + name_of(self) + " hold the same M"});
}

}  // namespace

struct NativeScene::ExternalThread {
  explicit ExternalThread(std::function<void()> b) : body(std::move(b)) {}
  static void main(void* self) { static_cast<ExternalThread*>(self)->body(); }

  std::function<void()> body;
  rt::os::Thread thread;
};

NativeScene::NativeScene(std::uint64_t seed, const std::map<std::string, std::int64_t>& fixed, const ToParent& parent)
    : Scene(*parent.ledger), seed_(seed), fixed_(fixed), reports_(parent.reports) {
  alive.store(this, relaxed);
  watch_slots(slot_shared);
}

NativeScene::~NativeScene() {
  watch_slots(nullptr);
  alive.store(nullptr, relaxed);
}

std::int64_t NativeScene::parameter(std::string_view name, std::int64_t low, std::int64_t high) {
  const std::string key(name);
  const auto fixed = fixed_.find(key);
  rt::Rng rng(seed_ ^ hash(name));
  const std::int64_t value = fixed != fixed_.end() ? std::clamp(fixed->second, low, high) : rng.between(low, high);
  const std::lock_guard guard(parameters_lock_);
  const bool is_new = parameters_.emplace(key, value).second;
  if (is_new) report_line(reports_, "parameter\t" + key + "\t" + std::to_string(value));
  return value;
}

std::uint32_t NativeScene::random(std::uint32_t n) {
  const std::uint64_t word = rt::scramble(seed_ ^ rt::scramble(drawn_.fetch_add(1, relaxed)));
  return static_cast<std::uint32_t>(((word >> 32) * n) >> 32);
}

void NativeScene::watch(rt::Runtime& runtime) { runtime_.store(&runtime, std::memory_order_release); }

// Every thread of the runtime has been joined: what its counters say now must be so.
void NativeScene::forget() {
  const rt::Runtime* runtime = runtime_.exchange(nullptr, std::memory_order_acq_rel);
  rt::Counters c;
  runtime->counters(c);
  const auto equal = [this](OracleId oracle, const char* what, std::int64_t is, std::int64_t should) {
    if (is == should) return;
    fail({oracle, std::string("when run() has returned, all is accounted for: ") + what,
          std::string(what) + " is " + std::to_string(is) + " and should be " + std::to_string(should) +
              " when run() has returned"});
  };
  equal(OracleId::quiescent_counters, "nmspinning", c.nmspinning, 0);
  equal(OracleId::quiescent_counters, "extra_in_use", c.extra_in_use, 0);
  equal(OracleId::callbacks, "the number of spare Ms", c.extra_length, c.extra_created);
  equal(OracleId::callbacks, "the number of callbacks that returned", ledger.callbacks_ended.load(),
        ledger.callbacks_begun.load());
  equal(OracleId::conservation, "the number of waits that ended", ledger.waits_ended.load(), ledger.waits_begun.load());
  equal(OracleId::conservation, "the number of Gs that began", ledger.begun.load(), ledger.spawned.load());
  equal(OracleId::conservation, "the number of Gs that ended", ledger.ended.load(), ledger.begun.load());
}

void NativeScene::external(std::function<void()> body, const char* role) {
  ExternalThread* made = nullptr;
  {
    const std::lock_guard guard(external_lock_);
    made = &external_.emplace_back(std::move(body));
  }
  while (!made->thread.start(ExternalThread::main, made, role)) rt::os::sleep(external_retry);
}

void NativeScene::join_external() {
  const auto next = [this]() -> ExternalThread* {
    const std::lock_guard guard(external_lock_);
    for (ExternalThread& t : external_) {
      if (t.thread.joinable()) return &t;
    }
    return nullptr;
  };
  while (ExternalThread* t = next()) t->thread.join();
}

void NativeScene::mark(std::string_view name) { come_to_mark(name); }

void NativeScene::fail(const Failure& failure) {
  report_line(reports_, std::string("finding\t") + name_of(failure.oracle).number + "\t" + failure.invariant + "\t" +
                            failure.sentence);
  end_child();
}

std::size_t NativeScene::state_line(char* to, std::size_t size) {
  NativeScene* scene = alive.load(relaxed);
  const rt::Runtime* runtime = scene == nullptr ? nullptr : scene->runtime_.load(std::memory_order_acquire);
  return runtime == nullptr ? 0 : runtime->trace_line(to, size);
}

bool NativeScene::stuck_on_purpose() {
  NativeScene* scene = alive.load(relaxed);
  return scene != nullptr && scene->ledger.stuck_on_purpose.load(relaxed);
}

bool NativeScene::too_many_threads() {
  NativeScene* scene = alive.load(relaxed);
  const rt::Runtime* runtime = scene == nullptr ? nullptr : scene->runtime_.load(std::memory_order_acquire);
  if (runtime == nullptr) return false;
  const int limit = scene->ledger.thread_limit.load(relaxed);
  rt::Counters c;
  runtime->counters(c);
  return limit > 0 && c.mcount - c.extra_created > limit;
}

}  // namespace jitterbug
