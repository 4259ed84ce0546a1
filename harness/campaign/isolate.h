#pragma once
// A computation that outlives crashes of the scheduler under test. It runs in a
// process of its own and puts each run through a journal. When a run takes the
// process down, the computation begins again in another one: the journal gives the
// answers it had, and the crash is the answer to the question that caused it.

#include <functional>
#include <string>
#include <vector>

#include "harness/base/ending.h"

namespace jitterbug {

struct JournalEntry {
  bool crashed = false;
  std::string text;   // the answer; or how the process ended
  std::string notes;  // of a crash: what was noted before it, a line each
  Ending ending = {};  // of a crash
};

class Journal {
 public:
  virtual ~Journal() = default;
  // The answer to the computation's next question. Equal computations must ask equal
  // questions in equal order.
  virtual JournalEntry ask(const std::function<std::string()>& question) = 0;
  // For the question under way: a line that is not lost in a crash.
  virtual void note(const std::string& line) = 0;
};

// The result of `work`. Rethrows its UsageError and ImpossibleError; any other failure, and
// a process that dies outside of a question, is a ToolError. A question that takes
// longer than hang_seconds of real time counts as a crash; 0: 20 s. The caller has no other
// threads.
std::string run_isolated(const std::function<std::string(Journal&)>& work, double hang_seconds = 0);

}  // namespace jitterbug
