#pragma once
// The scene of one run on real threads, and its judge as far as real threads can be
// judged: what the workload claims, what must hold when run() has returned, and two
// threads that share an M. A fatal error of the runtime, a crash and a hang end the
// process and are the business of whoever started it (child.h).
//
// One per process. A failure is told to the parent and ends the process.

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "harness/native/child.h"
#include "harness/scene/scene.h"

namespace jitterbug {

class NativeScene final : public Scene {
 public:
  // The parent reads findings and the ledger, see child.h. `fixed` gives parameters by
  // name; all others are drawn from the seed, as the simulation draws them.
  NativeScene(std::uint64_t seed, const std::map<std::string, std::int64_t>& fixed, const ToParent& parent);
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

  // Of the scene that is alive, from any thread or a signal handler: one line of the
  // runtime's state, or nothing.
  static std::size_t state_line(char* to, std::size_t size);
  // The run may rightly be given up: every G waits for ever; there are too many threads.
  static bool stuck_on_purpose();
  static bool too_many_threads();

 private:
  struct ExternalThread;

  const std::uint64_t seed_;
  const std::map<std::string, std::int64_t>& fixed_;
  const int reports_;
  std::atomic<std::uint64_t> drawn_{0};
  std::mutex parameters_lock_;
  std::map<std::string, std::int64_t> parameters_;
  std::mutex external_lock_;
  std::list<ExternalThread> external_;
  std::atomic<rt::Runtime*> runtime_{nullptr};
};

}  // namespace jitterbug
