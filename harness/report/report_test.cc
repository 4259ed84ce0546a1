#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/base/errors.h"
#include "harness/base/numbers.h"
#include "harness/base/output_file.h"
#include "harness/base/table.h"
#include "harness/report/announcer.h"
#include "harness/report/coverage_text.h"
#include "harness/report/json.h"
#include "harness/report/text.h"
#include "harness/run/step_text.h"
#include "harness/run/trace_text.h"

namespace jitterbug {
namespace {

namespace fs = std::filesystem;
using rt::engine::OpKind;

class OutputFileTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::path(testing::TempDir()) / ("output_file_" + std::to_string(getpid()));
    fs::create_directories(directory_);
  }
  void TearDown() override { fs::remove_all(directory_); }
  std::string path(const char* name) const { return (directory_ / name).string(); }
  static std::string content(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }

  fs::path directory_;
};

TEST_F(OutputFileTest, ReplacesTheFileAtTheEndOnly) {
  std::ofstream(path("a")) << "old";
  OutputFile file(path("a"));
  EXPECT_EQ(content(path("a")), "old");
  file.write("new");
  EXPECT_EQ(content(path("a")), "new");
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFileTest, ReplacesItAgainWhenThereIsMoreToSay) {
  OutputFile file(path("a"));
  EXPECT_TRUE(file.is_replaced());
  file.write("a first text");
  file.write("another");
  EXPECT_EQ(content(path("a")), "another");
  file.write("a third text");
  EXPECT_EQ(content(path("a")), "a third text");
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFileTest, NothingLiesAboutWhileThereIsNothingToSay) {
  OutputFile file(path("a"));
  EXPECT_EQ(files(), 0u) << "a killed process would leave it behind";
}

