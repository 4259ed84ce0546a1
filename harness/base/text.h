#pragma once
// Words of command lines, tokens and lists.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jitterbug {

// The items of a comma-separated list.
std::vector<std::string> split_list(std::string_view list);

// Numbers as the command line and tokens spell them. Unsigned: decimal or 0x.
std::optional<std::uint64_t> parse_unsigned(std::string_view text);
std::optional<std::int64_t> parse_signed(std::string_view text);

// "30s", "500ms", "10m", "8h": seconds, more than 0. Empty: not a duration.
std::optional<double> parse_duration(std::string_view text);

}  // namespace jitterbug
