#pragma once
// What goes wrong with the tool itself, by whose fault. Each class maps to one exit
// code; the message is one line that names what is wrong and where.

#include <stdexcept>

namespace jitterbug {

// Exit codes of every verb.
enum class Exit : int {
  good = 0,         // nothing found, every defect caught, the replay passes
  found = 1,        // a finding, a missed defect, a replay that reproduces
  usage = 2,        // bad input; nothing has been written
  tool = 3,         // the tool itself failed
  not_followed = 4,  // a script could not be followed: the scheduler has changed
  impossible = 125  // the replay cannot be done with this build
};

// The caller asked for something that does not exist or makes no sense.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The machine or the tool let the caller down.
struct ToolError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The request is sound, but not for this build: the run diverges, or the patched
// variant it needs is not there.
struct ImpossibleError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace jitterbug
