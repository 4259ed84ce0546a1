#include "harness/run/backend.h"

namespace jitterbug {

const char* tool_of(const std::string& flavour) {
  return flavour == native_flavour.in_plans ? native_flavour.tool : simulated_flavour.tool;
}

void say(const Parent& parent, std::string_view line) { parent.send(said_tag, line.substr(0, Parent::message_short)); }

}  // namespace jitterbug
