// The spare Ms: what each operation does to length, use and waiters, and the races of those
// who take, put back, add and count.

#include "runtime/sched/extra_ms.h"

#include <gtest/gtest.h>

#include <list>
#include <map>
#include <string>

#include "harness/sim/testing.h"
#include "runtime/sched/sched.h"

namespace rt {
namespace {

using jitterbug::MachineOptions;
using jitterbug::testing::Crew;
using jitterbug::testing::explore;
using jitterbug::testing::require;
using jitterbug::testing::unreliable;

// A scheduler that never runs, for Ms have one.
struct Spares {
  explicit Spares(int n) {
    for (int i = 0; i < n; ++i) extra.add(&ms.emplace_back(sched, MKind::extra));
  }
  M* get(bool& last) { return extra.get(last, stopping); }

  void require_counts(std::int32_t length, std::int32_t in_use) {
    require(extra.length() == length, "the length is that of the list");
    require(extra.in_use() == in_use, "those that are taken are in use");
    require(extra.total() == length + in_use, "the total is the sum");
  }

  Sched sched{{.procs = 1}};
  std::list<M> ms;
  ExtraMs extra;
  os::Atomic<bool> stopping{false};
};

// ---- Each operation ------------------------------------------------------------------

TEST(ExtraMsSim, TakingAndGivingBackMovesAnMFromTheLengthToTheUse) {
  const std::string wrong = explore(1, {}, [] {
    Spares spares(2);
    spares.require_counts(2, 0);
    bool last = true;
    M* first = spares.get(last);
    require(!last, "another one is left");
    spares.require_counts(1, 1);
    M* second = spares.get(last);
    require(last && second != first, "the other one was the last");
    spares.require_counts(0, 2);
    spares.extra.put(first);
    spares.require_counts(1, 1);
    spares.extra.put(second);
    spares.require_counts(2, 0);
    require(spares.extra.created() == 2 && spares.extra.waiters() == 0, "two were made, and nobody waited");
  });
  EXPECT_EQ(wrong, "");
}

TEST(ExtraMsSim, WhoFindsNoneIsCountedOnceAndGetsTheNext) {
  const std::string wrong = explore(500, unreliable(4), [] {
    Spares spares(0);
    M* got = nullptr;
    Crew crew;
    crew.start([&] {
      bool last = false;
      got = spares.get(last);
      require(last, "it is the only one");
    });
    while (spares.extra.waiters() == 0) os::yield();
    os::sleep(20 * microsecond);  // it looks again and again
    require(spares.extra.take_waiters() == 1, "one waits");
    require(spares.extra.waiters() == 0, "the count has been taken");
    spares.extra.add(&spares.ms.emplace_back(spares.sched, MKind::extra));
    crew.join();
    require(got == &spares.ms.front(), "the waiter has it");
    spares.require_counts(0, 1);
  });
  EXPECT_EQ(wrong, "");
}

TEST(ExtraMsSim, WhoWaitsGoesEmptyHandedAtTheEnd) {
  const std::string wrong = explore(500, unreliable(4), [] {
    Spares spares(0);
    Crew crew;
    crew.start([&] {
      bool last = false;
      require(spares.get(last) == nullptr, "there is none to the end");
    });
    spares.stopping.store(true, seq_cst);
    crew.join();
    spares.require_counts(0, 0);  // and the list is not locked
  });
  EXPECT_EQ(wrong, "");
}

// Must fail.
TEST(ExtraMsSim, WithoutTheEndWhoWaitsWaitsForGood) {
  EXPECT_EQ(explore(1, {}, [] {
              Spares spares(0);
              bool last = false;
              spares.get(last);
            }),
            "seed 1: the first thread has not ended");
}

// ---- The race ------------------------------------------------------------------------------

enum class Sum { under_the_sentinel, of_two_looks };

// Three take and put back two Ms, a third M is added meanwhile, and one counts.
std::string borrow(std::uint64_t runs, const MachineOptions& options, Sum sum) {
  return explore(runs, options, [sum] {
    Spares spares(2);
    M late(spares.sched, MKind::extra);
    std::map<M*, bool> taken;
    bool over = false;
    Crew borrowers, counter;
    counter.start([&] {
      std::int32_t before = 2;
      while (!over) {
        const std::int32_t length = spares.extra.length();
        require(length >= 0 && length <= 3, "the length is that of some list");
        const std::int32_t total =
            sum == Sum::under_the_sentinel ? spares.extra.total() : spares.extra.in_use() + spares.extra.length();
        require(total >= before && total <= 3, "no M is counted twice or not at all");
        before = total;
      }
    });
    for (int t = 0; t < 3; ++t) {
      borrowers.start([&] {
        for (int i = 0; i < 2; ++i) {
          bool last = false;
          M* mp = spares.get(last);
          require(!taken[mp], "one thread at a time has an M");
          taken[mp] = true;
          os::yield();
          taken[mp] = false;
          spares.extra.put(mp);
        }
      });
    }
    spares.extra.add(&late);
    borrowers.join();
    over = true;
    counter.join();
    spares.require_counts(3, 0);
  });
}

TEST(ExtraMsSim, EachMIsInOneHandAndCountedOnce) {
  EXPECT_EQ(borrow(2'000, unreliable(4), Sum::under_the_sentinel), "");
}

// Both must fail.
TEST(ExtraMsSim, TwoLooksMissAnMThatChangesHands) {
  const std::string wrong = borrow(2'000, {}, Sum::of_two_looks);
  EXPECT_NE(wrong.find("counted twice or not at all"), std::string::npos) << wrong;
}

TEST(ExtraMsSim, AnMThatIsGivenBackAndStaysInUseIsCountedTwice) {
  MachineOptions options;
  options.lifted = Safeguard::put_extra_m_ends_use;
  EXPECT_NE(borrow(10, options, Sum::under_the_sentinel), "");
}

}  // namespace
}  // namespace rt
