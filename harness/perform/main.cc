// Performs one scripted race again and again:
//
//   perform NAME [RUNS [ROW]]
//
// NAME: of races(). ROW: of the bank, lifted; a patch row must be compiled in.
// Prints one line, "NAME where: R runs, P passed, F failed (O1 F)", and what the first
// run that did not pass had to say, its last operations at the end. Exit code: 0 all passed; 1 some failed; 4 some
// script was not followed; 2 bad usage; 125 the row's patch does not fit the scheduler in the tree.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>

#include "harness/base/errors.h"
#include "harness/base/text.h"
#include "harness/defect/catalog.h"
#include "harness/defect/variant.h"
#include "harness/perform/perform.h"
#include "harness/run/token.h"

namespace jitterbug {
namespace {

constexpr int exit_not_followed = 4;
constexpr std::size_t steps_shown = 100;

const Race& named(const std::string& name) {
  for (const Race& fix : races()) {
    if (name == fix.name) return fix;
  }
  std::string known;
  for (const Race& fix : races()) known += std::string(" ") + fix.name;
  throw UsageError("unknown race '" + name + "'; there are:" + known);
}

std::optional<rt::Safeguard> lifted_by(const std::string& id) {
  const Defect* row = find_defect(id);
  if (!id.empty() && (row == nullptr || !armable(*row))) throw UsageError("'" + id + "' is no row that can be lifted");
  const bool patch = row != nullptr && row->kind == DefectKind::patch;
  if (!patch_misfit().empty()) throw ImpossibleError(std::string(patch_misfit()));
  if ((patch ? std::string_view(row->id) : "") != linked_patch()) {
    throw UsageError("'" + id + "' is not what this binary has compiled in: '" + std::string(linked_patch()) + "'");
  }
  if (row == nullptr || patch) return std::nullopt;
  return row->safeguard;
}

struct Sum {
  std::uint64_t passed = 0, failed = 0, not_followed = 0;
  std::map<std::string, std::uint64_t> by_oracle;
  std::string first;  // what did not pass
};

void add(Sum& sum, const Performance& p) {
  if (!p.failed && p.complaint.empty()) {
    ++sum.passed;
    return;
  }
  ++(p.failed ? sum.failed : sum.not_followed);
  if (p.failed) ++sum.by_oracle[p.oracle];
  if (!sum.first.empty()) return;
  sum.first = (p.failed ? p.oracle + ": " + p.sentence : p.complaint) + "\n" + p.output;
  const std::size_t from = p.trace.size() - std::min(p.trace.size(), steps_shown);
  for (std::size_t i = from; i < p.trace.size(); ++i) sum.first += p.trace[i] + "\n";
}

int run(int argc, char** argv) {
  if (argc < 2 || argc > 4) throw UsageError("usage: perform NAME [RUNS [ROW]]");
  const Race& fix = named(argv[1]);
  const auto runs = argc > 2 ? parse_unsigned(argv[2]) : 1;
  if (!runs || *runs == 0) throw UsageError(std::string("RUNS '") + argv[2] + "' is not a count from 1");
  const std::optional<rt::Safeguard> lifted = lifted_by(argc > 3 ? argv[3] : "");
  Sum sum;
  for (std::uint64_t i = 1; i <= *runs; ++i) add(sum, perform({&fix, i, lifted}));
  std::printf("%s %s: %lu runs, %lu passed, %lu failed", fix.name, perform_where, static_cast<unsigned long>(*runs),
              static_cast<unsigned long>(sum.passed), static_cast<unsigned long>(sum.failed));
  const char* joint = " (";
  for (const auto& [oracle, count] : sum.by_oracle) {
    std::printf("%s%s %lu", joint, oracle.c_str(), static_cast<unsigned long>(count));
    joint = ", ";
  }
  std::printf("%s, %lu not followed\n%s", sum.by_oracle.empty() ? "" : ")",
              static_cast<unsigned long>(sum.not_followed), sum.first.c_str());
  if (sum.not_followed != 0) return exit_not_followed;
  return sum.failed != 0 ? 1 : 0;
}

}  // namespace
}  // namespace jitterbug

int main(int argc, char** argv) {
  try {
    return jitterbug::run(argc, argv);
  } catch (const jitterbug::UsageError& error) {
    std::fprintf(stderr, "perform: %s\n", error.what());
    return 2;
  } catch (const jitterbug::ImpossibleError& error) {
    std::fprintf(stderr, "perform: %s\n", error.what());
    return 125;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "perform: %s\n", error.what());
    return 3;
  }
}
