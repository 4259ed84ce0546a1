#pragma once
// A few explicit preemptions on top of another strategy: what a fuzzer mutates.
//
// Each edit has a step of the storm from which on it is due. Edits happen in order:
// one that waits for its occasion keeps those after it waiting. Before the first one
// the run is that of the strategy underneath: what a mutation changes begins where
// the mutation is. Few constraints that a sampler completes to a schedule, mutated
// under feedback, are the idea of D. Wolff et al.: Greybox fuzzing for concurrency
// testing. ASPLOS 2024; there they are pairs of accesses, here preemptions.
//
//   120r2x6     from step 120: thread number 2 of those that can run, modulo their
//               number, runs for 2^6 steps; x12: until its next race window, wake
//               or start of a thread
//   340h9       from step 340: the first thread that stands in a race window, or is
//               about to wake or start another one, is held there for 2^9 steps
//   400w51966   from step 400: threads are held in windows (windows.h), drawn from this
//               seed; in the strategy's place
//
// In text, edits are separated by points: 120r2x6.340h9.400w51966

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/strategy/forward.h"
#include "harness/strategy/strategy.h"
#include "harness/strategy/windows.h"

namespace jitterbug {

enum class EditKind : std::uint8_t { run, hold, windows };

struct Edit {
  // Greater lengths are not valid.
  static constexpr std::uint32_t run_log2_max = 12;
  static constexpr std::uint32_t hold_log2_max = 12;

  std::uint64_t at = 0;  // step
  EditKind kind = EditKind::windows;
  std::uint64_t value = 0;        // run: who; windows: the seed; hold: 0
  std::uint32_t length_log2 = 0;  // run and hold: how long; windows: 0

  bool operator==(const Edit&) const = default;
};

// Edits as text, and back. The text of no edits is empty, and no valid one.
std::string to_text(const std::vector<Edit>& edits);
// Steps must not descend. On failure `message` says what is wrong, and where.
std::optional<std::vector<Edit>> parse_edits(std::string_view text, std::string& message);

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
