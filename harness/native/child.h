#pragma once
// A run in a process of its own: it may crash, give up, hang or be ended by a
// sanitizer, and all of that is a result.
//
// For a parent without other threads. Nothing here is thread-safe but report_line()
// and end_child().

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/process.h"
#include "harness/native/native_trace.h"
#include "harness/run/failure.h"
#include "harness/scene/scene.h"

namespace jitterbug {

struct Ended {
  std::optional<Failure> failure;
  bool crashed = false;     // by a signal, a sanitizer or an exit of its own
  std::string output;       // what it printed, its end if that is long
  std::vector<std::pair<std::string, std::string>> last_windows;  // "m#3", "stopm_list_before_sleep"
  std::map<std::string, std::int64_t> parameters;
  std::vector<std::string> notes;  // of the body, see below
  std::vector<std::string> trace;  // when failed: the last operations that the body had traced
};

// What a child shares with its parent: a descriptor for lines (see report_line); in memory
// of both a ledger, and a trace for trace_operations(), which outlives any crash.
struct ToParent {
  int reports = -1;
  Ledger* ledger = nullptr;
  NativeTrace* trace = nullptr;
};

// Runs the workload and returns; it has failed by then if the scene or the runtime
// ended the process.
using ChildBody = std::function<void(const ToParent& parent)>;

// A child under way. The parent asks for its end now and then.
class Child {
 public:
  // Throws ToolError when there is no process to be had. A body whose ledger shows no
  // progress in hang_seconds of real time hangs.
  Child(const ChildBody& body, double hang_seconds);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Readable when poll() has something to do. It has to be called several times a
  // second all the same.
  int descriptor() const { return reports_; }
  // True: it has ended, and ended() says how.
  bool poll();
  const Ended& ended() const { return ended_; }

 private:
  bool drain();
  void end_if_hung();
  void reap();
  void understand(const std::string& line);
  void judge(int status);

  Ended ended_;
  std::string text_;
  int reports_ = -1;
  int output_ = -1;
  int pid_ = -1;
  bool hung_ = false;
  SharedMemory memory_;
  Ledger* const ledger_;           // in it
  SharedMemory trace_memory_;
  NativeTrace* const trace_;       // in it
  std::int64_t progress_ = -1;     // when it was last looked at
  std::int64_t progress_at_ = 0;   // monotonic ns: when it changed
  double hang_seconds_;
};

// Runs one child to its end.
Ended run_in_child(const ChildBody& body, double hang_seconds);

// ---- In the child ---------------------------------------------------------------

// A line to the parent: "finding\tO7\tinvariant\tsentence", "parameter\tname\t1", "window\tm#2\tname",
// "note\ttext". In one piece, from any thread.
void report_line(int reports, std::string_view line);
// Ends the process as one whose finding has been reported. From any thread.
[[noreturn]] void end_child();

}  // namespace jitterbug
