#pragma once
// A script in the simulation: threads it holds do not run, another strategy decides
// about the rest. When nobody else can run, time passes; when that does not help
// either, or the script's limit has passed, the stage gives up.

#include <string_view>
#include <vector>

#include "harness/script/stage.h"
#include "harness/strategy/strategy.h"

namespace jitterbug {

class ScriptStrategy final : public Strategy {
 public:
  // Both must outlive this. `rest` must not want a pilot or watch.
  ScriptStrategy(Stage& stage, Strategy& rest) : stage_(stage), rest_(rest) {}

  void begin(std::uint64_t seed) override;
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override { return rest_.choose(q, n); }

  bool watches() const override { return true; }
  void thread_started(ThreadId thread, ThreadId parent, std::string_view role) override;
  void announces(ThreadId thread, const Op& op) override;
  void runs(ThreadId thread) override;

  // A thread comes to a mark of the workload. As long as held_at_mark() holds it
  // performs fences, before each of which another thread may be picked.
  void come_to_mark(ThreadId thread, std::string_view mark);
  bool held_at_mark(ThreadId thread);
  void leave_mark(ThreadId thread);

 private:
  struct Visit {
    Place place = no_place;
    int hold = Stage::none;
    rt::Instant since = rt::forever;  // the hold was first seen
  };
  struct Thread {
    RoleNumber role = no_role;
    Visit window;
    Visit mark;
  };

  static Stage::Thread number(ThreadId thread) { return thread + 1; }
  Thread& thread(ThreadId id);
  void come(ThreadId id, Visit& visit, Place place);
  void leave(ThreadId id, Visit& visit);
  bool held(Visit& visit, rt::Instant now);
  void nobody_is_left(const Situation& s);

  Stage& stage_;
  Strategy& rest_;
  std::vector<Thread> threads_;  // by number
  std::vector<Candidate> free_;
};

}  // namespace jitterbug
