#include "harness/run/record.h"

#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/errors.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;

// Sentences carry numbers of Gs, Ms and steps that tell two runs apart, not two
// ways to fail.
std::string without_numbers(const std::string& sentence) {
  std::string out;
  for (const char c : sentence) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit)
      out += c;
    else if (out.empty() || out.back() != '#')
      out += '#';
  }
  return out;
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

Record crash_record(const std::string& how) {
  Record record;
  record.failed = record.crashed = true;
  record.oracle = "O12";
  record.sentence = how;
  return record;
}

std::string finding_key(const Record& record) {
  // Which windows, not who stood in them: threads are interchangeable.
  std::set<rt::Window> windows;
  for (const WindowAt& at : record.last_windows) windows.insert(at.window);
  std::string key = record.oracle + "\n" + without_numbers(record.sentence) + "\n";
  for (const rt::Window window : windows) key += " " + std::to_string(static_cast<int>(window));
  return key;
}

std::string failure_kind(const Record& record) {
  // What follows the first of these marks is the state of the world.
  Record general = record;
  general.last_windows.clear();
  general.sentence = general.sentence.substr(0, general.sentence.find_first_of("\"(,;"));
  return finding_key(general);
}

std::string write_record(const Record& record) {
  const Json json = {
      {"index", record.index},           {"strategy", record.strategy},
      {"failed", record.failed},
      {"crashed", record.crashed},       {"oracle", record.oracle},
      {"sentence", record.sentence},     {"detail", record.detail},
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
    json.at("failed").get_to(record.failed);
    json.at("crashed").get_to(record.crashed);
    json.at("oracle").get_to(record.oracle);
    json.at("sentence").get_to(record.sentence);
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
