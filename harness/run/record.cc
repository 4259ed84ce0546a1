#include "harness/run/record.h"

#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/errors.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;

Json failure_to_json(const std::optional<Failure>& failure) {
  if (!failure) return nullptr;
  return {name_of(failure->oracle).number, failure->invariant, failure->sentence};
}

std::optional<Failure> failure_from_json(const Json& json) {
  if (json.is_null()) return std::nullopt;
  const std::optional<OracleId> oracle = find_oracle(json.at(0).get<std::string>());
  if (!oracle) throw ToolError("a worker named an unknown oracle");
  return Failure{*oracle, json.at(1).get<std::string>(), json.at(2).get<std::string>()};
}

Json windows_to_json(const std::vector<WindowAt>& windows) {
  Json out = Json::array();
  for (const WindowAt& at : windows) out.push_back({at.thread, static_cast<int>(at.window)});
  return out;
}

std::vector<WindowAt> windows_from_json(const Json& json) {
  std::vector<WindowAt> out;
  for (const Json& at : json) {
    const int window = at.at(1).get<int>();
    if (window < 0 || window > static_cast<int>(rt::Window::count)) throw ToolError("a worker named an unknown window");
    out.push_back({at.at(0).get<std::string>(), static_cast<rt::Window>(window)});
  }
  return out;
}

}  // namespace

Record crash_record(const Ending& ending) {
  Record record;
  record.crashed = true;
  record.failure = {OracleId::crash, invariant_of(ending), sentence_of(ending)};
  record.detail = ending.output;
  return record;
}

std::string finding_key(const Record& record, AtWindows windows) {
  std::string key = name_of(record.failure->oracle).number + ("\n" + record.failure->invariant);
  if (windows == AtWindows::alike) return key;
  // Which windows, not who stood in them: threads are interchangeable.
  std::set<rt::Window> stood_at;
  for (const WindowAt& at : record.last_windows) stood_at.insert(at.window);
  for (const rt::Window window : stood_at) key += "\n" + std::to_string(static_cast<int>(window));
  return key;
}

std::string write_record(const Record& record) {
  const Json json = {
      {"index", record.index},           {"strategy", record.strategy},
      {"failure", failure_to_json(record.failure)},
      {"crashed", record.crashed},       {"detail", record.detail},
      {"digest", record.digest},         {"decisions", record.decisions},
      {"switches", record.switches},     {"reached", record.safeguard_reached},
      {"parameters", record.parameters}, {"windows", windows_to_json(record.last_windows)},
      {"trace", record.trace},
  };
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Record read_record(const std::string& line) {
  try {
    const Json json = Json::parse(line);
    Record record;
    json.at("index").get_to(record.index);
    json.at("strategy").get_to(record.strategy);
    record.failure = failure_from_json(json.at("failure"));
    json.at("crashed").get_to(record.crashed);
    json.at("detail").get_to(record.detail);
    json.at("digest").get_to(record.digest);
    json.at("decisions").get_to(record.decisions);
    json.at("switches").get_to(record.switches);
    json.at("reached").get_to(record.safeguard_reached);
    json.at("parameters").get_to(record.parameters);
    record.last_windows = windows_from_json(json.at("windows"));
    json.at("trace").get_to(record.trace);
    return record;
  } catch (const Json::exception& e) {
    throw ToolError(std::string("a worker sent a malformed record: ") + e.what());
  }
}

}  // namespace jitterbug
