#include "harness/campaign/run_report.h"

#include <exception>

namespace jitterbug {
namespace {

constexpr char again = '+', counted = '~';

}  // namespace

std::string write_again(std::size_t way, std::uint64_t index) {
  return again + std::to_string(way) + " " + std::to_string(index);
}

std::string write_counted(std::uint64_t index) { return counted + (" " + std::to_string(index)); }

std::optional<RunReport> read_run_report(const std::string& line, const std::vector<std::string>& keys) {
  RunReport report;
  try {
    if (line.starts_with(again) || line.starts_with(counted)) {
      report.again = true;
      report.record.index = std::stoull(line.substr(line.find(' ')));
      if (line[0] == again) report.key = keys.at(std::stoul(line.substr(1)));
    } else {
      report.record = read_record(line);
    }
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return report;
}

}  // namespace jitterbug
