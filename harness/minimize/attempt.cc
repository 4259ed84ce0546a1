#include "harness/minimize/attempt.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/campaign/errors.h"
#include "harness/schedule/schedule_text.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;

Json to_json(const std::optional<Point>& point) { return point ? Json(point_line(*point)) : Json(); }

Json to_json(const std::vector<std::optional<Point>>& points) {
  Json json = Json::array();
  for (const auto& point : points) json.push_back(to_json(point));
  return json;
}

std::optional<Point> point_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  std::optional<Point> point = parse_point(json.get<std::string>());
  if (!point) throw ToolError("a process sent a malformed point: " + json.get<std::string>());
  return point;
}

std::vector<std::optional<Point>> points_of(const Json& json) {
  std::vector<std::optional<Point>> points;
  for (const Json& point : json) points.push_back(point_of(point));
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
  const Json json = {std::string(1, static_cast<char>(attempt.outcome)),
                     attempt.how,
                     mattered,
                     to_json(attempt.next_windows),
                     to_json(attempt.windows_before),
                     to_json(attempt.first),
                     to_json(attempt.towards),
                     attempt.held_since,
                     attempt.steps};
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Attempt read_attempt(const std::string& text) {
  const Json json = Json::parse(text);
  Attempt attempt;
  attempt.outcome = static_cast<Attempt::Outcome>(json.at(0).get<std::string>().at(0));
  json.at(1).get_to(attempt.how);
  for (const char c : json.at(2).get<std::string>()) attempt.mattered.push_back(c == '1');
  attempt.next_windows = points_of(json.at(3));
  attempt.windows_before = points_of(json.at(4));
  attempt.first = point_of(json.at(5));
  attempt.towards = point_of(json.at(6));
  json.at(7).get_to(attempt.held_since);
  json.at(8).get_to(attempt.steps);
  return attempt;
}

}  // namespace jitterbug
