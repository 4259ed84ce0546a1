// Any bytes are a schedule, or are refused with a message and a line. What is read can
// be written, and read again as the same.

#include <algorithm>
#include <string>
#include <string_view>

#include "fuzz/demand.h"
#include "harness/schedule/schedule_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jitterbug;
  using namespace jitterbug::fuzz;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const ParsedSchedule parsed = parse_schedule(input);
  if (!parsed.schedule) {
    const auto breaks = static_cast<std::size_t>(std::count(input.begin(), input.end(), '\n'));
    demand(!parsed.message.empty(), "a refusal says why");
    demand(parsed.message.find('\n') == std::string::npos, "a refusal is one line");
    demand(parsed.line >= 1 && parsed.line <= breaks + 2, "a refusal points into the file or behind its last line");
    return 0;
  }
  const std::string text = to_text(*parsed.schedule);
  const ParsedSchedule again = parse_schedule(text);
  demand(again.schedule.has_value(), "the text of a schedule is one");
  demand(again.schedule->choices == parsed.schedule->choices, "the text of a schedule gives its choices back");
  demand(to_text(*again.schedule) == text, "the text of a schedule gives the schedule back");
  return 0;
}
