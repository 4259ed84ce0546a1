#include "harness/tool/token_or_file.h"

#include <filesystem>
#include <utility>

#include "harness/base/errors.h"
#include "harness/run/token.h"
#include "harness/schedule/schedule_file.h"

namespace jitterbug {

Given read_token_or_file(const std::string& text) {
  if (!text.starts_with("jb") && std::filesystem::exists(text)) {
    if (const std::optional<Plan> of_fuzzer = read_token_file(text)) return {*of_fuzzer, std::nullopt};
    ScheduleFile file = read_schedule_file(text);
    return {std::move(file.plan), std::move(file.schedule)};
  }
  const ParsedToken parsed = parse_token(text);
  if (parsed.plan) return {*parsed.plan, std::nullopt};
  const std::string no_file = text.empty() || text.starts_with("jb") ? "" : "no file '" + text + "', and as a ";
  throw UsageError(no_file + "token, column " + std::to_string(parsed.error.column) + ": " + parsed.error.message);
}

}  // namespace jitterbug
