#include "harness/report/progress.h"

#include <unistd.h>

#include <cstdio>

#include "harness/base/numbers.h"
#include "harness/base/process.h"
#include "harness/run/backend.h"

namespace jitterbug {
namespace {

constexpr std::int64_t terminal_interval_ns = 200'000'000;
constexpr std::int64_t log_interval_ns = 10'000'000'000;

}  // namespace

ProgressLine::ProgressLine(bool quiet)
    : quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) == 1),
      next_(monotonic_ns() + (terminal_ ? terminal_interval_ns : log_interval_ns)) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::clear() {
  if (width_ == 0) return;
  std::fprintf(stderr, "\r%*s\r", static_cast<int>(width_), "");
  std::fflush(stderr);
  width_ = 0;
}

void ProgressLine::show(const std::string& text) {
  if (quiet_) return;
  const std::int64_t now = monotonic_ns();
  if (now < next_) return;
  next_ = now + (terminal_ ? terminal_interval_ns : log_interval_ns);
  if (!terminal_) {
    std::fprintf(stderr, "%s\n", text.c_str());
    return;
  }
  const int blanks = width_ > text.size() ? static_cast<int>(width_ - text.size()) : 0;
  std::fprintf(stderr, "\r%s%*s", text.c_str(), blanks, "");
  std::fflush(stderr);
  width_ = text.size();
}

std::string progress_text(const Tally& tally) {
  const double seconds = tally.seconds > 0 ? tally.seconds : 1e-9;
  std::string text =
      elapsed(tally.seconds) + "  " + rate(static_cast<double>(tally.schedules) / seconds) + " schedules/s  ";
  if (backend().repeats) text += rate(static_cast<double>(tally.decisions) / seconds) + " decisions/s  ";
  return text + std::to_string(tally.entered.count()) + "/" + std::to_string(static_cast<int>(rt::Window::count)) +
         " windows  " + plural(tally.findings, "finding", "findings");
}

}  // namespace jitterbug
