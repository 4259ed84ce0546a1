#pragma once
// The scene of one simulated run, and its judge: it draws the parameters, owns
// the external threads, and puts every moment of the run before the oracles.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/oracle/panel.h"
#include "harness/scene/scene.h"
#include "harness/scene/workload.h"
#include "harness/script/script_strategy.h"
#include "harness/sim/machine.h"
#include "harness/simulated/live_evidence.h"
#include "runtime/base/rng.h"

namespace jitterbug {

// Sees the audits of a run before the oracles do, in engine context.
class AuditWatch {
 public:
  virtual ~AuditWatch() = default;
  // False: the oracles are not asked this time.
  virtual bool audit(const Evidence& evidence) = 0;
};

// For one run; it must live until the machine's run() has returned.
class SimScene final : public Scene, public Judge {
 public:
  // `fixed` gives parameters by name; all others are drawn from the seed.
  SimScene(Machine& machine, Judges judges, std::uint64_t seed, const std::map<std::string, std::int64_t>& fixed);
  ~SimScene() override;

  // Null: nobody watches. It must live as long as the scene.
  void watch_audits(AuditWatch* watch) { audit_watch_ = watch; }

  // The script that knows the workload's marks; null: none. It must live as long as the scene.
  void follow(ScriptStrategy* script) { script_ = script; }

  // Every parameter that was asked for, and its value.
  const std::map<std::string, std::int64_t>& drawn() const { return drawn_; }

  std::int64_t parameter(std::string_view name, std::int64_t low, std::int64_t high) override;
  std::uint32_t random(std::uint32_t n) override;
  void watch(rt::Runtime& runtime) override;
  void forget() override;
  void external(std::function<void()> body, const char* role) override;
  void join_external() override;
  void mark(std::string_view name) override;
  void fail(const Failure& failure) override;

  void audit() override;
  void fatal(rt::Fatal kind, std::string_view message) override;
  void slot_shared(ThreadId a, ThreadId b) override;
  void lock_misused(ThreadId t, std::string_view how) override;
  void resource_misused(std::string_view sentence) override;
  void world_dead() override;
  void steps_exhausted() override;

 private:
  // Passes judgement on to the machine.
  class Sentence final : public Verdict {
   public:
    explicit Sentence(Machine& machine) : machine_(machine) {}
    void fail(OracleId oracle, std::string_view invariant, std::string sentence) override {
      machine_.fail(oracle, invariant, std::move(sentence));
    }
    void accept() override { machine_.accept(); }

   private:
    Machine& machine_;
  };

  Machine& machine_;
  const std::uint64_t seed_;
  rt::Rng rng_;
  const std::map<std::string, std::int64_t>& fixed_;
  std::map<std::string, std::int64_t> drawn_;
  std::vector<std::unique_ptr<ExternalThread>> external_;
  LiveEvidence evidence_;
  Sentence sentence_;
  Panel panel_;
  const rt::Runtime* runtime_ = nullptr;
  AuditWatch* audit_watch_ = nullptr;
  ScriptStrategy* script_ = nullptr;
};

}  // namespace jitterbug
