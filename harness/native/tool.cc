#include "harness/native/tool.h"

#include <unistd.h>

#include <cstdio>
#include <exception>
#include <optional>

#include "harness/base/errors.h"
#include "harness/base/interrupt.h"
#include "harness/base/output_file.h"
#include "harness/defect/hand_over.h"
#include "harness/native/command_line.h"
#include "harness/native/report.h"
#include "harness/run/token.h"

namespace jitterbug {
namespace {

constexpr double seconds_between_lines = 10;

// On standard error: rewritten in place on a terminal, otherwise a line now and then.
class Progress {
 public:
  explicit Progress(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}
  ~Progress() { clear(); }

  void clear() const {
    if (!quiet_ && terminal_) std::fputs("\r\033[K", stderr);
  }
  void show(const NativeTally& tally) {
    if (quiet_ || (!terminal_ && tally.seconds < next_)) return;
    next_ = tally.seconds + seconds_between_lines;
    line(native_progress_text(tally));
  }
  void line(const std::string& text) const {
    if (!quiet_) std::fprintf(stderr, terminal_ ? "\r%s\033[K" : "%s\n", text.c_str());
  }

 private:
  const bool quiet_;
  const bool terminal_;
  double next_ = seconds_between_lines;
};

class Report {
 public:
  explicit Report(const std::string& path) {
    if (!path.empty()) file_.emplace(path);
  }
  void deliver(const std::string& text, const std::string& json) {
    if (!file_ || !file_->is_standard_output()) {
      std::fputs(text.c_str(), stdout);
      if (std::fflush(stdout) != 0) throw ToolError("cannot write to standard output");
    }
    if (file_) file_->write(json);
  }
  // What is known so far; a hunt does not end because a disk is full for a moment.
  void save(const std::string& json) {
    if (!file_ || !file_->is_replaced()) return;
    try {
      file_->write(json);
    } catch (const ToolError&) {
    }
  }

 private:
  std::optional<OutputFile> file_;
};

constexpr std::string_view this_tool = "jitterbug_native";

NativeHuntWatch watch_with(Progress& progress) {
  NativeHuntWatch watch;
  watch.progress = [&](const NativeTally& tally) { progress.show(tally); };
  watch.found = [&](const Finding& finding) {
    progress.clear();
    std::fprintf(stderr, "found %s %s\n", number_of(finding.record.failure).c_str(), to_token(finding.plan).c_str());
  };
  return watch;
}

Exit run_hunt(const NativeCommand& command, char** argv) {
  hand_over(this_tool, command.hunt.lifted, argv);
  check_native_hunt(command.hunt);
  Report report(command.json_path);
  Progress progress(command.quiet);
  NativeHuntWatch watch = watch_with(progress);
  watch.save = [&](const NativeHuntResult& so_far) { report.save(native_hunt_json(command.hunt, so_far)); };
  const NativeHuntResult result = hunt_natively(command.hunt, watch);
  progress.clear();
  report.deliver(native_hunt_text(command.hunt, result), native_hunt_json(command.hunt, result));
  return result.findings.empty() ? Exit::good : Exit::found;
}

Exit run_replay(const NativeCommand& command, char** argv) {
  const Plan& plan = command.replay.plan;
  hand_over(this_tool, plan.lifted, argv);
  check_native_plan(plan);
  Report report(command.json_path);
  std::optional<OutputFile> trace;
  if (!command.trace_path.empty()) trace.emplace(command.trace_path);
  Progress progress(command.quiet);
  const NativeHuntResult result = replay_natively(command.replay, watch_with(progress));
  progress.clear();
  if (trace) trace->write(native_trace_text(plan, result));
  report.deliver(native_replay_text(plan, result), native_replay_json(plan, result));
  return result.findings.empty() ? Exit::good : Exit::found;
}

Exit run_score(const NativeCommand& command) {
  Report report(command.json_path);
  Progress progress(command.quiet);
  const NativeScoreResult result = score_natively(command.score, [&](const std::string& text) { progress.line(text); });
  progress.clear();
  report.deliver(native_score_text(command.score, result), native_score_json(command.score, result));
  bool all = !result.interrupted;
  for (const NativeRowScore& row : result.rows) all &= row.caught();
  return all ? Exit::good : Exit::found;
}

Exit run_list(const NativeCommand& command) {
  Report report("");
  report.deliver(command.listing_as_json ? native_list_json(command.listing) : native_list_text(command.listing), "");
  return Exit::good;
}

int complain(const std::exception& error, Exit code) {
  std::fprintf(stderr, "jitterbug_native: %s\n", error.what());
  return static_cast<int>(code);
}

}  // namespace

int run_native_tool(int argc, char** argv) {
  try {
    const std::optional<NativeCommand> command = parse_native_command_line(argc, argv);
    if (!command) return static_cast<int>(Exit::good);
    if (command->verb != NativeVerb::list) catch_interrupts();
    switch (command->verb) {
      case NativeVerb::hunt: return static_cast<int>(run_hunt(*command, argv));
      case NativeVerb::score: return static_cast<int>(run_score(*command));
      case NativeVerb::replay: return static_cast<int>(run_replay(*command, argv));
      case NativeVerb::list: return static_cast<int>(run_list(*command));
    }
    return static_cast<int>(Exit::tool);
  } catch (const UsageError& error) {
    return complain(error, Exit::usage);
  } catch (const ImpossibleError& error) {
    return complain(error, Exit::impossible);
  } catch (const std::exception& error) {
    return complain(error, Exit::tool);
  }
}

}  // namespace jitterbug
