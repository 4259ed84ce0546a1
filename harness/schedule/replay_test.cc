// What a run decided, written down by name, is the same run when it is made again;
// and a schedule that does not fit says where.

#include "harness/schedule/replay_strategy.h"

#include <gtest/gtest.h>

#include "harness/determinism/sample.h"
#include "harness/run/token.h"
#include "harness/schedule/recorder.h"
#include "harness/schedule/schedule_text.h"
#include "harness/schedule/sparse.h"
#include "harness/sim/testing.h"
#include "harness/simulated/runner.h"

namespace jitterbug {
namespace {

using rt::Window;
using testing::Crew;

Record replay(Runner& runner, const Plan& plan, const std::vector<Choice>& choices, std::string* divergence = nullptr) {
  ReplayStrategy strategy(choices);
  strategy.begin(0);
  Record record = runner.run_under(strategy, plan, 0);
  if (divergence != nullptr) *divergence = strategy.divergence();
  return record;
}

TEST(ScheduleReplay, ARecordedRunIsTheSameRunAgain) {
  Runner runner;
  for (std::uint64_t i = 0; i < 400; ++i) {
    const Plan plan = sample_plan(i);
    std::vector<Choice> choices;
    const Record recorded = runner.run_recorded(plan, choices);
    EXPECT_EQ(recorded.digest, runner.run(plan).digest) << "watching changes run " << i;
    std::string divergence;
    const Record again = replay(runner, plan, choices, &divergence);
    EXPECT_EQ(divergence, "") << "run " << i;
    EXPECT_EQ(again.digest, recorded.digest) << "run " << i;
    EXPECT_EQ(sentence_of(again.failure), sentence_of(recorded.failure)) << "run " << i;
  }
}

void expect_same_again(std::initializer_list<const char*> tokens) {
  Runner runner;
  for (const char* token : tokens) {
    const Plan plan = *parse_token(token).plan;
    std::vector<Choice> choices;
    const Record recorded = runner.run_recorded(plan, choices);
    std::string divergence;
    EXPECT_EQ(replay(runner, plan, choices, &divergence).digest, recorded.digest) << token;
    EXPECT_EQ(divergence, "") << token;
  }
}

// A thread waits, nobody else can run, time passes, it is through: it stands where it
// stood before it waited, and who is let go on then is another choice.
TEST(ScheduleReplay, AThreadThatHasWaitedAloneIsNoLongerBeforeItsOperation) {
  expect_same_again({"jb1:locked_gs:pct3:seed=0xc7ff50eb1bb41187:check=247ca1ac",
                     "jb1:locked_gs:pos:seed=0x636721393fa476da:check=78033575"});
}

// A thread sleeps, nobody is to run, time passes, and it wakes together with the one that
// goes on: it was not preempted, and is not held.
TEST(ScheduleReplay, AThreadThatWakesInAPauseIsNotHeld) {
  expect_same_again({"jb1:early_end:windows:seed=0xecbf2907c99384ed:check=f65efbf4",
                     "jb1:thread_limit:windows:seed=0xfb247ced4f0c5104:check=bde42c92"});
}

TEST(ScheduleReplay, AFileIsTheSameScheduleAsTheOneInMemory) {
  Runner runner;
  for (std::uint64_t i = 0; i < 40; ++i) {
    const Plan plan = sample_plan(i);
    Schedule schedule;
    schedule.token = "jb1:any";
    const Record recorded = runner.run_recorded(plan, schedule.choices);
    const ParsedSchedule parsed = parse_schedule(to_text(schedule));
    ASSERT_TRUE(parsed.schedule) << parsed.line << ": " << parsed.message;
    EXPECT_EQ(parsed.schedule->choices, schedule.choices);
    EXPECT_EQ(replay(runner, plan, parsed.schedule->choices).digest, recorded.digest);
  }
}

TEST(ScheduleReplay, SparseRunsAreReplayedFromFewChoices) {
  Runner runner;
  std::size_t sparse_choices = 0, walk_choices = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const Plan plan = sample_plan(i);
    SparseStrategy sparse(i % 2 == 0);
    Recorder recorder(sparse);
    recorder.begin(i);
    const Record recorded = runner.run_under(recorder, plan, 0);
    EXPECT_EQ(replay(runner, plan, recorder.choices()).digest, recorded.digest) << "run " << i;
    sparse_choices += recorder.choices().size();
    std::vector<Choice> walk;
    runner.run_recorded(plan, walk);
    walk_choices += walk.size();
  }
  EXPECT_GT(sparse_choices, 60u);
  EXPECT_LT(sparse_choices * 2, walk_choices);
}

// A program of two threads beside the first, each with a window and a few stores.
class Program {
 public:
  // The order in which the threads came past their windows, by what each wrote.
  std::string run(const std::vector<Choice>& choices) {
    order_.clear();
    ReplayStrategy strategy(choices);
    strategy.begin(0);
    testing::RecordingJudge judge(machine_);
    const RunResult result = machine_.run({}, strategy, judge, [this] {
      Crew crew;
      crew.start([this] { body('a'); }, "left");
      crew.start([this] { body('b'); }, "right");
    });
    EXPECT_FALSE(result.failed()) << sentence_of(result.failure);
    divergence = strategy.divergence();
    return order_;
  }

