#include "harness/campaign/minimize_trial.h"

#include "harness/campaign/errors.h"
#include "harness/campaign/token.h"
#include "harness/schedule/schedule_text.h"

namespace jitterbug {

using Json = nlohmann::json;

// A point travels as a choice, which has a text.
Choice carry(const Point& point) { return Switch{point, true, point.thread, 0}; }

Choice carry_any(const std::optional<Point>& point) {
  return point ? carry(*point) : Choice(Answer{{"m", 0}, {}, 1, 0});
}

Json choices_to_json(const Choices& choices) {
  Json out = Json::array();
  for (const Choice& c : choices) out.push_back(to_text(c));
  return out;
}

Choices choices_from_json(const Json& json) {
  Choices out;
  for (const Json& line : json) {
    std::optional<Choice> choice = parse_choice(line.get<std::string>());
    if (!choice) throw ToolError("a process sent a malformed choice: " + line.get<std::string>());
    out.push_back(std::move(*choice));
  }
  return out;
}

const Point& carried(const Choice& choice) { return std::get<Switch>(choice).at; }

std::string write_trial(const Trial& trial) {
  std::string bits;
  for (const bool b : trial.mattered) bits += b ? '1' : '0';
  Json json = {{"o", std::string(1, static_cast<char>(trial.outcome))}, {"how", trial.how}, {"m", bits}};
  json["w"] = choices_to_json(trial.next_windows);
  json["b"] = choices_to_json(trial.windows_before);
  if (trial.first) json["f"] = choices_to_json({carry(*trial.first)});
  if (trial.towards) json["t"] = choices_to_json({carry(*trial.towards)});
  json["n"] = {trial.held_since, trial.steps, trial.lasted};
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Trial read_trial(const std::string& text) {
  const Json json = Json::parse(text);
  Trial trial;
  trial.outcome = static_cast<Trial::Outcome>(json.at("o").get<std::string>().at(0));
  trial.how = json.at("how").get<std::string>();
  for (const char c : json.at("m").get<std::string>()) trial.mattered.push_back(c == '1');
  trial.next_windows = choices_from_json(json.at("w"));
  trial.windows_before = choices_from_json(json.at("b"));
  const Json& numbers = json.at("n");
  trial.held_since = numbers.at(0).get<std::uint64_t>();
  trial.steps = numbers.at(1).get<std::uint64_t>();
  trial.lasted = numbers.at(2).get<std::uint64_t>();
  if (json.contains("t")) trial.towards = carried(choices_from_json(json.at("t")).front());
  if (json.contains("f")) trial.first = carried(choices_from_json(json.at("f")).front());
  return trial;
}

std::uint64_t steps_lasted(const std::string& sentence) {
  constexpr std::string_view before = " for ", after = " steps";
  const std::size_t end = sentence.find(after);
  if (end == std::string::npos) return 0;
  const std::size_t from = sentence.rfind(before, end);
  if (from == std::string::npos) return 0;
  const std::size_t number = from + before.size();
  return parse_unsigned(std::string_view(sentence).substr(number, end - number)).value_or(0);
}

}  // namespace jitterbug
