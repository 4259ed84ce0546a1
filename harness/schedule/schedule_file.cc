#include "harness/schedule/schedule_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "harness/base/errors.h"
#include "harness/run/token.h"
#include "harness/schedule/schedule_text.h"

namespace jitterbug {
namespace {

std::string read_text(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) throw UsageError(path + ": " + std::strerror(errno));
  if (S_ISDIR(status.st_mode)) throw UsageError(path + ": is a directory");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw UsageError(path + ": " + std::strerror(errno));
  std::string text;
  for (std::istreambuf_iterator<char> at(file), end; at != end && text.size() <= schedule_bytes_max; ++at) text += *at;
  return text;
}

}  // namespace

ScheduleFile read_schedule_file(const std::string& path) {
  ParsedSchedule parsed = parse_schedule(read_text(path));
  if (!parsed.schedule) throw UsageError(path + ":" + std::to_string(parsed.line) + ": " + parsed.message);
  const std::string at_token = path + ":" + std::to_string(parsed.token_line) + ": token, column ";
  const ParsedToken token = parse_token(parsed.schedule->token);
  if (!token.plan) throw UsageError(at_token + std::to_string(token.error.column) + ": " + token.error.message);
  if (token.plan->storm_steps == 0) throw UsageError(at_token + "1: a schedule needs a fixed storm, storm=N");
  return {*token.plan, std::move(*parsed.schedule)};
}

std::optional<Plan> read_token_file(const std::string& path) {
  const std::string text = read_text(path);
  if (!text.starts_with("jb")) return std::nullopt;
  ParsedToken token = parse_token(text.substr(0, text.find('\n')));
  if (token.plan) return std::move(token.plan);
  throw UsageError(path + ":1: token, column " + std::to_string(token.error.column) + ": " + token.error.message);
}

}  // namespace jitterbug
