#include "harness/run/step_text.h"

#include <cstdio>
#include <iterator>

namespace jitterbug {
namespace {

using rt::engine::OpKind;

const char* order_text(const rt::engine::Op& op) {
  if (op.kind != OpKind::load && op.kind != OpKind::store && op.kind != OpKind::rmw && op.kind != OpKind::fence) {
    return "";
  }
  switch (op.order) {
    case rt::relaxed: return " relaxed";
    case rt::consume: return " consume";
    case rt::acquire: return " acquire";
    case rt::release: return " release";
    case rt::acq_rel: return " acq_rel";
    case rt::seq_cst: return " seq_cst";
  }
  return " ?";
}

std::string kind_of_object(OpKind kind) {
  switch (kind) {
    case OpKind::thread_join: return "t";
    case OpKind::poll_close:
    case OpKind::poll_wait:
    case OpKind::poll_change:
    case OpKind::poll_wake: return "poller ";
    case OpKind::file_close:
    case OpKind::file_read:
    case OpKind::file_write: return "descriptor ";
    default: return "#";
  }
}

std::string object_text(const rt::engine::Op& op, const rt::engine::Name& name) {
  if (op.kind == OpKind::window && op.window != rt::Window::count) {
    const rt::WindowInfo& info = rt::window_info(op.window);
    return std::string(info.name) + " (" + info.id + ")";
  }
  if (name.text != nullptr) return to_text(name);
  return op.object != 0 ? kind_of_object(op.kind) + std::to_string(op.object) : "";
}

}  // namespace

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
    case thread_exit: return "thread_exit";
    case sleep: return "sleep";
    case clock: return "clock";
    case relax: return "relax";
    case poll_open: return "poll_open";
    case poll_close: return "poll_close";
    case poll_wait: return "poll_wait";
    case poll_change: return "poll_change";
    case poll_wake: return "poll_wake";
    case file_open: return "file_open";
    case file_close: return "file_close";
    case file_read: return "file_read";
    case file_write: return "file_write";
    case stack_allocate: return "stack_allocate";
    case stack_release: return "stack_release";
    case choose: return "choose";
    case count: break;
  }
  return "?";
}

std::string to_text(const rt::engine::Name& name) {
  std::string text;
  std::uint32_t numbers[] = {name.number, name.index};
  std::size_t next = 0;
  for (const char* c = name.text; c != nullptr && *c != 0; ++c) {
    if (*c == '#' && next < std::size(numbers))
      text += std::to_string(numbers[next++]);
    else
      text += *c;
  }
  return text;
}

std::string operation_text(const rt::engine::Op& op, const rt::engine::Name& name) {
  char text[128];
  const std::string what = std::string(to_string(op.kind)) + order_text(op);
  std::snprintf(text, sizeof text, "%-14s  %-34s", what.c_str(), object_text(op, name).c_str());
  return text;
}

std::string step_line(rt::Duration since_start, const std::string& thread, const std::string& operation,
                      const char* file, std::uint32_t line) {
  char text[256];
  std::snprintf(text, sizeof text, "%12.3fus  %s %s  %s:%u", static_cast<double>(since_start) / 1e3, thread.c_str(),
                operation.c_str(), file, line);
  return text;
}

}  // namespace jitterbug
