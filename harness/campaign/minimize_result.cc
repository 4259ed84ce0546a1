#include "harness/campaign/minimize_result.h"

#include <nlohmann/json.hpp>

#include "harness/campaign/errors.h"
#include "harness/campaign/minimize_trial.h"
#include "harness/schedule/schedule_text.h"

namespace jitterbug {

using Json = nlohmann::json;

std::string write_minimized(const Minimized& m) {
  Json json = {{"schedule", to_text(m.schedule)}, {"record", write_record(m.record)}, {"recorded", m.recorded},
               {"runs", m.runs}, {"minimal", m.minimal}, {"crashes", m.crashes}, {"others", Json::array()}};
  for (const OtherFailure& other : m.others) json["others"].push_back({other.choice, other.how});
  if (m.pair) {
    json["pair"] = {{"choice", m.pair->choice}, {"steps", m.pair->steps}, {"lasting", m.pair->lasting},
                    {"points", choices_to_json({carry(m.pair->first), carry(m.pair->held)})}};
    if (m.pair->towards) json["pair"]["towards"] = choices_to_json({carry(*m.pair->towards)});
  }
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
  for (const Json& other : json.at("others")) {
    m.others.push_back({other.at(0).get<std::size_t>(), other.at(1).get<std::string>()});
  }
  if (!json.contains("pair")) return m;
  const Json& pair = json.at("pair");
  const Choices points = choices_from_json(pair.at("points"));
  m.pair = AdjacentPair{pair.at("choice").get<std::size_t>(), carried(points.at(0)), std::nullopt,
                        carried(points.at(1)), pair.at("steps").get<std::uint64_t>(),
                        pair.at("lasting").get<std::uint64_t>()};
  if (pair.contains("towards")) m.pair->towards = carried(choices_from_json(pair.at("towards")).front());
  return m;
}

}  // namespace jitterbug
