#include "harness/report/coverage_text.h"

#include "harness/base/numbers.h"
#include "harness/base/table.h"
#include "harness/report/text.h"

namespace jitterbug {
namespace {

constexpr std::size_t pairs_shown = 20;

std::string or_dash(std::uint64_t n) { return n == 0 ? "-" : std::to_string(n); }

std::string label(rt::Window window) {
  const rt::WindowInfo& info = rt::window_info(window);
  return std::string(info.id) + " " + info.name;
}

std::string table_text(const Coverage& coverage) {
  using enum Table::Align;
  Table table({{"window"},
               {""},
               {"entered", right},
               {"switched", right},
               {"conflicted", right},
               {"pairs", right},
               {"in both orders", right}});
  for (std::size_t i = 0; i < coverage.windows.size(); ++i) {
    const rt::WindowInfo& info = rt::window_info(static_cast<rt::Window>(i));
    const WindowCoverage& sums = coverage.windows[i];
    table.add({info.id, info.name, or_dash(sums.entered), or_dash(sums.switched), or_dash(sums.conflicted),
               or_dash(sums.pairs), or_dash(sums.pairs_in_both)});
  }
  return table.text();
}

// The highest level that a window has not reached, and what is said of it.
struct Missing {
  const char* what;
  bool (*is)(const WindowCoverage& sums);
};
constexpr Missing missing[] = {
    {"never entered", [](const WindowCoverage& s) { return s.entered == 0; }},
    {"entered, never left with a switch inside",
     [](const WindowCoverage& s) { return s.entered > 0 && s.switched == 0; }},
    {"left with a switch inside, never with a conflicting operation there",
     [](const WindowCoverage& s) { return s.switched > 0 && s.conflicted == 0; }},
    {"conflicted, no pair in both orders",
     [](const WindowCoverage& s) { return s.conflicted > 0 && s.pairs_in_both == 0; }},
};

std::string missing_text(const Coverage& coverage) {
  std::string out;
  for (const Missing& level : missing) {
    std::string names;
    for (std::size_t i = 0; i < coverage.windows.size(); ++i) {
      if (level.is(coverage.windows[i])) names += "  " + label(static_cast<rt::Window>(i)) + "\n";
    }
    if (!names.empty()) out += std::string(level.what) + ":\n" + names;
  }
  return out.empty() ? "every window has reached every level\n" : out;
}

std::string one_order_text(const Coverage& coverage) {
  std::string out;
  std::size_t found = 0;
  for (const PairCoverage& pair : coverage.pairs) {
    if (pair.both() || ++found > pairs_shown) continue;
    const bool forward = pair.forward != 0;
    out += "  " + label(forward ? pair.first : pair.second) + " before " + label(forward ? pair.second : pair.first) +
           "\n";
  }
  if (found == 0) return "";
  if (found > pairs_shown) out += "  and " + std::to_string(found - pairs_shown) + " more (--json lists them)\n";
  return plural(found, "pair", "pairs") + " of " + std::to_string(coverage.pairs.size()) + " in one order only:\n" +
         out;
}

}  // namespace

std::string coverage_text(const HuntRequest& request, const BatchResult& result) {
  return table_text(result.coverage) + "entered, switched, conflicted: schedules in which it was\n\n" +
         missing_text(result.coverage) + one_order_text(result.coverage) + "\n" + hunt_text(request, result);
}

}  // namespace jitterbug
