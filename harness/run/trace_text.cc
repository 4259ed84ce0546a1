#include "harness/run/trace_text.h"

#include <cstdio>

#include "harness/run/step_text.h"

namespace jitterbug {

std::string trace_line(const TraceStep& step) {
  char thread[16];
  std::snprintf(thread, sizeof thread, "t%-3u", step.thread);
  return step_line(step.at, thread, operation_text(step.op, step.name), step.op.site.file(), step.op.site.line());
}

}  // namespace jitterbug
