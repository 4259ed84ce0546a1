// Any text is a noise policy, or is refused with a message. What is read can be written
// and read again, and gives each seed the same policy.

#include <algorithm>
#include <string>
#include <string_view>

#include "fuzz/demand.h"
#include "harness/base/errors.h"
#include "harness/native/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jitterbug;
  using namespace jitterbug::fuzz;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  NoisePolicy policy;
  try {
    policy = NoisePolicy::parse(input);
  } catch (const UsageError& refusal) {
    const std::string_view message = refusal.what();
    const auto is_text = [](char c) { return static_cast<unsigned char>(c) >= ' '; };
    demand(!message.empty(), "a refusal says why");
    demand(std::all_of(message.begin(), message.end(), is_text), "a refusal is one line of text");
    return 0;
  }
  const std::string text = policy.to_text();
  const NoisePolicy again = NoisePolicy::parse(text);
  demand(again == policy, "the text of a policy gives the policy back");
  demand(again.to_text() == text, "equal policies have equal texts");
  demand(policy.drawn(1) == again.drawn(1), "equal policies draw alike");
  for (std::size_t point = 0; point < noise_points; ++point) {
    const NoiseRule* rule = policy.rule_at(point);
    if (rule != nullptr) demand(rule->low <= rule->high, "a hold has a shortest and a longest length");
  }
  return 0;
}
