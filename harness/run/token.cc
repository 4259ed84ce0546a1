#include "harness/run/token.h"
#include "harness/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <set>
#include <vector>

namespace jitterbug {
namespace {

constexpr std::string_view version = "jb1";
constexpr std::string_view check_field = "check=";
constexpr std::array<std::string_view, 8> own_fields = {"seed",  "lift", "flavour", "noise",
                                                        "storm", "calm", "edits",   "check"};

// CRC-32 (reflected, 0xEDB88320): notices every burst of up to 32 damaged bits.
std::uint32_t checksum(std::string_view text) {
  std::uint32_t crc = ~0u;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xedb88320u & (0u - (crc & 1u)));
  }
  return ~crc;
}

std::string hex(std::uint64_t value, int digits) {
  char text[24];
  std::snprintf(text, sizeof text, "%0*llx", digits, static_cast<unsigned long long>(value));
  return text;
}

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }

// A noise policy has colons of its own. A plus sign, which it has not, stands for them.
std::string with(std::string text, char from, char to) {
  std::replace(text.begin(), text.end(), from, to);
  return text;
}

bool fits_noise(std::string_view text) {
  constexpr std::string_view others = "_*=+.@%/,";
  const auto fits = [&](char c) { return letter(c) || digit(c) || others.find(c) != std::string_view::npos; };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

// A piece of the token and where it starts.
struct Piece {
  std::string_view text;
  std::size_t column;
};

std::vector<Piece> split(std::string_view text) {
  std::vector<Piece> pieces;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != ':') continue;
    pieces.push_back({text.substr(start, i - start), start + 1});
    start = i + 1;
  }
  return pieces;
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text.substr(0, 60)) out += c >= ' ' && c <= '~' ? c : '?';
  if (text.size() > 60) out += "...";
  return out + "'";
}

ParsedToken failure(std::size_t column, std::string message) { return {std::nullopt, {column, std::move(message)}}; }

// Empty: the field is fine and has been stored in the plan.
std::string store_field(std::string_view name, std::string_view value, Plan& plan) {
  if (name == "seed" || name == "storm" || name == "calm") {
    const auto number = parse_unsigned(value);
    if (!number) return std::string(name) + " " + quoted(value) + " is not an unsigned 64-bit number";
    if (name != "seed" && *number == 0) return std::string(name) + " must not be 0";
    (name == "seed" ? plan.seed : name == "storm" ? plan.storm_steps : plan.calm_steps) = *number;
    return "";
  }
  if (name == "lift") {
    if (!valid_name(value)) return "lift " + quoted(value) + " is not the name of a row";
    plan.lifted = value;
    return "";
  }
  if (name == "flavour") {
    if (value != "simulated" && value != "instrumented") return "unknown flavour " + quoted(value);
    plan.flavour = value;
    return "";
  }
  if (name == "noise") {
    if (!fits_noise(value)) return "noise " + quoted(value) + " is not a policy";
    plan.noise = with(std::string(value), '+', ':');
    return "";
  }
  if (name == "edits") {
    std::string message;
    std::optional<std::vector<Edit>> edits = parse_edits(value, message);
    if (edits) plan.edits = std::move(*edits);
    return message;
  }
  if (!valid_parameter_name(name)) return quoted(name) + " is not the name of a parameter";
  const auto number = parse_signed(value);
  if (!number) return "parameter " + std::string(name) + ": " + quoted(value) + " is not a 64-bit number";
  plan.fixed[std::string(name)] = *number;
  return "";
}

ParsedToken check_checksum(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const std::size_t start = colon == std::string_view::npos ? text.size() : colon + 1;
  if (!text.substr(start).starts_with(check_field)) {
    return failure(text.size() + 1, "the token is cut off: its last field is not check=");
  }
  const std::string_view given = text.substr(start + check_field.size());
  const std::string wanted = hex(checksum(text.substr(0, colon)), 8);
  if (given == wanted) return {Plan{}, {}};
  return failure(start + check_field.size() + 1,
                 "the token is damaged: its checksum is " + quoted(given) + ", its text gives " + wanted);
}

ParsedToken parse_fields(const std::vector<Piece>& pieces) {
  Plan plan;
  plan.workload = pieces[1].text;
  plan.strategy = pieces[2].text;
  std::set<std::string_view> seen;
  for (std::size_t i = 3; i + 1 < pieces.size(); ++i) {
    const auto [text, column] = pieces[i];
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return failure(column, quoted(text) + " is not of the form name=value");
    const std::string_view name = text.substr(0, equals);
    if (!seen.insert(name).second) return failure(column, "field " + quoted(name) + " appears twice");
    const std::string error = store_field(name, text.substr(equals + 1), plan);
    if (!error.empty()) return failure(column, error);
  }
  if (!seen.contains("seed")) return failure(pieces.back().column, "the field seed= is missing");
  return {plan, {}};
}

}  // namespace

bool valid_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || !letter(name[0])) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return letter(c) || digit(c) || c == '_'; });
}

bool valid_parameter_name(std::string_view name) {
  return valid_name(name) && std::find(own_fields.begin(), own_fields.end(), name) == own_fields.end();
}

std::string to_token(const Plan& plan) {
  std::string text = std::string(version) + ":" + plan.workload + ":" + plan.strategy + ":seed=0x" + hex(plan.seed, 1);
  if (!plan.lifted.empty()) text += ":lift=" + plan.lifted;
  if (plan.flavour != Plan{}.flavour) text += ":flavour=" + plan.flavour;
  if (!plan.noise.empty()) text += ":noise=" + with(plan.noise, ':', '+');
  if (plan.storm_steps != 0) text += ":storm=" + std::to_string(plan.storm_steps);
  if (plan.calm_steps != 0) text += ":calm=" + std::to_string(plan.calm_steps);
  for (const auto& [name, value] : plan.fixed) text += ":" + name + "=" + std::to_string(value);
  if (!plan.edits.empty()) text += ":edits=" + to_text(plan.edits);
  return text + ":" + std::string(check_field) + hex(checksum(text), 8);
}

ParsedToken parse_token(std::string_view text) {
  if (text.size() > token_length_max) {
    return failure(token_length_max, "the token is longer than " + std::to_string(token_length_max) + " characters");
  }
  const std::vector<Piece> pieces = split(text);
  if (pieces[0].text != version) {
    return failure(1, "a token starts with " + std::string(version) + ":, not with " + quoted(pieces[0].text));
  }
  // Form first: it says more about a token that somebody has mistyped.
  if (pieces.size() < 3) return failure(text.size() + 1, "the token is cut off: it has no stressor and strategy");
  for (const int i : {1, 2}) {
    if (valid_name(pieces[i].text)) continue;
    return failure(pieces[i].column,
                   quoted(pieces[i].text) + " is not the name of a " + (i == 1 ? "stressor" : "strategy"));
  }
  const ParsedToken checked = check_checksum(text);
  if (!checked.plan) {
    if (!pieces.back().text.starts_with(check_field)) return checked;
    const ParsedToken fields = parse_fields(pieces);
    return fields.plan ? checked : fields;
  }
  return parse_fields(pieces);
}

}  // namespace jitterbug