TEST_F(OutputFileTest, AWriteThatFailsMayBeRepeated) {
  OutputFile file(path("a"));
  file.write("old");
  fs::rename(directory_, directory_.string() + ".away");
  EXPECT_THROW(file.write("lost"), ToolError);
  fs::rename(directory_.string() + ".away", directory_);
  EXPECT_EQ(content(path("a")), "old");
  file.write("new");
  EXPECT_EQ(content(path("a")), "new");
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFileTest, WithoutAWriteNothingHasHappened) {
  std::ofstream(path("a")) << "old";
  {
    OutputFile replaced(path("a"));
    OutputFile fresh(path("b"));
  }
  EXPECT_EQ(content(path("a")), "old");
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFileTest, RefusesWhatCannotBeWritten) {
  EXPECT_THROW(OutputFile(path("missing/a")), UsageError);
  EXPECT_THROW(OutputFile(directory_.string()), UsageError);
  EXPECT_THROW(OutputFile(""), UsageError);
  try {
    OutputFile file(path("missing/a"));
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("missing/a"), std::string::npos) << error.what();
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(OutputFileTest, WritesThroughALink) {
  std::ofstream(path("a")) << "old";
  fs::create_symlink(path("a"), path("link"));
  OutputFile(path("link")).write("new");
  EXPECT_EQ(content(path("a")), "new");
  EXPECT_TRUE(fs::is_symlink(path("link")));
}

TEST_F(OutputFileTest, NeverReplacesADevice) {
  OutputFile("/dev/null").write("text");
  struct stat info;
  ASSERT_EQ(stat("/dev/null", &info), 0);
  EXPECT_TRUE(S_ISCHR(info.st_mode));
  OutputFile full("/dev/full");
  EXPECT_THROW(full.write("text"), ToolError);
}

TEST_F(OutputFileTest, KeepsThePermissionsOfWhatItReplaces) {
  std::ofstream(path("a")) << "old";
  fs::permissions(path("a"), fs::perms(0640));
  OutputFile(path("a")).write("new");
  EXPECT_EQ(fs::status(path("a")).permissions(), fs::perms(0640));
}

TEST(Table, AlignsItsColumns) {
  Table table({{"row"}, {"n", Table::Align::right}, {"text"}});
  table.add({"a", "7", "x"});
  table.add({"long", "1234", ""});
  EXPECT_EQ(table.text(), "row      n  text\na        7  x\nlong  1234\n");
}

TEST(Numbers, ReadWell) {
  EXPECT_EQ(rate(950), "950");
  EXPECT_EQ(rate(12'345), "12.3 k");
  EXPECT_EQ(rate(4'560'000), "4.56 M");
  EXPECT_EQ(elapsed(0.0042), "0.004 s");
  EXPECT_EQ(elapsed(12.34), "12.3 s");
  EXPECT_EQ(elapsed(125), "2m05s");
  EXPECT_EQ(elapsed(3720), "1h02m");
  EXPECT_EQ(plural(1, "finding", "findings"), "1 finding");
  EXPECT_EQ(plural(0, "finding", "findings"), "0 findings");
}

TEST(TraceLine, NamesTheWindow) {
  const TraceStep step = {3, Op{OpKind::window, rt::Window::startm_id_reserve}, 1'500, {}};
  const std::string line = trace_line(step);
  EXPECT_NE(line.find("window "), std::string::npos) << line;
  EXPECT_NE(line.find("startm_id_reserve (1.1)"), std::string::npos) << line;
  EXPECT_NE(line.find("1.500us"), std::string::npos) << line;
  EXPECT_NE(line.find("t3"), std::string::npos) << line;
  EXPECT_NE(line.find("report_test.cc:"), std::string::npos) << line;
}

// Words of an operation, without the columns.
std::string words_of(const Op& op, const rt::engine::Name& name) {
  std::istringstream words(operation_text(op, name));
  std::string text;
  for (std::string word; words >> word;) text += (text.empty() ? "" : " ") + word;
  return text;
}

TEST(OperationText, SaysTheMemoryOrderOfAtomicsAndFences) {
  EXPECT_EQ(words_of(Op{.kind = OpKind::store, .order = rt::release, .object = 12}, {}), "store release #12");
  EXPECT_EQ(words_of(Op{.kind = OpKind::load}, {}), "load relaxed");
  EXPECT_EQ(words_of(Op{.kind = OpKind::rmw, .order = rt::acq_rel}, {}), "rmw acq_rel");
  EXPECT_EQ(words_of(Op{.kind = OpKind::fence, .order = rt::seq_cst}, {}), "fence seq_cst");
  EXPECT_EQ(words_of(Op{.kind = OpKind::futex_wake, .object = 3}, {}), "futex_wake #3");
}

TEST(OperationText, TellsWordsFromPollersDescriptorsAndThreads) {
  EXPECT_EQ(words_of(Op{.kind = OpKind::poll_wait, .object = 1}, {}), "poll_wait poller 1");
  EXPECT_EQ(words_of(Op{.kind = OpKind::file_read, .object = 5}, {}), "file_read descriptor 5");
  EXPECT_EQ(words_of(Op{.kind = OpKind::thread_join, .object = 2}, {}), "thread_join t2");
  EXPECT_EQ(words_of(Op{.kind = OpKind::stack_release}, {}), "stack_release");
}

TEST(OperationText, CallsAWordByItsNameAndNumbers) {
  const Op op{.kind = OpKind::load, .order = rt::acquire, .object = 12};
  EXPECT_EQ(words_of(op, "nmspinning"), "load acquire nmspinning");
  EXPECT_EQ(words_of(op, {"P#.status", 3}), "load acquire P3.status");
  EXPECT_EQ(words_of(op, {"P#.queue[#]", 3, 7}), "load acquire P3.queue[7]");
}

Finding sample_finding() {
  Finding finding;
  finding.plan.workload = "callbacks";
  finding.plan.seed = 5;
  finding.record.failure = {OracleId::quiescent_counters, "an invariant", "a sentence"};
  finding.record.last_windows = {{"m1", rt::Window::startm_id_reserve}};
  finding.count = 3;
  return finding;
}

BatchResult sample_batch() {
  BatchResult result;
  result.tally.schedules = 10;
  result.tally.failures = 3;
  result.tally.findings = 1;
  result.tally.seconds = 0.5;
  result.findings = {sample_finding()};
  return result;
}

TEST(HuntReport, HasItsTokenInBothForms) {
  HuntRequest request;
  request.workloads = {"callbacks"};
  const std::string token = "jb1:callbacks:random:seed=0x5:check=";
  const std::string text = hunt_text(request, sample_batch());
  EXPECT_NE(text.find("FINDING quiescent_counters (O5): a sentence"), std::string::npos) << text;
  EXPECT_NE(text.find("scripts/replay " + token), std::string::npos) << text;
  EXPECT_NE(text.find("jitterbug minimize " + token), std::string::npos) << text;
  EXPECT_NE(text.find(" -o race.schedule"), std::string::npos) << text;
  EXPECT_NE(text.find("startm_id_reserve"), std::string::npos) << text;
  const auto json = nlohmann::json::parse(hunt_json(request, sample_batch()));
  for (const char* key : {"flavour", "strategy", "seed", "schedules", "decisions", "seconds", "findings", "windows"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  const auto& finding = json["findings"][0];
  for (const char* key : {"oracle", "sentence", "token", "stressor", "windows"})
    EXPECT_TRUE(finding.contains(key)) << key;
  EXPECT_EQ(finding["token"].get<std::string>().find(token), 0u);
  for (const char* key : {"known", "entered", "switched"}) EXPECT_TRUE(json["windows"].contains(key)) << key;
}

TEST(StatisticsText, NamesTheLeastHuntedStressor) {
  Tally tally;
  EXPECT_EQ(statistics_text(tally), "");
  tally.schedules = 1'000;
  tally.failures = 100;
  tally.workloads = {{"callbacks", 800, 0, {}}, {"naps", 200, 100, {}}};
  tally.classes = {1'000, 50, 20};
  EXPECT_EQ(statistics_text(tally),
            "the next schedule switches in two windows as none before it with p <= 0.02 (Good-Turing: 50 classes, "
            "20 met once)\n"
            "a defect that none has shown has, with 95 % confidence, p < 0.0033 per schedule, p < 0.03 per schedule of "
            "stressor naps\n");
}

TEST(Announcer, SaysEachSentenceOnce) {
  ProgressLine line(/*quiet=*/true);
  Announcer announcer(Announcer::Where::standard_output, line);
  EXPECT_FALSE(announcer.said_anything());
  Finding finding = sample_batch().findings[0];
  testing::internal::CaptureStdout();
  announcer.found(finding);
  finding.record.last_windows.clear();
  announcer.found(finding);
  const std::string said = testing::internal::GetCapturedStdout();
  EXPECT_TRUE(announcer.said_anything());
  EXPECT_EQ(said, announcement_text(finding));
  EXPECT_EQ(said.find("found quiescent_counters (O5) jb1:callbacks:random:seed=0x5:check="), 0u) << said;
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
}

// Windows that reached level 0, 1, 2, ...; all others reached the last one.
BatchResult sample_coverage() {
  BatchResult result = sample_batch();
  result.coverage.windows.assign(window_count, {9, 8, 7, 2, 1});
  result.coverage.windows[0] = {0, 0, 0, 0, 0};
  result.coverage.windows[1] = {9, 0, 0, 0, 0};
  result.coverage.windows[2] = {9, 8, 0, 0, 0};
  result.coverage.windows[3] = {9, 8, 7, 1, 0};
  result.coverage.pairs = {{rt::Window(3), rt::Window(4), 0, 5}, {rt::Window(5), rt::Window(6), 2, 3}};
  return result;
}

TEST(CoverageReport, SaysWhatWasNeverReached) {
  HuntRequest request;
  request.workloads = {"callbacks"};
  const auto name = [](int i) {
    const rt::WindowInfo& info = rt::window_info(static_cast<rt::Window>(i));
    return std::string(info.id) + " " + info.name;
  };
  const std::string text = coverage_text(request, sample_coverage());
  EXPECT_NE(text.find("\nnever entered:\n  " + name(0) + "\nentered, never left with a switch inside:\n  " + name(1) +
                      "\nleft with a switch inside, never with a conflicting operation there:\n  " + name(2) +
                      "\nconflicted, no pair in both orders:\n  " + name(3) + "\n1 pair of 2 in one order only:\n  " +
                      name(4) + " before " + name(3) + "\n"),
            std::string::npos)
      << text;
  const auto json = nlohmann::json::parse(coverage_json(request, sample_coverage()));
  ASSERT_EQ(json["windows"].size(), window_count);
  for (std::size_t i = 0; i < 5; ++i) {
    std::size_t reached = 0;
    for (const char* level : {"entered", "switched", "conflicted", "both_orders"}) {
      reached += json["windows"][i][level].get<bool>() ? 1 : 0;
    }
    EXPECT_EQ(reached, i);
  }
  EXPECT_EQ(json["pairs"][0]["both_orders"], false);
  EXPECT_EQ(json["pairs"][0]["second_before_first"], 5);
  EXPECT_EQ(json["pairs"][1]["both_orders"], true);
}

Score sample_score() {
  Score score;
  Trial hit{true, "O5", "callbacks", "token", 4, 0.25};
  score.rows.push_back(summarise(*find_defect("S1c"), {hit, hit}, true));
  score.rows.push_back(summarise(*find_defect("S3a"), {Trial{}}, false));
  score.rows.push_back(summarise(*find_defect("S2f"), {}, true));
  score.schedules = 8;
  return score;
}

TEST(ScoreReport, SurvivesTheWayFromAnotherProcess) {
  const ScoreRequest request;
  const Score read = read_score_json(score_json(request, sample_score()));
  const Score sent = sample_score();
  ASSERT_EQ(read.rows.size(), sent.rows.size());
  for (std::size_t i = 0; i < sent.rows.size(); ++i) {
    EXPECT_EQ(read.rows[i].defect, sent.rows[i].defect);
    EXPECT_EQ(read.rows[i].caught, sent.rows[i].caught);
    EXPECT_EQ(read.rows[i].trials, sent.rows[i].trials);
    EXPECT_EQ(read.rows[i].median_schedules, sent.rows[i].median_schedules);
    EXPECT_EQ(read.rows[i].median_seconds, sent.rows[i].median_seconds);
    EXPECT_EQ(read.rows[i].oracle, sent.rows[i].oracle);
    EXPECT_EQ(read.rows[i].workload, sent.rows[i].workload);
    EXPECT_EQ(read.rows[i].token, sent.rows[i].token);
    EXPECT_EQ(read.rows[i].note, sent.rows[i].note);
  }
  EXPECT_EQ(read.schedules, 8u);
  EXPECT_THROW(read_score_json("{}"), ToolError);
  EXPECT_THROW(read_score_json(""), ToolError);
}

TEST(ScoreReport, CountsArmedRowsOnly) {
  const std::string text = score_text(ScoreRequest{}, sample_score());
  EXPECT_NE(text.find("1 of 2 armed rows caught in every trial"), std::string::npos) << text;
  EXPECT_NE(text.find("S3a: the safeguard was never reached"), std::string::npos) << text;
  EXPECT_NE(text.find("S2f: pending"), std::string::npos) << text;
}

TEST(ReplayReport, SaysThatRunsDiverge) {
  ReplayRequest request;
  request.plan = sample_finding().plan;
  Replay replay;
  replay.record = sample_finding().record;
  replay.times = 2;
  EXPECT_NE(replay_text(request, replay).find("2 runs, all identical"), std::string::npos);
  replay.identical = false;
  EXPECT_NE(replay_text(request, replay).find("DIVERGED"), std::string::npos);
  const auto json = nlohmann::json::parse(replay_json(request, replay));
  for (const char* key : {"token", "reproduced", "oracle", "digest", "decisions"})
    EXPECT_TRUE(json.contains(key)) << key;
}

}  // namespace
}  // namespace jitterbug
