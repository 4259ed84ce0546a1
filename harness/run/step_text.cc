#include "harness/run/step_text.h"

#include <cstdio>

namespace jitterbug {

const char* to_string(rt::engine::OpKind kind) {
  using enum rt::engine::OpKind;
  switch (kind) {
    case load: return "load";
    case store: return "store";
    case rmw: return "rmw";
    case fence: return "fence";
    case window: return "window";
    case futex_wait: return "futex_wait";
    case futex_wake: return "futex_wake";
    case thread_start: return "thread_start";
    case thread_join: return "thread_join";
    case sleep: return "sleep";
    case clock: return "clock";
    case relax: return "relax";
    case poll_wait: return "poll_wait";
    case poll_change: return "poll_change";
    case poll_wake: return "poll_wake";
    case file_read: return "file_read";
    case file_write: return "file_write";
    case choose: return "choose";
    case count: break;
  }
  return "?";
}

std::string step_line(rt::Duration since_start, const std::string& thread, const rt::engine::Op& op) {
  std::string what;
  if (op.kind == rt::engine::OpKind::window && op.window != rt::Window::count) {
    const rt::WindowInfo& info = rt::window_info(op.window);
    what = std::string(info.name) + " (" + info.id + ")";
  } else if (op.object != 0) {
    what = "#" + std::to_string(op.object);
  }
  char line[256];
  std::snprintf(line, sizeof line, "%12.3fus  %s %-12s  %-34s  %s:%u", static_cast<double>(since_start) / 1e3,
                thread.c_str(), to_string(op.kind), what.c_str(), op.site.file, op.site.line);
  return line;
}

}  // namespace jitterbug
