// What a run was that has ended its process.

#include <cstdlib>
#include <string_view>

#include "harness/native/runner.h"
#include "harness/native/told.h"
#include "harness/native/trace_text.h"
#include "harness/oracle/registry.h"

namespace jitterbug {
namespace {

// The next word of a line; the rest stays.
std::string take_word(std::string_view& line) {
  const std::size_t end = line.find('\t');
  const std::string word(line.substr(0, end));
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return word;
}

struct Heard {
  bool accepted = false;
  std::optional<std::string> stands;  // where it hangs
};

void hear_finding(std::string_view line, Record& record) {
  const std::optional<OracleId> oracle = find_oracle(take_word(line));
  const std::string invariant = take_word(line);
  if (oracle && !record.failure) record.failure.emplace(*oracle, invariant, std::string(line));
}

void hear_window(std::string_view line, Record& record) {
  const std::string thread = take_word(line);
  for (std::size_t w = 0; w < window_count; ++w) {
    if (line == rt::window_infos[w].name) record.last_windows.push_back({thread, static_cast<rt::Window>(w)});
  }
}

void hear(std::string_view line, Record& record, Heard& heard) {
  const std::string kind = take_word(line);
  if (kind == told::finding) return hear_finding(line, record);
  if (kind == told::window) return hear_window(line, record);
  if (kind == told::accepted) heard.accepted = true;
  if (kind == told::stands) heard.stands = line;
  if (kind != told::parameter) return;
  const std::string name = take_word(line);
  record.parameters[name] = std::strtoll(std::string(line).c_str(), nullptr, 10);
}

// A process that hangs may not have told where.
Failure of_a_hang(const Ledger& ledger, const Heard& heard) {
  const OracleId oracle = ledger.stuck_on_purpose.load() ? OracleId::missed_deadlock : OracleId::progress;
  return {oracle, find_info(oracle)->invariants.front(),
          "the run does not end" + (heard.stands ? "; " + *heard.stands : " and does not say where it is")};
}

}  // namespace

// A sanitizer's report says most, and may be of what the run has said as well.
Record judge_native(const Ending& ending, const std::vector<std::string>& said, const NativeShared& shared) {
  Record record;
  Heard heard;
  for (const std::string& line : said) hear(line, record, heard);
  if (has_report(ending)) {
    record.failure = crash_record(ending).failure;
  } else if (ending.hung) {
    record.failure = of_a_hang(shared.ledger, heard);
  } else if (!record.failure && !heard.accepted) {
    record.failure = crash_record(ending).failure;
  }
  record.crashed = record.failed();  // nothing of it can be run again step by step
  record.detail = record.failed() ? ending.output : "";
  if (record.failed()) record.trace = native_trace_lines(shared.trace);
  return record;
}

}  // namespace jitterbug
