#include "harness/simulated/sim_scene.h"

#include <utility>

#include "harness/sim/sanitizer.h"

namespace jitterbug {
namespace {

constexpr rt::Duration external_retry = 100 * rt::microsecond;

}  // namespace

SimScene::SimScene(Machine& machine, Judges judges, std::uint64_t seed,
                   const std::map<std::string, std::int64_t>& fixed)
    : machine_(machine),
      seed_(seed),
      rng_(seed),
      fixed_(fixed),
      evidence_(machine, ledger),
      sentence_(machine),
      panel_(judges, sentence_) {}

SimScene::~SimScene() = default;

std::int64_t SimScene::parameter(std::string_view name, std::int64_t low, std::int64_t high) {
  const TsanIgnore ignored;
  const std::int64_t value = draw_parameter(seed_, fixed_, name, low, high);
  drawn_[std::string(name)] = value;
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
  panel_.ask([&](Oracle& oracle, Verdict& verdict) { oracle.at_end(last, verdict); });
}

void SimScene::external(std::function<void()> body, const char* role) {
  external_.push_back(std::make_unique<ExternalThread>(std::move(body)));
  external_.back()->start(role, external_retry);
}

void SimScene::join_external() {
  for (std::size_t i = 0; i < external_.size(); ++i) {
    if (external_[i]->joinable()) external_[i]->join();
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
  // The calm takes turns and knows no holds: a script that has not ended by then is not followed.
  while (seen_by_nobody([&] { return !machine_.calm() && script_->held_at_mark(self); })) {
    rt::os::fence(rt::relaxed);  // ordered by nothing: only a step
  }
  seen_by_nobody([&] { script_->leave_mark(self); });
}

void SimScene::fail(const Failure& failure) { panel_.fail(failure.oracle, failure.invariant, failure.sentence); }

void SimScene::audit() {
  if (runtime_ == nullptr) return;
  evidence_.refresh();
  if (audit_watch_ != nullptr && !audit_watch_->audit(evidence_)) return;
  const rt::Counters& c = evidence_.counters();
  if (!c.started || c.stopping) return;
  panel_.audit(evidence_);
}

void SimScene::fatal(rt::Fatal kind, std::string_view message) {
  evidence_.refresh();
  panel_.ask_about_fatal(evidence_, kind, message);
}

void SimScene::slot_shared(ThreadId a, ThreadId b) {
  panel_.ask([&](Oracle& oracle, Verdict& verdict) { oracle.slot_shared(verdict, a, b); });
}

void SimScene::lock_misused(ThreadId t, std::string_view how) {
  panel_.ask([&](Oracle& oracle, Verdict& verdict) { oracle.lock_misused(verdict, t, how); });
}

void SimScene::resource_misused(std::string_view sentence) {
  panel_.ask([&](Oracle& oracle, Verdict& verdict) { oracle.resource_misused(verdict, sentence); });
}

void SimScene::world_dead() {
  evidence_.refresh();
  panel_.ask([this](Oracle& oracle, Verdict& verdict) { oracle.world_dead(evidence_, verdict); });
}

void SimScene::steps_exhausted() {
  evidence_.refresh();
  panel_.ask([this](Oracle& oracle, Verdict& verdict) { oracle.steps_exhausted(evidence_, verdict); });
}

}  // namespace jitterbug
