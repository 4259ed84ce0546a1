#include "harness/schedule/schedule_text.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <span>

#include "harness/run/step_text.h"
#include "harness/schedule/whereabouts.h"

namespace jitterbug {
namespace {

constexpr std::string_view version = "jitterbug-schedule 1";
constexpr std::string_view blank = " \t\r";

using Words = std::vector<std::string_view>;

// What is wrong with a line.
struct Malformed {
  std::string message;
};

[[noreturn]] void refuse(std::string message) { throw Malformed{std::move(message)}; }

std::string quoted(std::string_view word) {
  std::string out = "'";
  for (const char c : word.substr(0, 60)) out += c >= ' ' && c < 127 ? c : '?';
  return out + (word.size() > 60 ? "...'" : "'");
}

Words words_of(std::string_view line) {
  Words words;
  for (std::size_t at = 0; (at = line.find_first_not_of(blank, at)) != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(blank, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::uint32_t number(std::string_view word, const char* what, std::uint32_t least) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) refuse(quoted(word) + " is no " + what);
  if (value < least) refuse(std::string("the ") + what + " must be at least " + std::to_string(least));
  return value;
}

// The words of a line from left to right.
class Reader {
 public:
  explicit Reader(std::span<const std::string_view> words) : words_(words) {}

  bool done() const { return words_.empty(); }
  bool next_is(std::string_view word) const { return !done() && words_.front() == word; }
  std::string_view take(const char* what) {
    if (done()) refuse(std::string("the line ends where ") + what + " is expected");
    const std::string_view word = words_.front();
    words_ = words_.subspan(1);
    return word;
  }
  bool skip(std::string_view word) {
    if (!next_is(word)) return false;
    words_ = words_.subspan(1);
    return true;
  }
  void expect(std::string_view word) {
    const std::string what = "'" + std::string(word) + "'";
    const std::string_view found = take(what.c_str());
    if (found != word) refuse(quoted(found) + " stands where " + what + " is expected");
  }
  void expect_end() const {
    if (!done()) refuse(quoted(words_.front()) + " is too much");
  }

 private:
  std::span<const std::string_view> words_;
};

ThreadName thread_of(std::string_view word) {
  const std::size_t mark = word.rfind('#');
  if (mark == std::string_view::npos || mark == 0) refuse(quoted(word) + " is no thread such as m#2");
  ThreadName name;
  name.role = word.substr(0, mark);
  name.id = number(word.substr(mark + 1), "number of a thread", 0);
  constexpr ThreadId id_max = 1'000'000;
  if (name.id > id_max) refuse(quoted(word) + " has too high a number");
  return name;
}

rt::Window window_of(std::string_view word) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(rt::Window::count); ++i) {
    if (word == rt::window_infos[i].name) return static_cast<rt::Window>(i);
  }
  refuse("unknown window " + quoted(word) + ": see jitterbug list windows");
}

rt::engine::OpKind kind_of(std::string_view word) {
  for (int i = 0; i < static_cast<int>(rt::engine::OpKind::count); ++i) {
    const auto kind = static_cast<rt::engine::OpKind>(i);
    if (kind != rt::engine::OpKind::window && word == to_string(kind)) return kind;
  }
  refuse("unknown operation " + quoted(word));
}

Question question_of(std::string_view word) {
  for (int i = 0; i < static_cast<int>(Question::count); ++i) {
    const auto question = static_cast<Question>(i);
    if (word == to_string(question)) return question;
  }
  refuse("unknown question " + quoted(word) + ": program, fault, wake_order or time");
}

Point point_of(Reader& line, const ThreadName& thread) {
  Point point;
  point.thread = thread;
  if (!line.skip("start")) {
    point.window = window_of(line.take("a window or 'start'"));
    point.occurrence = number(line.take("the occurrence"), "occurrence", 1);
  }
  if (!line.skip("+")) return point;
  point.kind = kind_of(line.take("an operation"));
  point.nth = number(line.take("a count"), "count", 1);
  point.file = line.take("a file");
  if (line.skip("on")) point.on = line.take("the name of a word");
  return point;
}

Switch switch_of(Reader& line, const ThreadName& thread) {
  Switch s;
  s.preempts = !line.skip("blocked");
  line.expect("at");
  s.at = point_of(line, thread);
  line.expect("->");
  s.next = thread_of(line.take("a thread"));
  if (!line.skip("after")) return s;
  s.pauses = number(line.take("a number of pauses"), "number of pauses", 1);
  line.expect(s.pauses == 1 ? "pause" : "pauses");
  return s;
}

Answer answer_of(Reader& line, const ThreadName& thread) {
  Answer a;
  a.thread = thread;
  line.expect("answers");
  a.question = question_of(line.take("a question"));
  a.nth = number(line.take("the occurrence"), "occurrence", 1);
  line.expect("with");
  a.answer = number(line.take("an answer"), "answer", 0);
  return a;
}

Choice choice_of(const Words& words) {
  Reader line(words);
  const ThreadName thread = thread_of(line.take("a thread"));
  const bool answers = line.next_is("answers");
  if (!answers && !line.next_is("at") && !line.next_is("blocked")) {
    refuse("'at', 'blocked at' or 'answers' is expected after the thread");
  }
  const Choice choice = answers ? Choice(answer_of(line, thread)) : Choice(switch_of(line, thread));
  line.expect_end();
  return choice;
}

// The question that a choice decides. Two choices of one subject contradict each other.
std::string subject_of(Choice choice) {
  auto* s = std::get_if<Switch>(&choice);
  if (s != nullptr) s->at.on.clear();
  const std::string line = to_text(choice);
  return line.substr(0, line.find(s == nullptr ? " with " : " -> "));
}

class Parser {
 public:
  ParsedSchedule parse(std::string_view text) {
    try {
      if (text.size() > schedule_bytes_max) refuse("the file is too large to be a schedule");
      while (!text.empty()) {
        const std::size_t end = text.find('\n');
        read(text.substr(0, end));
        ++line_;
        text = end == std::string_view::npos ? "" : text.substr(end + 1);
      }
      if (!versioned_) refuse("the file is empty; a schedule begins with '" + std::string(version) + "'");
      if (schedule_.token.empty()) refuse("the file ends where 'token' is expected");
    } catch (const Malformed& malformed) {
      return {std::nullopt, 0, line_, malformed.message};
    }
    return {std::move(schedule_), token_line_, 0, ""};
  }

