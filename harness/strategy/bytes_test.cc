// What decisions read from bytes promise.

#include "harness/strategy/bytes.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "harness/sim/testing.h"
#include "runtime/base/rng.h"

namespace jitterbug {
namespace {

using rt::engine::OpKind;
using testing::Crew;
using testing::RecordingJudge;

using Bytes = std::vector<std::uint8_t>;

Bytes random_bytes(std::uint64_t seed, std::size_t size) {
  rt::Rng rng(seed);
  Bytes bytes(size);
  for (std::uint8_t& b : bytes) b = static_cast<std::uint8_t>(rng.below(256));
  return bytes;
}

std::vector<Candidate> candidates(ThreadId count) {
  std::vector<Candidate> all;
  for (ThreadId t = 0; t < count; ++t) all.push_back({t, Op{OpKind::load}});
  return all;
}

// The answers to one question.
Pick ask(const Bytes& bytes, const std::vector<Candidate>& runnable, Situation s = {}) {
  BytesStrategy strategy(bytes);
  strategy.begin(0);
  s.runnable = runnable;
  return strategy.pick(s);
}

// On the machine: who ran from each decision on, and the digest.
struct Recorded {
  std::vector<ThreadId> picks;
  std::vector<std::size_t> bits;  // used before each
  std::uint64_t digest = 0;
};

Recorded run(const Bytes& bytes) {
  Machine machine;
  RecordingJudge judge(machine);
  BytesStrategy strategy(bytes);
  strategy.begin(0);
  Recorded result;
  testing::AskEach recording([&](const Situation& s) {
    result.bits.push_back(strategy.bits_used());
    const Pick pick = strategy.pick(s);
    result.picks.push_back(pick.thread);
    return pick;
  });
  const RunResult ended = machine.run({}, recording, judge, [] {
    rt::os::Atomic<std::uint32_t> word{0};
    Crew crew;
    for (int t = 0; t < 3; ++t) {
      crew.start([&] {
        for (int i = 0; i < 30; ++i) word.fetch_add(1, rt::relaxed);
      });
    }
  });
  EXPECT_FALSE(ended.failed()) << sentence_of(ended.failure);
  result.digest = ended.digest;
  return result;
}

TEST(Bytes, EqualBytesGiveEqualRuns) {
  std::set<std::uint64_t> digests;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Bytes bytes = random_bytes(seed, 64);
    const Recorded first = run(bytes);
    EXPECT_EQ(first.digest, run(bytes).digest);
    digests.insert(first.digest);
  }
  EXPECT_GT(digests.size(), 10u);
}

TEST(Bytes, EveryCandidateCanBeReached) {
  for (ThreadId count : {1u, 2u, 3u, 5u, 8u}) {
    std::set<ThreadId> seen;
    for (unsigned byte = 0; byte < 256; ++byte) {
      seen.insert(ask({static_cast<std::uint8_t>(byte)}, candidates(count)).thread);
    }
    EXPECT_EQ(seen.size(), count);
    EXPECT_EQ(seen.count(rt::engine::no_thread), 0u);
  }
}

TEST(Bytes, ASpinnerOrTheClockIsOneMoreAnswer) {
  Situation s{};
  s.spinning = 1;
  std::set<ThreadId> seen;
  for (unsigned byte = 0; byte < 256; ++byte) {
    seen.insert(ask({static_cast<std::uint8_t>(byte)}, candidates(2), s).thread);
  }
  EXPECT_EQ(seen, (std::set<ThreadId>{0, 1, rt::engine::no_thread}));
}

TEST(Bytes, ASliceIsAPowerOfTwoOrLastsUntilAWindow) {
  std::set<std::uint32_t> slices;
  bool until_window = false;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const Pick pick = ask({static_cast<std::uint8_t>(byte)}, candidates(2));
    if (pick.stop_at == 0) slices.insert(pick.slice);
    else until_window = until_window || (pick.stop_at & bit_of(OpKind::window)) != 0;
  }
  EXPECT_EQ(slices.size(), 12u);
  EXPECT_EQ(*slices.begin(), 1u);
  EXPECT_EQ(*slices.rbegin(), 2'048u);
  EXPECT_TRUE(until_window);
}

TEST(Bytes, ADecisionTakesAsFewBitsAsItNeeds) {
  const Bytes bytes(8, 0xff);
  BytesStrategy strategy(bytes);
  strategy.begin(0);
  strategy.choose(Question::program, 2);
  EXPECT_EQ(strategy.bits_used(), 1u);
  strategy.choose(Question::program, 5);
  EXPECT_EQ(strategy.bits_used(), 4u);
  strategy.choose(Question::fault, 500);
  EXPECT_EQ(strategy.bits_used(), 8u);
  const std::vector<Candidate> three = candidates(3);
  Situation s{};
  s.runnable = three;
  strategy.pick(s);
  EXPECT_EQ(strategy.bits_used(), 14u);
}

TEST(Bytes, AnswersStayInTheirRange) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Bytes bytes = random_bytes(seed, 32);
    BytesStrategy strategy(bytes);
    strategy.begin(0);
    for (std::uint32_t n = 2; n < 60; ++n) {
      ASSERT_LT(strategy.choose(Question::program, n), n);
      ASSERT_LT(strategy.choose(Question::fault, n), n);
    }
    EXPECT_TRUE(strategy.used_up());
  }
}

TEST(Bytes, AtTheEndNobodyIsPreemptedAndNothingFaults) {
  BytesStrategy strategy({});
  strategy.begin(0);
  const std::vector<Candidate> three = candidates(3);
  Situation s{};
  s.runnable = three;
  s.spinning = 1;
  s.current = 1;
  s.current_runnable = true;
  EXPECT_EQ(strategy.pick(s).thread, 1u);
  EXPECT_GT(strategy.pick(s).slice, 1'000'000u);
  s.current_relaxes = true;
  EXPECT_EQ(strategy.pick(s).thread, 0u);
  s.current_relaxes = false;
  s.current_runnable = false;
  EXPECT_EQ(strategy.pick(s).thread, 0u);
  EXPECT_EQ(strategy.choose(Question::program, 7), 0u);
  EXPECT_NE(strategy.choose(Question::fault, 8), 0u);
  EXPECT_TRUE(strategy.used_up());
  EXPECT_EQ(run({}).digest, run({}).digest);
}

TEST(Bytes, ALateByteLeavesEarlierDecisionsAsTheyWere) {
  const Bytes bytes = random_bytes(3, 24);
  const Recorded original = run(bytes);
  int changed = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    Bytes mutant = bytes;
    mutant[at] ^= 0xff;
    const Recorded other = run(mutant);
    changed += other.digest != original.digest ? 1 : 0;
    // A decision is the one before the bits of the next one.
    for (std::size_t i = 0; i + 1 < original.picks.size() && original.bits[i + 1] <= 8 * at; ++i) {
      ASSERT_LT(i, other.picks.size());
      ASSERT_EQ(other.picks[i], original.picks[i]) << "byte " << at << ", decision " << i;
    }
  }
  EXPECT_GT(changed, 3);
}

}  // namespace
}  // namespace jitterbug
