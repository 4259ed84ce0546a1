// The rows of the bank that only a sanitizer sees: lifted, they are reported, by the
// same seed at the same place in every process; as the scheduler is, nothing is.
//
// $RUN_SCHEDULES runs the schedules; it is built with the same sanitizer as this test.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/errors.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/defect/catalog.h"
#include "harness/test_outputs/environment.h"
#include "runtime/os/sanitizers.h"

namespace jitterbug {
namespace {

constexpr int seeds = 1'000;     // tried until a row is reported
constexpr int quiet = 300;       // that must be silent with nothing lifted
constexpr int repetitions = 20;  // processes that have to agree

#ifdef RT_TSAN
constexpr Detector detector = Detector::thread_sanitizer;
#else
constexpr Detector detector = Detector::address_sanitizer;
#endif

struct Ran {
  std::string said;
  int status = -1;  // as of waitpid()

  bool misfit() const { return WIFEXITED(status) && WEXITSTATUS(status) == static_cast<int>(Exit::impossible); }
  bool good() const { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }
  bool says(const std::string& what) const { return said.find(what) != std::string::npos; }
  bool reports() const { return says("Sanitizer: "); }

  // Of the schedule that was under way at the end.
  std::string last_seed() const {
    const std::size_t at = said.rfind("seed ");
    return at == std::string::npos ? "" : said.substr(at + 5, said.find('\n', at) - at - 5);
  }
};

Ran run(const std::string& workload, const std::string& first, int count, const std::string& row) {
  const std::string path = program_from_environment("RUN_SCHEDULES", row);
  Printed printed = run_program(path, {path, workload, first, std::to_string(count), row}, Taken::output_and_errors);
  return {std::move(printed.text), printed.status};
}

// What a report says, without what differs between processes: addresses and numbers of
// the process. "#1 in rt::Sched::stop_m(rt::M*) runtime/sched/thread.cc:239:11"
std::string account(const Ran& ran) {
  std::istringstream lines(ran.said);
  std::string account;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t frame = line.find('#');
    const bool verdict = line.find("SUMMARY: ") != std::string::npos;
    if (frame == std::string::npos && !verdict) continue;
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      const bool varies = word.find("0x") != std::string::npos || word.find("(BuildId") != std::string::npos;
      if (!varies) account += word + " ";
    }
    account += "\n";
  }
  return account;
}

struct Expected {
  const char* row;
  const char* kind;   // of the report
  const char* where;  // a line of it: who touches what, or whose it was
};

std::ostream& operator<<(std::ostream& out, const Expected& e) { return out << e.row << ": " << e.where; }

constexpr Expected all_expected[] = {
    {"W1", "data race", "rt::Sched::stop_m"},
    {"U1", "heap-use-after-free", "default_delete<rt::M>"},
    {"U1", "heap-use-after-free", "rt::Gs::~Gs"},
    {"U2", "stack-use-after-return", "rt::WaitGroup::done"},
};

std::vector<Expected> mine() {
  std::vector<Expected> expected;
  for (const Expected& e : all_expected) {
    if (find_defect(e.row)->detector == detector) expected.push_back(e);
  }
  return expected;
}

std::string workload_of(const Expected& e) { return split_list(find_defect(e.row)->workloads).front(); }

// The first run that is reported as expected; a schedule that is reported otherwise ends
// its process, and the next one begins after it.
Ran first_report(const Expected& e) {
  for (int seed = 1; seed <= seeds;) {
    Ran ran = run(workload_of(e), std::to_string(seed), seeds - seed + 1, e.row);
    if (!ran.reports() || (ran.says(e.kind) && ran.says(e.where))) return ran;
    seed = std::atoi(ran.last_seed().c_str()) + 1;
  }
  return {};
}

class Reported : public testing::TestWithParam<Expected> {};

TEST_P(Reported, AtTheSamePlaceInEveryProcess) {
  const Ran first = first_report(GetParam());
  if (first.misfit()) GTEST_SKIP() << first.said;
  ASSERT_TRUE(first.reports()) << "no report in " << seeds << " schedules: " << first.said.substr(0, 2'000);
  EXPECT_FALSE(first.good());
  const std::string seed = first.last_seed();
  for (int i = 0; i < repetitions; ++i) {
    const Ran again = run(workload_of(GetParam()), seed, 1, GetParam().row);
    ASSERT_EQ(account(again), account(first)) << "seed " << seed;
  }
}

TEST_P(Reported, NeverOfTheSchedulerAsItIs) {
  const Ran ran = run(workload_of(GetParam()), "1", quiet, "");
  EXPECT_TRUE(ran.good());
  EXPECT_FALSE(ran.reports()) << ran.said;
}

INSTANTIATE_TEST_SUITE_P(Rows, Reported, testing::ValuesIn(mine()), [](const auto& instance) {
  return std::string(instance.param.row) + "_" + std::to_string(instance.index);
});

// Each row that needs this sanitizer is put to the test.
TEST(Rows, AreAllExpected) {
  for (const Defect& row : defects()) {
    if (row.detector != detector) continue;
    bool expected = false;
    for (const Expected& e : mine()) expected |= row.id == std::string(e.row);
    EXPECT_TRUE(expected) << row.id;
  }
}

}  // namespace
}  // namespace jitterbug
