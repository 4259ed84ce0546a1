#pragma once
// The scene of one run on real threads. What the oracles can judge there they judge (harness/oracle):
// the end of run(), a scheduler that gives up, two threads that share an M. A crash and a hang end the
// process and are the business of its parent.
//
// One per process. A failure is told to the parent and ends the process; so does a scheduler that gives
// up and is right.

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "harness/base/child.h"
#include "harness/oracle/panel.h"
#include "harness/scene/scene.h"

namespace jitterbug {

class NativeScene final : public Scene {
 public:
  // The ledger lies where the parent sees it. `fixed` gives parameters by name; all others are drawn from
  // the seed, as the simulation draws them. All of them outlive the scene.
  NativeScene(std::uint64_t seed, const std::map<std::string, std::int64_t>& fixed, const Parent& parent,
              Ledger& ledger, Judges judges);
  ~NativeScene() override;

  std::int64_t parameter(std::string_view name, std::int64_t low, std::int64_t high) override;
  // Real threads ask in the order in which they come: the answers repeat, who gets
  // which does not.
  std::uint32_t random(std::uint32_t n) override;
  void watch(rt::Runtime& runtime) override;
  void forget() override;
  void external(std::function<void()> body, const char* role) override;
  void join_external() override;
  void mark(std::string_view name) override;
  [[noreturn]] void fail(const Failure& failure) override;

  // Every parameter that was asked for, and its value.
  const std::map<std::string, std::int64_t>& drawn() const { return parameters_; }

 private:
  // Tells the parent, and ends the process.
  class Sentence final : public Verdict {
   public:
    explicit Sentence(NativeScene& scene) : scene_(scene) {}
    [[noreturn]] void fail(OracleId oracle, std::string_view invariant, std::string sentence) override {
      scene_.fail({oracle, invariant, std::move(sentence)});
    }
    [[noreturn]] void accept() override;

   private:
    NativeScene& scene_;
  };

  static void on_shared_slot(std::uint32_t other, std::uint32_t self);
  static void on_giving_up(rt::Fatal kind, const char* message);
  static void on_request_to_end(int);

  const std::uint64_t seed_;
  const std::map<std::string, std::int64_t>& fixed_;
  const Parent& parent_;
  std::atomic<std::uint64_t> drawn_{0};
  std::mutex parameters_lock_;
  std::map<std::string, std::int64_t> parameters_;
  std::mutex external_lock_;
  std::list<ExternalThread> external_;
  std::atomic<rt::Runtime*> runtime_{nullptr};
  Sentence sentence_{*this};
  std::mutex panel_lock_;  // held until the process ends by whoever has something to say
  Panel panel_;
};

}  // namespace jitterbug
