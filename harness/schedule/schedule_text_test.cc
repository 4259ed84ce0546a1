// The file of a schedule: what is written is read back, and whatever else is read is
// refused with its line.

#include "harness/schedule/schedule_text.h"

#include <gtest/gtest.h>

#include "runtime/base/rng.h"

namespace jitterbug {
namespace {

using rt::Window;
using rt::engine::OpKind;

constexpr const char* head = "jitterbug-schedule 1\ntoken jb1:x\n";

Point at_window(const char* role, ThreadId id, Window window, std::uint32_t occurrence) {
  return {{role, id}, window, occurrence, OpKind::count, "", 0};
}

Schedule example() {
  Schedule s;
  s.token = "jb1:wake_storm:random:seed=0x1:storm=900:check=00000000";
  s.failure = {OracleId::work_conservation, "no G waits, see # and -> \"quotes\""};
  Point operation = at_window("m", 3, Window::stopm_list_before_sleep, 2);
  operation.kind = OpKind::futex_wait;
  operation.file = "park";
  operation.nth = 1;
  Point early = {{"m", 2}, Window::count, 0, OpKind::load, "lock", 3};
  s.choices = {Switch{at_window("sysmon", 1, Window::startm_id_reserve, 1), true, {"main", 0}, 0},
               Switch{operation, false, {"m", 2}, 1},
               Switch{early, true, {"m", 3}, 12},
               Switch{{{"m", 4}, Window::count, 0, OpKind::count, "", 0}, false, {"m", 3}, 0},
               Answer{{"m", 2}, Question::fault, 3, 0},
               Answer{{"main", 0}, Question::wake_order, 1, 2}};
  return s;
}

TEST(ScheduleText, IsReadBack) {
  const Schedule s = example();
  const ParsedSchedule parsed = parse_schedule(to_text(s));
  ASSERT_TRUE(parsed.schedule) << parsed.line << ": " << parsed.message;
  EXPECT_EQ(*parsed.schedule, s);
  EXPECT_EQ(parsed.token_line, 2u);
}

TEST(ScheduleText, ReadsAsWritten) {
  EXPECT_EQ(to_text(example().choices[0]), "sysmon#1 at startm_id_reserve 1 -> main#0");
  EXPECT_EQ(to_text(example().choices[1]),
            "m#3 blocked at stopm_list_before_sleep 2 + futex_wait 1 park -> m#2 after 1 pause");
  EXPECT_EQ(to_text(example().choices[2]), "m#2 at start + load 3 lock -> m#3 after 12 pauses");
  EXPECT_EQ(to_text(example().choices[4]), "m#2 answers fault 3 with 0");
}

TEST(ScheduleText, TheNameOfAWordIsForPeople) {
  const std::string plain = "m#2 at startm_id_reserve 1 + rmw 2 lock -> m#3";
  const std::string named = "m#2 at startm_id_reserve 1 + rmw 2 lock on sched.lock -> m#3";
  const std::optional<Choice> choice = parse_choice(named);
  ASSERT_TRUE(choice);
  EXPECT_EQ(to_text(*choice), named);
  EXPECT_EQ(*choice, *parse_choice(plain)) << "it is the same point by another name";
  EXPECT_FALSE(parse_schedule(std::string(head) + plain + "\n" + named + "\n").schedule) << "one point has one choice";
  EXPECT_FALSE(parse_choice("m#2 at startm_id_reserve 1 + rmw 2 lock on"));
  EXPECT_FALSE(parse_choice("m#2 at startm_id_reserve 1 on sched.lock -> m#3"));
}

TEST(ScheduleText, CommentsAndBlankLinesAreNothing) {
  const std::string text =
      "\n# why\n jitterbug-schedule 1 # version\n\ntoken jb1:x # whose\r\n\n"
      "  m#2 at startm_id_reserve 1 -> m#3 # here\n#end";
  const ParsedSchedule parsed = parse_schedule(text);
  ASSERT_TRUE(parsed.schedule) << parsed.line << ": " << parsed.message;
  ASSERT_EQ(parsed.schedule->choices.size(), 1u);
  EXPECT_EQ(to_text(parsed.schedule->choices[0]), "m#2 at startm_id_reserve 1 -> m#3");
}

TEST(ScheduleText, EveryWindowAndOperationHasAName) {
  Schedule s = example();
  s.choices.clear();
  for (std::size_t w = 0; w < static_cast<std::size_t>(Window::count); ++w) {
    s.choices.push_back(Switch{at_window("m", 2, static_cast<Window>(w), 1), true, {"m", 3}, 0});
  }
  for (int k = 0; k < static_cast<int>(OpKind::count); ++k) {
    if (static_cast<OpKind>(k) == OpKind::window) continue;
    s.choices.push_back(Switch{{{"m", 2}, Window::count, 0, static_cast<OpKind>(k), "f", 1}, true, {"m", 3}, 0});
  }
  const ParsedSchedule parsed = parse_schedule(to_text(s));
  ASSERT_TRUE(parsed.schedule) << parsed.line << ": " << parsed.message;
  EXPECT_EQ(*parsed.schedule, s);
}

struct Wrong {
  std::string text;
  std::size_t line;
  std::string named;
};

void expect_refused(const Wrong& wrong) {
  SCOPED_TRACE(wrong.text);
  const ParsedSchedule parsed = parse_schedule(wrong.text);
  EXPECT_FALSE(parsed.schedule);
  EXPECT_EQ(parsed.line, wrong.line);
  EXPECT_NE(parsed.message.find(wrong.named), std::string::npos) << parsed.message;
  EXPECT_EQ(parsed.message.find('\n'), std::string::npos);
}

TEST(ScheduleText, MalformedHeads) {
  expect_refused({"", 1, "the file is empty"});
  expect_refused({"# nothing\n\n", 3, "the file is empty"});
  expect_refused({"nonsense\n", 1, "begins with 'jitterbug-schedule 1'"});
  expect_refused({"token jb1:x\n", 1, "begins with"});
  expect_refused({"jitterbug-schedule\n", 1, "unknown version"});
  expect_refused({"jitterbug-schedule 2\n", 1, "unknown version"});
  expect_refused({"jitterbug-schedule 1 1\n", 1, "unknown version"});
  expect_refused({"jitterbug-schedule 1\n", 2, "'token' is expected"});
  expect_refused({"jitterbug-schedule 1\nm#2 at start -> m#3\n", 2, "'token' is expected"});
  expect_refused({"jitterbug-schedule 1\ntoken\n", 2, "a token is expected"});
  expect_refused({"jitterbug-schedule 1\ntoken a b\n", 2, "'b' is too much"});
  expect_refused({std::string(head) + "m#2\x01 at start -> m#3\n", 3, "no text"});
  expect_refused({std::string(head) + "fails\n", 3, "an oracle is expected"});
  expect_refused({std::string(head) + "fails O1 a\nfails O2 b\n", 4, "a second time"});
  expect_refused({std::string(schedule_bytes_max + 1, '\n'), 1, "too large"});
}

TEST(ScheduleText, MalformedChoices) {
  const std::pair<const char*, const char*> lines[] = {
      {"m2 at startm_id_reserve 1 -> m#3", "'m2' is no thread"},
      {"#2 at startm_id_reserve 1 -> m#3 and the rest is a comment\nm", "'m' is no thread"},
      {"m# at startm_id_reserve 1 -> m#3", "is no number of a thread"},
      {"m#-1 at startm_id_reserve 1 -> m#3", "is no number of a thread"},
      {"m#9999999 at startm_id_reserve 1 -> m#3", "too high"},
      {"m#99999999999999999999 at startm_id_reserve 1 -> m#3", "is no number"},
      {"m#2", "'at', 'blocked at' or 'answers'"},
      {"m#2 stands at startm_id_reserve 1 -> m#3", "'at', 'blocked at' or 'answers'"},
      {"m#2 blocked startm_id_reserve 1 -> m#3", "'at' is expected"},
      {"m#2 at", "a window or 'start' is expected"},
      {"m#2 at no_such_window 1 -> m#3", "unknown window 'no_such_window'"},
      {"m#2 at startm_id_reserve -> m#3", "is no occurrence"},
      {"m#2 at startm_id_reserve 0 -> m#3", "must be at least 1"},
      {"m#2 at startm_id_reserve x -> m#3", "'x' is no occurrence"},
      {"m#2 at startm_id_reserve 1.5 -> m#3", "is no occurrence"},
      {"m#2 at startm_id_reserve 1", "'->' is expected"},
      {"m#2 at startm_id_reserve 1 m#3", "'->' is expected"},
      {"m#2 at startm_id_reserve 1 ->", "a thread is expected"},
      {"m#2 at startm_id_reserve 1 -> m3", "'m3' is no thread"},
      {"m#2 at startm_id_reserve 1 -> m#3 m#4", "'m#4' is too much"},
      {"m#2 at startm_id_reserve 1 -> m#3 after", "a number of pauses is expected"},
      {"m#2 at startm_id_reserve 1 -> m#3 after 0 pauses", "must be at least 1"},
      {"m#2 at startm_id_reserve 1 -> m#3 after 2 pause", "'pauses' is expected"},
      {"m#2 at startm_id_reserve 1 + -> m#3", "unknown operation '->'"},
      {"m#2 at start + leap 1 lock -> m#3", "unknown operation 'leap'"},
      {"m#2 at start + window 1 lock -> m#3", "unknown operation 'window'"},
      {"m#2 at start + load lock -> m#3", "is no count"},
      {"m#2 at start + load 0 lock -> m#3", "must be at least 1"},
      {"m#2 answers", "a question is expected"},
      {"m#2 answers luck 1 with 0", "unknown question 'luck'"},
      {"m#2 answers fault with 0", "is no occurrence"},
      {"m#2 answers fault 1 0", "'with' is expected"},
      {"m#2 answers fault 1 with", "an answer is expected"},
      {"m#2 answers fault 1 with many", "'many' is no answer"},
      {"m#2 answers fault 1 with 0 0", "is too much"},
  };
  for (const auto& [line, named] : lines) {
    const bool two = std::string(line).find('\n') != std::string::npos;
    expect_refused({std::string(head) + line + "\n", two ? 4u : 3u, named});
  }
}

TEST(ScheduleText, OnePointHasOneChoice) {
  expect_refused({std::string(head) + "m#2 at start -> m#3\n\nm#2 at start -> m#4\n", 5, "line 3"});
  expect_refused({std::string(head) + "m#2 answers time 1 with 3\nm#2 answers time 1 with 4\n", 4, "line 3"});
  // A thread may be preempted at a point and block there afterwards.
  EXPECT_TRUE(parse_schedule(std::string(head) + "m#2 at start -> m#3\nm#2 blocked at start -> m#4\n").schedule);
}

// Damage of any kind is refused or means something; it is never a crash.
TEST(ScheduleText, DamagedFilesAreReadOrRefused) {
  const std::string whole = to_text(example());
  rt::Rng rng(1);
  int refused = 0;
  for (int i = 0; i < 5'000; ++i) {
    std::string text = whole;
    for (std::uint32_t n = 1 + rng.below(4); n > 0; --n) {
      const std::uint32_t at = rng.below(static_cast<std::uint32_t>(text.size()));
      if (rng.one_in(3))
        text.erase(at, 1 + rng.below(20));
      else
        text[at] = static_cast<char>(rng.below(256));
      if (text.empty()) text = "x";
    }
    const ParsedSchedule parsed = parse_schedule(text);
    if (!parsed.schedule) {
      ++refused;
      EXPECT_GE(parsed.line, 1u);
      EXPECT_NE(parsed.message, "");
      continue;
    }
    const ParsedSchedule again = parse_schedule(to_text(*parsed.schedule));
    ASSERT_TRUE(again.schedule) << again.message << "\n" << text;
    EXPECT_EQ(to_text(*again.schedule), to_text(*parsed.schedule));
  }
  EXPECT_GT(refused, 2'500);
}

}  // namespace
}  // namespace jitterbug
