#include "harness/minimize/messages.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/base/errors.h"
#include "harness/schedule/schedule_text.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;

// A program may print any bytes; the text here is ASCII.
std::string text_of(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

template <class Read>
auto read_from(const std::string& text, Read read) {
  try {
    return read(Json::parse(text));
  } catch (const Json::exception&) {
    throw ToolError("a process sent a malformed message: " + text);
  }
}

Json to_json(const std::optional<Point>& point) { return point ? Json(point_line(*point)) : Json(); }

Json to_json(const std::vector<Point>& points) {
  Json json = Json::array();
  for (const Point& point : points) json.push_back(point_line(point));
  return json;
}

std::optional<Point> point_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return read_point(json.get<std::string>());
}

std::vector<Point> points_of(const Json& json) {
  std::vector<Point> points;
  for (const Json& point : json) points.push_back(read_point(point.get<std::string>()));
  return points;
}

Json pair_to_json(const AdjacentPair& pair) {
  return {{"choice", pair.choice},
          {"steps", pair.steps},
          {"first", point_line(pair.first)},
          {"held", point_line(pair.held)},
          {"towards", to_json(pair.towards)}};
}

AdjacentPair pair_from_json(const Json& json) {
  AdjacentPair pair;
  json.at("choice").get_to(pair.choice);
  json.at("steps").get_to(pair.steps);
  pair.first = read_point(json.at("first").get<std::string>());
  pair.held = read_point(json.at("held").get<std::string>());
  pair.towards = point_of(json.at("towards"));
  return pair;
}

Attempt attempt_from_json(const Json& json) {
  Attempt attempt;
  attempt.outcome = static_cast<Attempt::Outcome>(json.at(0).get<int>());
  json.at(1).get_to(attempt.how);
  json.at(2).get_to(attempt.key);
  for (const char c : json.at(3).get<std::string>()) attempt.reached.push_back(c == '1');
  for (const Json& a : json.at(4)) {
    attempt.around.push_back({points_of(a.at(0)), points_of(a.at(1)), a.at(2).get<bool>()});
  }
  attempt.first = point_of(json.at(5));
  attempt.towards = point_of(json.at(6));
  return attempt;
}

Minimized minimized_from_json(const Json& json) {
  Minimized m;
  ParsedSchedule schedule = parse_schedule(json.at("schedule").get<std::string>());
  if (!schedule.schedule) throw ToolError("a process sent a malformed schedule: " + schedule.message);
  m.schedule = std::move(*schedule.schedule);
  m.record = read_record(json.at("record").get<std::string>());
  m.schedule.failure = m.record.failure;
  json.at("recorded").get_to(m.recorded);
  json.at("runs").get_to(m.runs);
  json.at("minimal").get_to(m.minimal);
  json.at("crashes").get_to(m.crashes);
  json.at("another_way").get_to(m.another_way);
  for (const Json& other : json.at("others")) {
    m.others.push_back({other.at(0).get<std::size_t>(), other.at(1).get<std::string>()});
  }
  if (!json.at("pair").is_null()) m.pair = pair_from_json(json.at("pair"));
  return m;
}

}  // namespace

Point read_point(const std::string& line) {
  std::optional<Point> point = parse_point(line);
  if (!point) throw ToolError("a process sent a malformed point: " + line);
  return std::move(*point);
}

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
  std::string reached;
  for (const bool b : attempt.reached) reached += b ? '1' : '0';
  Json around = Json::array();
  for (const Around& a : attempt.around) around.push_back({to_json(a.next), to_json(a.earlier), a.just_before});
  return text_of({static_cast<int>(attempt.outcome), attempt.how, attempt.key, reached, around,
                  to_json(attempt.first), to_json(attempt.towards)});
}

Attempt read_attempt(const std::string& text) { return read_from(text, attempt_from_json); }

std::string write_sample(const Sample& sample) {
  return text_of({sample.steps, sample.choices ? Json(write_choices(*sample.choices)) : Json()});
}

Sample read_sample(const std::string& text) {
  return read_from(text, [](const Json& json) {
    Sample sample{json.at(0).get<std::uint64_t>(), std::nullopt};
    if (!json.at(1).is_null()) sample.choices = read_choices(json.at(1).get<std::string>());
    return sample;
  });
}

std::string write_told(const ToldRun& told) { return text_of({write_record(told.record), told.lines}); }

ToldRun read_told(const std::string& text) {
  return read_from(text, [](const Json& json) {
    return ToldRun{read_record(json.at(0).get<std::string>()), json.at(1).get<std::string>()};
  });
}

std::string write_words(const StateWords& words) {
  return text_of({words.nmspinning, words.needspinning, words.npidle, words.queued});
}

bool is_words(const std::string& line) { return line.starts_with('['); }

StateWords read_words(const std::string& line) {
  return read_from(line, [](const Json& json) {
    return StateWords{json.at(0).get<int>(), json.at(1).get<int>(), json.at(2).get<int>(), json.at(3).get<int>()};
  });
}

std::string write_minimized(const Minimized& m) {
  Json others = Json::array();
  for (const OtherFailure& other : m.others) others.push_back({other.choice, other.how});
  return text_of({{"schedule", to_text(m.schedule)},
                  {"record", write_record(m.record)},
                  {"recorded", m.recorded},
                  {"runs", m.runs},
                  {"minimal", m.minimal},
                  {"crashes", m.crashes},
                  {"another_way", m.another_way},
                  {"others", others},
                  {"pair", m.pair ? pair_to_json(*m.pair) : Json()}});
}

Minimized read_minimized(const std::string& text) { return read_from(text, minimized_from_json); }

}  // namespace jitterbug
