#include "harness/schedule/schedule.h"

#include "harness/run/step_text.h"

namespace jitterbug {

std::string to_text(const ThreadName& thread) { return thread.role + "#" + std::to_string(thread.id); }

std::string to_text(const Point& point) {
  std::string text = "start";
  if (point.occurrence != 0) {
    text = std::string(rt::window_info(point.window).name) + " " + std::to_string(point.occurrence);
  }
  if (point.nth == 0) return text;
  text += std::string(" + ") + to_string(point.kind) + " " + std::to_string(point.nth) + " " + point.file;
  return point.on.empty() ? text : text + " on " + point.on;
}

bool is_known_race(rt::Window window) {
  return window != rt::Window::count &&
         std::string_view(rt::window_info(window).reference).find('#') != std::string_view::npos;
}

std::string_view to_string(Question q) {
  switch (q) {
    case Question::program: return "program";
    case Question::fault: return "fault";
    case Question::wake_order: return "wake_order";
    case Question::time: return "time";
    case Question::count: break;
  }
  return "?";
}

std::string ordinal(std::uint64_t n) {
  const char* ending = "th";
  if (n / 10 % 10 != 1) {
    if (n % 10 == 1) ending = "st";
    if (n % 10 == 2) ending = "nd";
    if (n % 10 == 3) ending = "rd";
  }
  return std::to_string(n) + ending;
}

}  // namespace jitterbug
