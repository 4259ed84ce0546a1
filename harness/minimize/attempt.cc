#include "harness/minimize/attempt.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/campaign/errors.h"
#include "harness/schedule/schedule_text.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;

Json to_json(const std::optional<Point>& point) { return point ? Json(point_line(*point)) : Json(); }

Json to_json(const std::vector<Point>& points) {
  Json json = Json::array();
  for (const Point& point : points) json.push_back(point_line(point));
  return json;
}

std::optional<Point> point_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  std::optional<Point> point = parse_point(json.get<std::string>());
  if (!point) throw ToolError("a process sent a malformed point: " + json.get<std::string>());
  return point;
}

std::vector<Point> points_of(const Json& json) {
  std::vector<Point> points;
  for (const Json& point : json) points.push_back(point_of(point).value());
  return points;
}

}  // namespace

std::string write_choices(const Choices& choices) {
  std::string lines;
  for (const Choice& choice : choices) lines += to_text(choice) + "\n";
  return lines;
}

Choices read_choices(const std::string& lines) {
  Choices choices;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    std::optional<Choice> choice = parse_choice(line);
    if (!choice) throw ToolError("a process sent a malformed choice: " + line);
    choices.push_back(std::move(*choice));
  }
  return choices;
}

std::string write_attempt(const Attempt& attempt) {
  std::string mattered;
  for (const bool b : attempt.mattered) mattered += b ? '1' : '0';
  Json around = Json::array();
  for (const Around& a : attempt.around) around.push_back({to_json(a.next), to_json(a.earlier), a.just_before});
  const Json json = {std::string(1, static_cast<char>(attempt.outcome)),
                     attempt.how,
                     attempt.kind,
                     mattered,
                     around,
                     to_json(attempt.first),
                     to_json(attempt.towards)};
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Attempt read_attempt(const std::string& text) {
  const Json json = Json::parse(text);
  Attempt attempt;
  attempt.outcome = static_cast<Attempt::Outcome>(json.at(0).get<std::string>().at(0));
  json.at(1).get_to(attempt.how);
  json.at(2).get_to(attempt.kind);
  for (const char c : json.at(3).get<std::string>()) attempt.mattered.push_back(c == '1');
  for (const Json& a : json.at(4)) {
    attempt.around.push_back({points_of(a.at(0)), points_of(a.at(1)), a.at(2).get<bool>()});
  }
  attempt.first = point_of(json.at(5));
  attempt.towards = point_of(json.at(6));
  return attempt;
}

}  // namespace jitterbug
