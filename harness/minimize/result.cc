#include "harness/minimize/result.h"

#include <nlohmann/json.hpp>

#include "harness/campaign/errors.h"
#include "harness/schedule/schedule_text.h"

namespace jitterbug {

using Json = nlohmann::json;

namespace {

Json pair_to_json(const AdjacentPair& pair) {
  Json json = {{"choice", pair.choice}, {"steps", pair.steps}, {"first", point_line(pair.first)},
               {"held", point_line(pair.held)}};
  if (pair.towards) json["towards"] = point_line(*pair.towards);
  return json;
}

Point point_from_json(const Json& json) {
  std::optional<Point> point = parse_point(json.get<std::string>());
  if (!point) throw ToolError("a process sent a malformed point: " + json.get<std::string>());
  return std::move(*point);
}

AdjacentPair pair_from_json(const Json& json) {
  AdjacentPair pair;
  json.at("choice").get_to(pair.choice);
  json.at("steps").get_to(pair.steps);
  pair.first = point_from_json(json.at("first"));
  pair.held = point_from_json(json.at("held"));
  if (json.contains("towards")) pair.towards = point_from_json(json.at("towards"));
  return pair;
}

}  // namespace

std::string write_minimized(const Minimized& m) {
  Json json = {{"schedule", to_text(m.schedule)}, {"record", write_record(m.record)}, {"recorded", m.recorded},
               {"runs", m.runs}, {"minimal", m.minimal}, {"crashes", m.crashes}, {"another_way", m.another_way},
               {"others", Json::array()}};
  for (const OtherFailure& other : m.others) json["others"].push_back({other.choice, other.how});
  if (m.pair) json["pair"] = pair_to_json(*m.pair);
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Minimized read_minimized(const std::string& text) {
  const Json json = Json::parse(text);
  Minimized m;
  ParsedSchedule parsed = parse_schedule(json.at("schedule").get<std::string>());
  if (!parsed.schedule) throw ToolError("a process sent a malformed schedule: " + parsed.message);
  m.schedule = std::move(*parsed.schedule);
  m.record = read_record(json.at("record").get<std::string>());
  m.schedule.sentence = m.record.sentence;
  json.at("recorded").get_to(m.recorded);
  json.at("runs").get_to(m.runs);
  json.at("minimal").get_to(m.minimal);
  json.at("crashes").get_to(m.crashes);
  json.at("another_way").get_to(m.another_way);
  for (const Json& other : json.at("others")) {
    m.others.push_back({other.at(0).get<std::size_t>(), other.at(1).get<std::string>()});
  }
  if (json.contains("pair")) m.pair = pair_from_json(json.at("pair"));
  return m;
}

}  // namespace jitterbug
