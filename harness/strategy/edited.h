#pragma once
// Edits (edits.h) performed on top of another strategy. Where everybody is held,
// spinners burn the steps, a few sleepers may wake, and then the first goes on.

#include <cstdint>
#include <vector>

#include "harness/run/edits.h"
#include "harness/strategy/forward.h"
#include "harness/strategy/windows.h"

namespace jitterbug {

// Not thread-safe: one strategy drives one machine.
class EditedStrategy final : public ForwardingStrategy {
 public:
  // `decides` and `edits`, in order of steps, must outlive this.
  EditedStrategy(Strategy& decides, const std::vector<Edit>& edits)
      : ForwardingStrategy(decides), decides_(decides), edits_(edits) {}

  void begin(std::uint64_t seed) override;
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override { return chooser().choose(q, n); }
  bool watches() const override { return decides_.watches(); }

  std::size_t made() const { return next_; }  // edits that have happened

 private:
  struct Hold {
    ThreadId thread;
    std::uint64_t until;  // step
  };

  Strategy& chooser() { return replaced_ ? static_cast<Strategy&>(windows_) : decides_; }
  void make_due_edits(const Situation& s);
  bool make(const Edit& edit, const Situation& s);
  bool held(ThreadId thread) const;
  bool has_turn(const Situation& s) const;
  Pick pick_among_free(const Situation& s);
  Pick pick_when_all_are_held(const Situation& s);
  Pick until_next_edit(Pick pick, const Situation& s) const;

  Strategy& decides_;
  const std::vector<Edit>& edits_;
  WindowsStrategy windows_;
  bool replaced_ = false;  // by windows_
  std::size_t next_ = 0;
  std::vector<Hold> holds_;
  std::uint32_t naps_ = 0;                        // since the last edit
  ThreadId turn_ = rt::engine::no_thread;         // who runs by an edit
  std::uint64_t turn_end_ = 0;                    // step
  bool turn_stops_ = false;                       // at a race window as well
  std::vector<Candidate> free_;                   // room for those that are not held
};

}  // namespace jitterbug
