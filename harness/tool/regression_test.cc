// Every race that this suite met first keeps the token of a run that shows it. With
// the fix taken out again the run fails as it did; with the fix it passes.

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "harness/campaign/token.h"
#include "harness/defect/catalog.h"
#include "harness/tool/run_process.h"

namespace jitterbug {
namespace {

struct Regression {
  std::string row;
  std::string token;
};

std::vector<Regression> regressions() {
  std::ifstream file("harness/defect/regressions.txt");
  std::vector<Regression> all;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    Regression& r = all.emplace_back();
    words >> r.row >> r.token;
  }
  return all;
}

TEST(Regressions, EveryRaceMetHereHasAToken) {
  std::set<std::string> met;
  for (const Defect& row : defects()) {
    if (armable(row) && row.id[0] == 'N') met.insert(row.id);
  }
  std::set<std::string> kept;
  for (const Regression& r : regressions()) kept.insert(r.row);
  EXPECT_EQ(kept, met);
}

TEST(Regressions, FailWithoutTheFixAndPassWithIt) {
  for (const Regression& r : regressions()) {
    const ParsedToken parsed = parse_token(r.token);
    ASSERT_TRUE(parsed.plan) << r.row << ": column " << parsed.error.column << ": " << parsed.error.message;
    ASSERT_EQ(parsed.plan->lifted, r.row);
    const Ran without = run_jitterbug({"replay", r.token, "--times", "3", "--quiet"});
    EXPECT_EQ(without.status, 1) << r.row << ": the run does not show the race any more (a stressor or the strategy "
                                 << "draws differently?); jitterbug score --safeguards " << r.row
                                 << " --trials 1 --json - names a new token\n"
                                 << without.out << without.error;
    Plan fixed = *parsed.plan;
    fixed.lifted.clear();
    const Ran with = run_jitterbug({"replay", to_token(fixed), "--quiet"});
    EXPECT_EQ(with.status, 0) << r.row << "\n" << with.out << with.error;
  }
}

}  // namespace
}  // namespace jitterbug
