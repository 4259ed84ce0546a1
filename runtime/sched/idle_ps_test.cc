// The list of idle Ps: what each operation does, and the race of a P's next owner with thieves.

#include "runtime/sched/idle_ps.h"

#include <gtest/gtest.h>

#include <string>

#include "harness/sim/testing.h"

namespace rt {
namespace {

using jitterbug::testing::Crew;
using jitterbug::testing::explore;
using jitterbug::testing::require;
using jitterbug::testing::unreliable;

// ---- Each operation ------------------------------------------------------------------


TEST(IdlePs, GivesTheLastOneOutFirst) {
  P a(0), b(1);
  IdlePs idle;
  SchedLock lock;
  SchedGuard held(lock);
  EXPECT_TRUE(idle.seems_empty());
  EXPECT_EQ(idle.get(held), nullptr);
  idle.put(held, &a);
  idle.put(held, &b);
  EXPECT_EQ(idle.count(), 2);
  EXPECT_FALSE(idle.seems_empty());
  EXPECT_EQ(idle.get(held), &b);
  EXPECT_EQ(idle.get(held), &a);
  EXPECT_EQ(idle.get(held), nullptr);
  EXPECT_EQ(idle.count(), 0);
}

TEST(IdlePs, SaysOfEachPWhetherItIsIdle) {
  P first(0), last(limits::procs_max - 1);
  IdlePs idle;
  SchedLock lock;
  SchedGuard held(lock);
  for (P* pp : {&first, &last}) {
    EXPECT_FALSE(idle.is_idle(pp));
    EXPECT_FALSE(pp->on_idle_list.get());
    idle.put(held, pp);
    EXPECT_TRUE(idle.is_idle(pp));
    EXPECT_TRUE(pp->on_idle_list.get());
  }
  EXPECT_EQ(idle.get(held), &last);
  EXPECT_FALSE(idle.is_idle(&last));
  EXPECT_FALSE(last.on_idle_list.get());
  EXPECT_TRUE(idle.is_idle(&first));
}

TEST(IdlePsSim, APWithWorkIsNotPut) {
  const std::string wrong = explore(1, {}, [] {
    P pp(0);
    G g(1);
    IdlePs idle;
    SchedLock lock;
    SchedGuard held(lock);
    require(pp.queue.put(&g, false).empty(), "there is room");
    idle.put(held, &pp);
  });
  EXPECT_NE(wrong.find("goes idle with an empty queue"), std::string::npos) << wrong;
}

// ---- The mask ----------------------------------------------------------------------------

// A thief skips Ps that are idle: one that may have work must not look idle. gets_first
// false: work is put on the queue of a P before it is taken off the list.
std::string skip_idle_ps(std::uint64_t runs, bool gets_first) {
  return explore(runs, unreliable(4), [gets_first] {
    P pp(0);
    IdlePs idle;
    SchedLock lock;
    bool has_work = false, over = false;
    idle.put(SchedGuard(lock), &pp);
    Crew thief;
    thief.start([&] {
      while (!over) require(!idle.is_idle(&pp) || !has_work, "a P with work does not look idle");
    });
    for (int i = 0; i < 3; ++i) {
      {
        SchedGuard held(lock);
        has_work = !gets_first;
        require(idle.get(held) == &pp, "the P is on the list");
        has_work = true;
      }
      {
        SchedGuard held(lock);
        has_work = false;
        idle.put(held, &pp);
      }
    }
    over = true;
  });
}

TEST(IdlePsSim, APThatMayHaveWorkDoesNotLookIdle) { EXPECT_EQ(skip_idle_ps(2'000, true), ""); }

// Must fail.
TEST(IdlePsSim, APThatHasWorkTooEarlyLooksIdle) {
  const std::string wrong = skip_idle_ps(100, false);
  EXPECT_NE(wrong.find("does not look idle"), std::string::npos) << wrong;
}

}  // namespace
}  // namespace rt
