#pragma once
// What a workload and the oracles share during one run: parameters, external
// threads, and the ledger of what the workload knows for certain.
//
// The same interface serves the simulated and the native flavours; there is one
// scene per run. Methods are for virtual or real threads of the run, except where
// a comment says "judge".

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "harness/run/failure.h"
#include "runtime/api/runtime.h"

namespace jitterbug {

// What the workload knows for certain, independent of the scheduler. Plain
// counters: in the simulation one OS thread runs everything, natively they are
// atomic anyway.
struct Ledger {
  std::atomic<std::int64_t> spawned{0};          // Gs handed to go()
  std::atomic<std::int64_t> begun{0};            // bodies entered
  std::atomic<std::int64_t> ended{0};            // bodies left
  std::atomic<std::int64_t> waits_begun{0};      // suspensions that somebody will end
  std::atomic<std::int64_t> waits_ended{0};
  std::atomic<std::int64_t> callbacks_begun{0};
  std::atomic<std::int64_t> callbacks_ended{0};
  std::atomic<std::int64_t> progress{0};         // any step forward of the workload
  std::atomic<bool> stuck_on_purpose{false};     // from here on every G waits for ever
  std::atomic<int> thread_limit{0};              // >0: a thread exhaustion above it is right
};

// A function of the seed and the name alone, not of what else is drawn. A fixed value outside
// of [low, high] is moved to the nearer end.
std::int64_t draw_parameter(std::uint64_t seed, const std::map<std::string, std::int64_t>& fixed, std::string_view name,
                            std::int64_t low, std::int64_t high);

// A thread that no runtime made. It stays where it is from start() to join().
class ExternalThread {
 public:
  explicit ExternalThread(std::function<void()> body) : body_(std::move(body)) {}
  // Again and again until the system has a thread.
  void start(const char* role, rt::Duration retry);
  bool joinable() const { return thread_.joinable(); }
  void join() { thread_.join(); }

 private:
  static void main(void* self) { static_cast<ExternalThread*>(self)->body_(); }

  std::function<void()> body_;
  rt::os::Thread thread_;
};

class Scene {
 public:
  Scene() = default;
  // The ledger lies somewhere else, where others see it too, and outlives the scene.
  explicit Scene(Ledger& elsewhere) : ledger(elsewhere) {}
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;
  virtual ~Scene() = default;

  // A parameter of this run in [low, high], drawn from the seed unless the plan
  // fixes it: see draw_parameter(). The name appears in tokens; one name, one value.
  virtual std::int64_t parameter(std::string_view name, std::int64_t low, std::int64_t high) = 0;

  // A fresh random number in [0, n) for the workload's own behaviour.
  virtual std::uint32_t random(std::uint32_t n) = 0;

  // Announces the runtime under test to the oracles, from construction until
  // forget(), which must precede its destruction.
  virtual void watch(rt::Runtime& runtime) = 0;
  virtual void forget() = 0;

  // An external thread, one that no runtime made. join_external() waits for all. A
  // script knows the thread by its role, of at most 15 characters, which must outlive it.
  virtual void external(std::function<void()> body, const char* role = "external") = 0;
  virtual void join_external() = 0;

  // The calling thread is at a point of the workload that scripts call `@name`; it may
  // be held there. Without a script nothing happens.
  virtual void mark(std::string_view name) { static_cast<void>(name); }

  Ledger& ledger = own_ledger_;

  // Spawns a G whose life the ledger follows.
  void go(std::function<void()> body);
  // Ends the run with a finding of `oracle` unless `holds`. The invariant is a literal.
  void expect(bool holds, OracleId oracle, const char* invariant) {
    if (!holds) fail(Failure(oracle, invariant));
  }
  virtual void fail(const Failure& failure) = 0;

 private:
  Ledger own_ledger_;
};

}  // namespace jitterbug
