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

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

}  // namespace jitterbug
