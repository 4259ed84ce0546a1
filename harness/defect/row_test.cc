// A row of the bank, armed: an oracle in charge of it catches it, and what was found comes
// down to a schedule without any choice too many. A race that this suite met first has a
// schedule in regressions/: without its fix the run fails, with it the run passes.
//
// $JITTERBUG_ROW is the row; without it, all that are lifted at run time. A row whose patch
// does not fit the scheduler in the tree is left to patches_apply_test.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/defect/catalog.h"
#include "harness/run/token.h"
#include "harness/tool/run_process.h"

namespace jitterbug {
namespace {

using Json = nlohmann::json;

class Row : public testing::TestWithParam<const Defect*> {
 protected:
  const Defect& row() const { return *GetParam(); }

  void SetUp() override {
    if (row().kind != DefectKind::patch) return;
    const std::string misfit = misfit_of(std::string("harness/defect/jitterbug_") + row().id);
    if (!misfit.empty()) GTEST_SKIP() << misfit;
  }

  Json json_of(std::vector<std::string> arguments, int status) const {
    arguments.insert(arguments.end(), {"--quiet", "--json", "-"});
    const Ran ran = run_jitterbug(arguments);
    EXPECT_EQ(ran.status, status) << ran.out << ran.error;
    const Json json = Json::parse(ran.out, nullptr, false);
    return ran.status == status && json.is_object() ? json : Json();
  }
};

TEST_P(Row, IsCaughtByAnOracleInCharge) {
  const Json score = json_of({"score", "--safeguards", row().id, "--schedules", "20000", "--trials", "1"}, 0);
  ASSERT_TRUE(score.is_object());
  EXPECT_TRUE(score.at("does_not_apply").empty());
  const Json of_row = score.at("rows").at(0);
  EXPECT_EQ(of_row.at("caught"), 1);
  EXPECT_TRUE(may_catch(row(), find_oracle(of_row.at("oracle").get<std::string>()).value())) << of_row.at("oracle");
  EXPECT_GT(of_row.at("median_schedules"), 0);
}

bool is_choice(const std::string& line) {
  return !line.starts_with("#") && !line.starts_with("fails ") &&
         (line.find(" -> ") != std::string::npos || line.find(" answers ") != std::string::npos);
}

// Without any one of its choices the schedule in the file passes.
void expect_minimal(const std::string& path) {
  std::vector<std::string> lines;
  std::istringstream in(read_file(path));
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  for (std::size_t without = 0; without < lines.size(); ++without) {
    if (!is_choice(lines[without])) continue;
    const std::string shorter = scratch_path("without");
    std::ofstream out(shorter);
    for (std::size_t i = 0; i < lines.size(); ++i) out << (i == without ? "" : lines[i] + "\n");
    out.close();
    const Ran ran = run_jitterbug({"replay", shorter, "--quiet"});
    EXPECT_TRUE(ran.status == 0 || ran.status == 125) << "without: " << lines[without] << "\n" << ran.out;
  }
}

TEST_P(Row, ComesDownToAScheduleThatIsMinimal) {
  if (!is_core(row())) GTEST_SKIP() << "of no core fix";
  const Json hunt =
      json_of({"hunt", "--lift", row().id, "--stressor", row().workloads, "--first", "--schedules", "50000"}, 1);
  ASSERT_TRUE(hunt.is_object());
  const std::string token = hunt.at("findings").at(0).at("token");
  SCOPED_TRACE(token);
  const std::string path = scratch_path(std::string(row().id) + ".schedule");
  const Json minimised = json_of({"minimize", token, "-o", path}, 0);
  ASSERT_TRUE(minimised.is_object());
  EXPECT_TRUE(minimised.at("one_minimal").get<bool>());
  EXPECT_TRUE(minimised.at("passes_without_any").get<bool>());
  EXPECT_LE(minimised.at("choices").size(), 20u);
  EXPECT_EQ(run_jitterbug({"replay", path, "--times", "3", "--quiet"}).status, 1);
  expect_minimal(path);
}

// A schedule names windows, so it shows the race in an edited scheduler as well.
TEST_P(Row, MetHereFailsWithoutItsFixAndPassesWithIt) {
  if (!met_here(row())) GTEST_SKIP() << "met elsewhere";
  const std::string schedule = std::string("harness/defect/regressions/") + row().id + ".schedule";
  const Ran without = run_jitterbug({"replay", schedule, "--times", "3", "--quiet"});
  EXPECT_EQ(without.status, 1) << "the schedule does not lead to the race any more; scripts/hunt --lift " << row().id
                               << " --stressor " << row().workloads
                               << " --first names a token, jitterbug minimize TOKEN -o " << schedule
                               << " makes another schedule of it\n"
                               << without.out << without.error;
  std::string text = read_file(schedule);
  const std::size_t token = text.find("jb1:"), end = text.find('\n', token);
  ASSERT_LT(end, text.size());
  Plan fixed = *parse_token(text.substr(token, end - token)).plan;
  ASSERT_EQ(fixed.lifted, row().id);
  fixed.lifted.clear();
  const std::string with_fix = scratch_path("fixed.schedule");
  std::ofstream(with_fix) << text.replace(token, end - token, to_token(fixed));
  const Ran with = run_jitterbug({"replay", with_fix, "--quiet"});
  EXPECT_TRUE(with.status == 0 || with.status == 125) << with.out << with.error;
}

std::vector<const Defect*> rows_under_test() {
  const char* named = std::getenv("JITTERBUG_ROW");
  if (named != nullptr) return {find_defect(named)};
  std::vector<const Defect*> rows;
  for (const Defect& row : defects()) {
    if (scored(row) && row.kind == DefectKind::safeguard) rows.push_back(&row);
  }
  return rows;
}

INSTANTIATE_TEST_SUITE_P(Bank, Row, testing::ValuesIn(rows_under_test()),
                         [](const auto& instance) { return std::string(instance.param->id); });

}  // namespace
}  // namespace jitterbug
