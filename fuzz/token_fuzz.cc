// Any text is a token, or is refused with a message and a column. A token gives its
// plan back, and the plan the same token.

#include <algorithm>
#include <string>
#include <string_view>

#include "fuzz/demand.h"
#include "harness/run/token.h"

namespace jitterbug::fuzz {
namespace {

constexpr std::string_view damaged = "the token is damaged: ";
constexpr std::size_t digits = 8;

bool is_one_line(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

void check_error(std::string_view input, const TokenError& error) {
  demand(!error.message.empty(), "a refusal says why");
  demand(is_one_line(error.message), "a refusal is one line of text");
  demand(error.column >= 1 && error.column <= input.size() + 1, "a refusal points into the text or behind it");
}

void check_plan(const Plan& plan) {
  const std::string token = to_token(plan);
  const ParsedToken again = parse_token(token);
  // A spelling that is shorter than ours may be of the greatest length.
  if (!again.plan && token.size() > token_length_max) return;
  demand(again.plan.has_value(), "the token of a plan is one");
  demand(*again.plan == plan, "the token of a plan gives the plan back");
}

// The text with the checksum that fits it; empty: it is wrong for another reason.
std::string sealed(std::string_view text) {
  const std::string unsealed(text.substr(0, text.rfind(":check=")));
  const ParsedToken parsed = parse_token(unsealed + ":check=");
  const std::string& said = parsed.error.message;
  if (parsed.plan || !said.starts_with(damaged)) return "";
  return unsealed + ":check=" + said.substr(said.size() - digits);
}

}  // namespace
}  // namespace jitterbug::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jitterbug;
  using namespace jitterbug::fuzz;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const ParsedToken parsed = parse_token(input);
  if (parsed.plan) {
    check_plan(*parsed.plan);
    return 0;
  }
  check_error(input, parsed.error);
  // Few mutations hit a checksum: what nothing else is wrong with gets one.
  const std::string token = sealed(input);
  if (token.empty() || token.size() > token_length_max) return 0;
  const ParsedToken whole = parse_token(token);
  demand(whole.plan.has_value(), "a text with the checksum that was asked for is a token");
  check_plan(*whole.plan);
  return 0;
}