  std::string divergence;

 private:
  void body(char name) {
    rt::os::Atomic<std::uint32_t> word(0);
    word.store(1, rt::relaxed);
    for (int i = 0; i < 2; ++i) {
      rt::os::race_window(Window::startm_id_reserve);
      order_ += name;
      word.store(2, rt::relaxed);
      word.store(3, rt::relaxed);
      order_ += static_cast<char>(name - 'a' + 'A');
    }
  }

  Machine machine_;
  std::string order_;
};

std::vector<Choice> choices_of(const std::string& lines) {
  const ParsedSchedule parsed = parse_schedule("jitterbug-schedule 1\ntoken jb1:any\n" + lines);
  EXPECT_TRUE(parsed.schedule) << parsed.line << ": " << parsed.message;
  return parsed.schedule ? parsed.schedule->choices : std::vector<Choice>{};
}

TEST(ScheduleReplay, WithoutChoicesThreadsRunUntilTheyBlock) {
  Program program;
  EXPECT_EQ(program.run({}), "aAaAbBbB");
}

TEST(ScheduleReplay, APreemptedThreadIsHeldUntilNobodyElseCanRun) {
  Program program;
  EXPECT_EQ(program.run(choices_of("left#1 at startm_id_reserve 1 -> right#2\n")), "bBbBaAaA");
  EXPECT_EQ(program.divergence, "");
  EXPECT_EQ(program.run(choices_of("left#1 at startm_id_reserve 2 -> right#2\n")), "aAbBbBaA");
  EXPECT_EQ(program.run(choices_of("left#1 at startm_id_reserve 1 -> right#2\n"
                                   "right#2 at startm_id_reserve 2 -> left#1\n")),
            "bBaAaAbB");
}

TEST(ScheduleReplay, OperationsAreCountedFromTheLastWindow) {
  Program program;
  EXPECT_EQ(program.run(choices_of("left#1 at startm_id_reserve 2 + store 2 replay_test -> right#2\n")), "aAabBbBA");
  EXPECT_EQ(program.divergence, "");
  EXPECT_EQ(program.run(choices_of("left#1 at start + store 1 replay_test -> right#2\n")), "bBbBaAaA");
  EXPECT_EQ(program.divergence, "");
}

TEST(ScheduleReplay, SaysWhichChoiceCouldNotBeMade) {
  Program program;
  const std::string good = "left#1 at startm_id_reserve 1 -> right#2\n";
  program.run(choices_of(good + "left#1 at startm_id_reserve 3 -> right#2\n"));
  EXPECT_EQ(program.divergence, "choice 2: left#1 did not come to startm_id_reserve a 3rd time");
  program.run(choices_of(good + "right#2 at startm_id_reserve 1 + store 7 replay_test -> left#1\n"));
  EXPECT_EQ(program.divergence, "choice 2: right#2 did not come to startm_id_reserve 1 + store 7 replay_test");
  program.run(choices_of("m#1 at startm_id_reserve 1 -> right#2\n"));
  EXPECT_EQ(program.divergence, "choice 1: m#1 did not come to startm_id_reserve a 1st time");
  program.run(choices_of("left#1 at startm_id_reserve 1 -> right#9\n"));
  EXPECT_EQ(program.divergence, "choice 1: right#9 could not run when left#1 stood at startm_id_reserve 1");
  program.run(choices_of("left#1 answers fault 1 with 0\n"));
  EXPECT_EQ(program.divergence, "choice 1: left#1 was not asked for fault a 1st time");
}

TEST(ScheduleReplay, GoesOnAsBestItCanAfterADivergence) {
  Program program;
  EXPECT_EQ(program.run(choices_of("right#2 at startm_id_reserve 9 -> left#1\n"
                                   "left#1 at startm_id_reserve 2 -> right#2\n")),
            "aAbBbBaA");
  EXPECT_EQ(program.divergence, "choice 1: right#2 did not come to startm_id_reserve a 9th time");
}

TEST(ScheduleReplay, AThreadThatSleepsIsWaitedFor) {
  Machine machine;
  std::string order;
  const std::vector<Choice> choices = choices_of("busy#2 at startm_id_reserve 1 -> sleeper#1\n");
  ReplayStrategy strategy(choices);
  strategy.begin(0);
  testing::RecordingJudge judge(machine);
  machine.run({}, strategy, judge, [&] {
    Crew crew;
    crew.start([&] { rt::os::sleep(50 * rt::microsecond), order += 's'; }, "sleeper");
    crew.start([&] { rt::os::race_window(Window::startm_id_reserve), order += 'b'; }, "busy");
  });
  EXPECT_EQ(order, "sb");
  EXPECT_EQ(strategy.divergence(), "");
}

TEST(ScheduleReplay, OrdinalsReadAsInEnglish) {
  EXPECT_EQ(ordinal(1), "1st");
  EXPECT_EQ(ordinal(2), "2nd");
  EXPECT_EQ(ordinal(3), "3rd");
  EXPECT_EQ(ordinal(4), "4th");
  EXPECT_EQ(ordinal(11), "11th");
  EXPECT_EQ(ordinal(12), "12th");
  EXPECT_EQ(ordinal(113), "113th");
  EXPECT_EQ(ordinal(121), "121st");
}

}  // namespace
}  // namespace jitterbug