 private:
  void read(std::string_view line) {
    const auto is_text = [](char c) { return static_cast<unsigned char>(c) >= ' ' || c == '\t' || c == '\r'; };
    if (!std::all_of(line.begin(), line.end(), is_text)) refuse("the line holds bytes that are no text");
    const Words all = words_of(line);
    // A sentence may hold the mark of a comment.
    if (!all.empty() && all.front() == "fails" && !schedule_.token.empty()) return read_failure(all, line);
    Words words;
    for (const std::string_view word : all) {
      if (word.starts_with('#')) break;
      words.push_back(word);
    }
    if (words.empty()) return;
    if (!versioned_) return read_version(words);
    if (schedule_.token.empty()) return read_token(words);
    Choice choice = choice_of(words);
    const auto [earlier, is_new] = lines_.emplace(subject_of(choice), line_);
    if (!is_new) refuse("line " + std::to_string(earlier->second) + " has a choice for this point already");
    schedule_.choices.push_back(std::move(choice));
  }

  void read_version(const Words& words) {
    if (words.size() == 2 && words[0] == "jitterbug-schedule" && words[1] == "1") {
      versioned_ = true;
      return;
    }
    if (words[0] != "jitterbug-schedule") refuse("a schedule begins with '" + std::string(version) + "'");
    refuse("unknown version of the format; this tool reads '" + std::string(version) + "'");
  }

  void read_token(const Words& words) {
    Reader line(words);
    line.expect("token");
    schedule_.token = line.take("a token");
    token_line_ = line_;
    line.expect_end();
  }

  void read_failure(const Words& words, std::string_view line) {
    if (schedule_.failure) refuse("'fails' stands here a second time");
    if (words.size() < 2) refuse("the line ends where an oracle is expected");
    const std::optional<OracleId> oracle = find_oracle(words[1]);
    if (!oracle) refuse("unknown oracle '" + std::string(words[1]) + "'");
    if (words.size() < 3) refuse("the line ends where an invariant is expected");
    const auto from = static_cast<std::size_t>(words[2].data() - line.data());
    const auto to = static_cast<std::size_t>(words.back().data() + words.back().size() - line.data());
    schedule_.failure = Failure(*oracle, line.substr(from, to - from));
  }

  Schedule schedule_;
  std::size_t line_ = 1;
  std::size_t token_line_ = 0;
  bool versioned_ = false;
  std::map<std::string, std::size_t> lines_;  // of each subject
};

std::string one_line(const std::string& text) {
  std::string out = text;
  for (char& c : out) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return out;
}

}  // namespace

std::string point_line(const Point& point) { return to_text(point.thread) + " at " + to_text(point); }

std::string to_text(const Choice& choice) {
  if (const auto* a = std::get_if<Answer>(&choice)) {
    return to_text(a->thread) + " answers " + std::string(to_string(a->question)) + " " + std::to_string(a->nth) +
           " with " + std::to_string(a->answer);
  }
  const auto& s = std::get<Switch>(choice);
  std::string text = to_text(s.at.thread) + (s.preempts ? " at " : " blocked at ") + to_text(s.at);
  text += " -> " + to_text(s.next);
  if (s.pauses != 0) text += " after " + std::to_string(s.pauses) + (s.pauses == 1 ? " pause" : " pauses");
  return text;
}

std::string to_text(const Schedule& schedule) {
  std::string text = std::string(version) + "\ntoken " + schedule.token + "\n";
  if (schedule.failure) {
    text += std::string("fails ") + name_of(schedule.failure->oracle).number + " " +
            one_line(schedule.failure->invariant) + "\n";
  }
  for (const Choice& choice : schedule.choices) text += to_text(choice) + "\n";
  return text;
}

std::optional<Choice> parse_choice(std::string_view line) {
  try {
    return choice_of(words_of(line));
  } catch (const Malformed&) {
    return std::nullopt;
  }
}

std::optional<Point> parse_point(std::string_view line) {
  try {
    const Words words = words_of(line);
    Reader reader(words);
    const ThreadName thread = thread_of(reader.take("a thread"));
    reader.expect("at");
    Point point = point_of(reader, thread);
    reader.expect_end();
    return point;
  } catch (const Malformed&) {
    return std::nullopt;
  }
}

ParsedSchedule parse_schedule(std::string_view text) { return Parser().parse(text); }

}  // namespace jitterbug
