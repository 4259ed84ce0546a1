#include "harness/defect/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/run/failure.h"
#include "harness/scene/workload.h"

namespace jitterbug {
namespace {

TEST(Catalog, NamesEachRowOnce) {
  std::set<std::string> ids;
  for (const Defect& row : defects()) EXPECT_TRUE(ids.insert(row.id).second) << row.id;
}

TEST(Catalog, EverySafeguardHasOneRow) {
  std::map<rt::Safeguard, int> rows;
  for (const Defect& row : defects()) {
    EXPECT_EQ(row.kind == DefectKind::safeguard, row.safeguard != rt::Safeguard::count) << row.id;
    if (row.kind == DefectKind::safeguard) ++rows[row.safeguard];
  }
  EXPECT_EQ(rows.size(), static_cast<std::size_t>(rt::Safeguard::count));
  for (const auto& [safeguard, count] : rows) EXPECT_EQ(count, 1) << rt::safeguard_info(safeguard).name;
}

TEST(Catalog, ArmedRowsAreAimedAtByStressorsThatExist) {
  for (const Defect& row : defects()) {
    const std::vector<std::string> names = split_list(row.workloads);
    EXPECT_EQ(names.empty(), !armable(row)) << row.id;
    for (const std::string& name : names) EXPECT_NE(find_workload(name), nullptr) << row.id << ": " << name;
  }
}

TEST(Catalog, RowsNameOraclesThatExist) {
  for (const Defect& row : defects()) {
    const std::vector<std::string> named = split_list(row.oracles);
    EXPECT_FALSE(named.empty()) << row.id;
    for (const std::string& oracle : named) EXPECT_TRUE(find_oracle(oracle)) << row.id << ": " << oracle;
  }
}

TEST(Catalog, ArmedRowsOpenAWindowThatIsHookedUp) {
  std::set<std::string> known;
  for (const rt::WindowInfo& info : rt::window_infos) known.insert(info.id);
  for (const Defect& row : defects()) {
    const std::vector<std::string> named = split_list(row.windows);
    const bool any = std::any_of(named.begin(), named.end(), [&](const std::string& w) { return known.contains(w); });
    if (armable(row)) {
      EXPECT_TRUE(any) << row.id;
    }
  }
}

TEST(Catalog, RowsThatAreNotScoredSayWhy) {
  for (const Defect& row : defects()) EXPECT_EQ(!scored(row), std::strlen(row.reason) > 0) << row.id;
  EXPECT_TRUE(why_not_scored(*find_defect("S2f")).starts_with("pending: needs the crash relay"));
  EXPECT_TRUE(why_not_scored(*find_defect("W1")).starts_with("seen by ThreadSanitizer only: the simulation"));
}

// What ends the process is the campaign's to see.
TEST(Catalog, RowsThatASanitizerSeesAreCrashes) {
  for (const Defect& row : defects()) {
    if (row.detector == Detector::oracles) continue;
    EXPECT_TRUE(armable(row)) << row.id;
    EXPECT_TRUE(may_catch(row, OracleId::crash)) << row.id;
  }
}

TEST(Catalog, EveryRaceMetHereHasASchedule) {
  std::set<std::string> met, kept;
  for (const Defect& row : defects()) {
    if (armable(row) && met_here(row)) met.insert(row.id);
  }
  for (const auto& file : std::filesystem::directory_iterator("harness/defect/regressions")) {
    kept.insert(file.path().stem().string());
  }
  EXPECT_EQ(kept, met);
}

TEST(Catalog, FindsByIdAndBySafeguard) {
  for (const Defect& row : defects()) EXPECT_EQ(find_defect(row.id), &row);
  EXPECT_EQ(find_defect("id_reserved_before_unlock"), find_defect("S3a"));
  EXPECT_EQ(find_defect(""), nullptr);
  EXPECT_EQ(find_defect("S3"), nullptr);
}

TEST(Catalog, KnowsWhoMayCatch) {
  EXPECT_TRUE(may_catch(*find_defect("S1a"), OracleId::quiescent_counters));
  EXPECT_TRUE(may_catch(*find_defect("S1a"), OracleId::callbacks));
  EXPECT_FALSE(may_catch(*find_defect("S1a"), OracleId::false_deadlock)) << "O1 is not O16";
}

TEST(SplitList, KeepsEmptyItems) {
  EXPECT_EQ(split_list("a,,b"), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split_list("a"), std::vector<std::string>{"a"});
  EXPECT_TRUE(split_list("").empty());
}

}  // namespace
}  // namespace jitterbug
