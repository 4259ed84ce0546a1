#include "harness/determinism/sample.h"

#include <string_view>

#include "harness/base/draw.h"
#include "harness/scene/workload.h"
#include "harness/strategy/registry.h"

namespace jitterbug {
namespace {

// Needs no patch, and is found by several workloads in many ways.
constexpr const char* lifted_row = "S1c";
constexpr std::uint64_t lifted_one_in = 16;

std::uint64_t fold(std::uint64_t digest, std::uint64_t word) { return rt::scramble(digest ^ rt::scramble(word)); }

std::uint64_t fold(std::uint64_t digest, std::string_view text) {
  digest = fold(digest, text.size());
  for (const char c : text) digest = fold(digest, static_cast<unsigned char>(c));
  return digest;
}

std::uint64_t fold(std::uint64_t digest, const WindowSet& windows) {
  for (const std::uint64_t word : windows.words()) digest = fold(digest, word);
  return digest;
}

}  // namespace

Plan sample_plan(std::uint64_t index) {
  constexpr std::uint64_t base_seed = 1;
  static const std::vector<Workload> sampled = stressors();
  const std::uint64_t round = index / sampled.size();
  Plan plan;
  plan.workload = sampled[index % sampled.size()].name;
  plan.strategy = strategies()[round % strategies().size()].name;
  plan.seed = derive(base_seed, index);
  if (round % lifted_one_in == lifted_one_in - 1) plan.lifted = lifted_row;
  return plan;
}

std::uint64_t outcome(const Record& record, const Runner& runner) {
  std::uint64_t digest = fold(record.digest, record.decisions);
  digest = fold(digest, record.switches);
  digest = fold(digest, record.safeguard_reached ? 1 : 0);
  digest = fold(digest, record.failed() ? 1 : 0);
  if (record.failure) digest = fold(digest, to_text(*record.failure));
  for (const auto& [name, value] : record.parameters) {
    digest = fold(digest, name);
    digest = fold(digest, static_cast<std::uint64_t>(value));
  }
  for (const WindowAt& last : record.last_windows) {
    digest = fold(digest, last.thread);
    digest = fold(digest, static_cast<std::uint64_t>(last.window));
  }
  digest = fold(digest, runner.windows_entered());
  return fold(digest, runner.windows_switched());
}

std::vector<SampleDigest> digest_sample(std::uint64_t first, std::uint64_t schedules) {
  std::vector<SampleDigest> digests;
  for (const Workload& workload : stressors()) digests.push_back({workload.name});
  Runner runner;
  for (std::uint64_t index = first; index < first + schedules; ++index) {
    SampleDigest& entry = digests[index % digests.size()];
    const Record record = runner.run(sample_plan(index));
    ++entry.runs;
    entry.failed += record.failed() ? 1 : 0;
    entry.digest = fold(entry.digest, outcome(record, runner));
  }
  return digests;
}

}  // namespace jitterbug
