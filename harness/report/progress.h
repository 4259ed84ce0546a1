#pragma once
// The progress line of long work, on standard error: rewritten in place on a
// terminal, otherwise a line every ten seconds.

#include <cstdint>
#include <string>

#include "harness/campaign/pool.h"

namespace jitterbug {

class ProgressLine {
 public:
  explicit ProgressLine(bool quiet);
  ~ProgressLine();  // clears what it left on a terminal
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // Takes what it left off a terminal; the next text is shown where it stood.
  void clear();

  // Shows the text if its time has come. Cheap enough to be called often.
  void show(const std::string& text);

 private:
  bool quiet_;
  bool terminal_;
  std::int64_t next_;        // monotonic ns
  std::size_t width_ = 0;    // of what stands on the terminal
};

// "12.3 s  8123 schedules/s  4.21 M decisions/s  61/96 windows  2 findings"
std::string progress_text(const Tally& tally);

}  // namespace jitterbug
