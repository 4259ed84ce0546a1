#include "harness/campaign/run_report.h"

#include <exception>

namespace jitterbug {
namespace {

constexpr char record = 'r', again = 'a', counted = 'c', complaint = '!';

// "WAY INDEX"
RunReport read_again(const std::string& text, const std::vector<std::string>& keys) {
  RunReport report;
  report.kind = RunReport::Kind::again;
  std::size_t blank = 0;
  report.key = keys.at(std::stoul(text, &blank));
  report.record.index = std::stoull(text.substr(blank));
  return report;
}

}  // namespace

void send_record(const Parent& parent, const Record& of_run) { parent.send(record, write_record(of_run)); }

void send_again(const Parent& parent, std::size_t way, std::uint64_t index) {
  parent.send(again, std::to_string(way) + " " + std::to_string(index));
}

void send_counted(const Parent& parent, std::uint64_t index) { parent.send(counted, std::to_string(index)); }

void send_complaint(const Parent& parent, std::string_view why) { parent.send(complaint, why); }

std::optional<RunReport> read_run_report(char tag, std::string_view text, const std::vector<std::string>& keys) {
  RunReport report;
  try {
    switch (tag) {
      case record: report.record = read_record(std::string(text)); return report;
      case again: return read_again(std::string(text), keys);
      case counted:
        report.kind = RunReport::Kind::counted;
        report.record.index = std::stoull(std::string(text));
        return report;
      case complaint:
        report.kind = RunReport::Kind::complaint;
        report.why = text;
        return report;
      default: return std::nullopt;
    }
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace jitterbug
