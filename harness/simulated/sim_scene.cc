#include "harness/simulated/sim_scene.h"

#include <algorithm>
#include <utility>

#include "harness/oracle/registry.h"
#include "harness/sim/sanitizer.h"

namespace jitterbug {
namespace {

constexpr rt::Duration external_retry = 100 * rt::microsecond;

constexpr std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return h;
}

}  // namespace

struct SimScene::ExternalThread {
  explicit ExternalThread(std::function<void()> b) : body(std::move(b)) {}
  static void main(void* self) { static_cast<ExternalThread*>(self)->body(); }

  std::function<void()> body;
  rt::os::Thread thread;
};

void SimScene::Decision::fail(OracleId oracle, std::string_view invariant, std::string sentence) {
  if (made_) return;
  made_ = true;
  machine_.fail(oracle, invariant, std::move(sentence));
}

void SimScene::Decision::accept() {
  if (made_) return;
  made_ = true;
  machine_.accept();
}

SimScene::SimScene(Machine& machine, Judges judges, std::uint64_t seed,
                   const std::map<std::string, std::int64_t>& fixed)
    : machine_(machine),
      seed_(seed),
      rng_(seed),
      fixed_(fixed),
      oracles_(make_oracles(judges)),
      evidence_(machine, ledger),
      decision_(machine) {}

SimScene::~SimScene() = default;

std::int64_t SimScene::parameter(std::string_view name, std::int64_t low, std::int64_t high) {
  const TsanIgnore ignored;
  const std::string key(name);
  const auto fixed = fixed_.find(key);
  rt::Rng rng(seed_ ^ hash(name));
  const std::int64_t value = fixed != fixed_.end() ? std::clamp(fixed->second, low, high) : rng.between(low, high);
  drawn_[key] = value;
  return value;
}

std::uint32_t SimScene::random(std::uint32_t n) {
  const TsanIgnore ignored;
  return rng_.below(n);
}

void SimScene::watch(rt::Runtime& runtime) {
  evidence_.attach(&runtime);
  runtime_ = &runtime;
}

void SimScene::forget() {
  // The audits that happen while the counters are read must not see the runtime:
  // it is about to go.
  const rt::Runtime* runtime = std::exchange(runtime_, nullptr);
  evidence_.attach(nullptr);
  LiveEvidence last(machine_, ledger);
  last.attach(runtime);
  last.refresh();
  ask([&](Oracle& oracle) { oracle.at_end(last, decision_); });
}

void SimScene::external(std::function<void()> body, const char* role) {
  external_.push_back(std::make_unique<ExternalThread>(std::move(body)));
  ExternalThread& made = *external_.back();
  while (!made.thread.start(ExternalThread::main, &made, role)) rt::os::sleep(external_retry);
}

void SimScene::join_external() {
  for (std::size_t i = 0; i < external_.size(); ++i) {
    if (external_[i]->thread.joinable()) external_[i]->thread.join();
  }
}

void SimScene::mark(std::string_view name) {
  if (script_ == nullptr) return;
  const ThreadId self = rt::engine::thread_self();
  const auto seen_by_nobody = [](auto&& act) {
    const TsanIgnore ignored;
    return act();
  };
  seen_by_nobody([&] { script_->come_to_mark(self, name); });
  while (seen_by_nobody([&] { return script_->held_at_mark(self); })) {
    rt::os::fence(rt::relaxed);  // ordered by nothing: only a step
  }
  seen_by_nobody([&] { script_->leave_mark(self); });
}

void SimScene::fail(const Failure& failure) { decision_.fail(failure.oracle, failure.invariant, failure.sentence); }

template <class Question>
void SimScene::ask(Question question) {
  for (const std::unique_ptr<Oracle>& oracle : oracles_) {
    if (decision_.made()) return;
    question(*oracle);
  }
}

void SimScene::audit() {
  if (runtime_ == nullptr) return;
  evidence_.refresh();
  if (audit_watch_ != nullptr && !audit_watch_->audit(evidence_)) return;
  const rt::Counters& c = evidence_.counters();
  if (!c.started || c.stopping) return;
  ask([this](Oracle& oracle) { oracle.audit(evidence_, decision_); });
}

void SimScene::fatal(rt::Fatal kind, std::string_view message) {
  evidence_.refresh();
  ask([&](Oracle& oracle) { oracle.fatal(evidence_, decision_, kind, message); });
  decision_.fail(OracleId::harness, "an oracle judges why a program gives up",
                 "no oracle judged that the program gives up: " + std::string(message));
}

void SimScene::slot_shared(ThreadId a, ThreadId b) {
  ask([&](Oracle& oracle) { oracle.slot_shared(decision_, a, b); });
}

void SimScene::lock_misused(ThreadId t, std::string_view how) {
  ask([&](Oracle& oracle) { oracle.lock_misused(decision_, t, how); });
}

void SimScene::resource_misused(std::string_view sentence) {
  ask([&](Oracle& oracle) { oracle.resource_misused(decision_, sentence); });
}

void SimScene::world_dead() {
  evidence_.refresh();
  ask([this](Oracle& oracle) { oracle.world_dead(evidence_, decision_); });
}

void SimScene::steps_exhausted() {
  evidence_.refresh();
  ask([this](Oracle& oracle) { oracle.steps_exhausted(evidence_, decision_); });
}

}  // namespace jitterbug
