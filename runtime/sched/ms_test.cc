// Ms: each transition of the table in ms.h, the thread limit, and walks beside the making.

#include "runtime/sched/ms.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "harness/sim/testing.h"
#include "runtime/sched/extra_ms.h"
#include "runtime/sched/sched.h"

namespace rt {
namespace {

using jitterbug::MachineOptions;
using jitterbug::testing::Crew;
using jitterbug::testing::explore;
using jitterbug::testing::require;
using jitterbug::testing::unreliable;

// The Ms of a scheduler that never runs.
struct Owner {
  explicit Owner(int thread_limit) : ms(thread_limit) {}

  M* make(Held held, MKind kind) {
    const std::int64_t id = ms.reserve(held);
    M* mp = ms.take(held, sched, kind);
    mp->take_id(id);
    return mp;
  }
  // As one_new_extra_m() makes it: has an id, and is on no list yet.
  M* make_extra(Held held) {
    ms.add_extra_in_making(held, 1);
    return make(held, MKind::extra);
  }

  Sched sched{{.procs = 1}};
  SchedLock lock;
  Ms ms;
  ExtraMs extra;
};

// ---- Each transition -----------------------------------------------------------------

class MsTransition : public ::testing::Test {
 protected:
  void expect(std::int32_t count, std::int32_t running) {
    EXPECT_EQ(ms.count(), count);
    EXPECT_EQ(ms.running(held), running);
    EXPECT_EQ(ms.count() - ms.idle() - ms.idle_locked() - ms.system(), running);
  }

  Owner owner{10};
  Ms& ms = owner.ms;
  SchedGuard held{owner.lock};
};

TEST_F(MsTransition, AnMInMakingRuns) {
  EXPECT_EQ(ms.reserve(held), 0);
  EXPECT_EQ(ms.reserve(held), 1);
  expect(2, 2);
  EXPECT_EQ(ms.all(), nullptr) << "there is none yet";
}

TEST_F(MsTransition, AnMThatIsNotBornDoesNotCountAndItsIdIsNotGivenAgain) {
  EXPECT_EQ(ms.reserve(held), 0);
  ms.uncount(held);
  expect(0, 0);
  EXPECT_EQ(ms.reserve(held), 1);
}

TEST_F(MsTransition, AnMThatIsTakenIsAmongAll) {
  M* first = owner.make(held, MKind::first);
  M* second = owner.make(held, MKind::worker);
  expect(2, 2);
  EXPECT_EQ(ms.all(), second);
  EXPECT_EQ(second->all_link, first);
  EXPECT_EQ(first->all_link, nullptr);
}

TEST_F(MsTransition, AnIdleMDoesNotRunAndTheLastOneGoesOutFirst) {
  M* a = owner.make(held, MKind::worker);
  M* b = owner.make(held, MKind::worker);
  EXPECT_EQ(ms.get_idle(held), nullptr);
  ms.put_idle(held, a);
  ms.put_idle(held, b);
  EXPECT_TRUE(a->idle.get());
  EXPECT_EQ(ms.idle(), 2);
  expect(2, 0);
  EXPECT_EQ(ms.get_idle(held), b);
  EXPECT_FALSE(b->idle.get());
  expect(2, 1);
  EXPECT_EQ(ms.get_idle(held), a);
  EXPECT_EQ(ms.get_idle(held), nullptr);
  expect(2, 2);
}

TEST_F(MsTransition, AnMThatWaitsForItsGDoesNotRun) {
  owner.make(held, MKind::worker);
  ms.add_idle_locked(held, 1);
  EXPECT_EQ(ms.idle_locked(), 1);
  expect(1, 0);
  ms.add_idle_locked(held, -1);
  expect(1, 1);
}

TEST_F(MsTransition, ASystemMDoesNotRun) {
  owner.make(held, MKind::system);
  ms.add_system(held);
  EXPECT_EQ(ms.system(), 1);
  expect(1, 0);
}

TEST_F(MsTransition, ASpentMIsUsedAgainByAWorkerOnly) {
  M* spent = owner.make(held, MKind::worker);
  ms.uncount(held);
  ms.put_spent(held, spent);
  expect(0, 0);
  EXPECT_NE(owner.make(held, MKind::extra), spent);
  EXPECT_EQ(owner.make(held, MKind::worker), spent);
  EXPECT_NE(owner.make(held, MKind::worker), spent);
  expect(3, 3);
  EXPECT_EQ(spent->id.get(), 2) << "it has a new number";
}

// ---- The thread limit ------------------------------------------------------------------

TEST(Ms, TheLimitIsForThreadsOfOurs) {
  Owner owner(2);
  SchedGuard held(owner.lock);
  owner.make(held, MKind::first);
  owner.make(held, MKind::worker);
  EXPECT_FALSE(owner.ms.over_limit(held, owner.extra));
  M* lent = owner.make_extra(held);
  EXPECT_FALSE(owner.ms.over_limit(held, owner.extra)) << "it is in making";
  owner.extra.add(lent);
  owner.ms.add_extra_in_making(held, -1);
  EXPECT_FALSE(owner.ms.over_limit(held, owner.extra)) << "it is spare";
  owner.make(held, MKind::worker);
  EXPECT_TRUE(owner.ms.over_limit(held, owner.extra));
}

// The limit is one thread. An extra M goes from the one count into the other, and beside it
// one worker is made and then another.
std::string exceed(std::uint64_t runs, const MachineOptions& options, bool in_one_section) {
  return explore(runs, options, [in_one_section] {
    Owner owner(1);
    M* lent = owner.make_extra(SchedGuard(owner.lock));
    Crew crew;
    crew.start([&] {
      if (!in_one_section) owner.extra.add(lent);
      SchedGuard held(owner.lock);
      if (in_one_section) owner.extra.add(lent);
      owner.ms.add_extra_in_making(held, -1);
    });
    for (const bool over : {false, true}) {
      SchedGuard held(owner.lock);
      owner.make(held, MKind::worker);
      require(owner.ms.over_limit(held, owner.extra) == over, "one thread is allowed and two are not");
    }
  });
}

TEST(MsSim, AnExtraMInMakingIsLeftOutOnce) { EXPECT_EQ(exceed(2'000, unreliable(4), true), ""); }

// Both must fail.
TEST(MsSim, AnExtraMThatIsInBothCountsHidesAThread) {
  const std::string wrong = exceed(1'000, unreliable(4), false);
  EXPECT_NE(wrong.find("two are not"), std::string::npos) << wrong;
}

TEST(MsSim, WithoutTheSafeguardExtraMsAreThreadsOfOurs) {
  MachineOptions options;
  options.lifted = Safeguard::thread_count_leaves_out_extra_ms;
  const std::string wrong = exceed(100, options, true);
  EXPECT_NE(wrong.find("two are not"), std::string::npos) << wrong;
}

// ---- Makers and walkers ------------------------------------------------------------------

enum class Maker { counts_first, lists_one_uncounted };

// Three make Ms, and one walks along all of them without the lock.
std::string walk_beside_makers(std::uint64_t runs, Maker maker) {
  return explore(runs, unreliable(4), [maker] {
    Owner owner(100);
    std::set<M*> made;
    std::set<std::int64_t> ids;
    int makers = 3;
    Crew crew;
    for (int t = 0; t < 3; ++t) {
      crew.start([&] {
        for (int i = 0; i < 2; ++i) {
          SchedGuard held(owner.lock);
          if (maker == Maker::lists_one_uncounted) owner.ms.take(held, owner.sched, MKind::worker);
          M* mp = owner.make(held, MKind::worker);
          require(made.insert(mp).second, "each M is made once");
          require(ids.insert(mp->id.get()).second, "each id is given once");
        }
        --makers;
      });
    }
    std::int32_t before = 0;
    while (makers > 0) {
      std::set<M*> seen;
      for (M* mp = owner.ms.all(); mp != nullptr; mp = mp->all_link) seen.insert(mp);
      const auto count = static_cast<std::int32_t>(seen.size());
      require(count >= before, "an M that was there stays");
      require(count <= owner.ms.count(), "an M is counted before it is there");
      before = count;
    }
    crew.join();
    require(owner.ms.count() == 6, "each M is counted once");
  });
}

TEST(MsSim, AnMIsCountedBeforeItIsThereAndStays) {
  EXPECT_EQ(walk_beside_makers(1'000, Maker::counts_first), "");
}

// Must fail.
TEST(MsSim, AnMThatIsThereBeforeItIsCountedIsSeen) {
  const std::string wrong = walk_beside_makers(100, Maker::lists_one_uncounted);
  EXPECT_NE(wrong.find("counted before it is there"), std::string::npos) << wrong;
}

}  // namespace
}  // namespace rt
