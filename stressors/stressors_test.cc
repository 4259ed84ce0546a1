// Every stressor against the scheduler as it is: no finding, the same run twice for
// the same seed, and the windows it is there for are entered.
//
// TEST_RANDOM_SEED says which seeds are hunted: 1 to 300 for 1, which is the default, the next
// 300 for 2, and so on; under ThreadSanitizer 100 each. What a stressor is like is judged by
// the first seeds in any case. A finding leaves token, trace and interleaving behind.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "harness/campaign/pool.h"
#include "harness/campaign/runner.h"
#include "harness/defect/variant.h"
#include "harness/report/text.h"
#include "harness/testing/environment.h"
#include "harness/testing/keep_finding.h"
#include "stressors/stressor.h"

namespace jitterbug {
namespace {

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define JITTERBUG_SLOW 1  // ten times
#endif
#endif
#ifdef JITTERBUG_SLOW
constexpr bool slow = true;
constexpr std::uint64_t seeds = 100;
#else
constexpr bool slow = false;
constexpr std::uint64_t seeds = 300;
#endif
constexpr std::uint64_t seeds_sampled = 30;  // for what shows in a few runs

Plan plan_for(const Stressor& stressor, std::uint64_t seed) {
  Plan plan;
  plan.stressor = stressor.name;
  plan.seed = seed;
  plan.lifted = linked_patch();  // the test of this test links a defect
  return plan;
}

class Stress : public ::testing::TestWithParam<const Stressor*> {};

TEST_P(Stress, FindsNothingInTheShippedScheduler) {
  const std::uint64_t first = first_seed(seeds);
  RecordProperty("first_seed", std::to_string(first));
  Batch batch;
  batch.schedules = seeds;
  batch.stop_at_first = true;
  batch.plan_of = [first](std::uint64_t index) { return plan_for(*GetParam(), first + index); };
  const BatchResult result = run_batch(batch, stressors(), nullptr);
  for (const Finding& finding : result.findings) {
    ADD_FAILURE() << finding_text(finding);
    keep_finding(finding, stressors());
  }
  EXPECT_TRUE(result.tally.schedules == seeds || !result.findings.empty());
}

TEST_P(Stress, IsDeterministic) {
  Runner runner(stressors());
  for (std::uint64_t index = 0; index < seeds_sampled; ++index) {
    const std::uint64_t seed = first_seed(seeds) + index;
    const Record first = runner.run(plan_for(*GetParam(), seed));
    const Record second = runner.run(plan_for(*GetParam(), seed));
    EXPECT_EQ(first.digest, second.digest) << "seed " << seed;
    EXPECT_EQ(first.parameters, second.parameters) << "seed " << seed;
  }
}

TEST_P(Stress, StaysSmall) {
  Runner runner(stressors());
  std::uint64_t decisions = 0;
  for (std::uint64_t seed = 1; seed <= seeds_sampled; ++seed) {
    decisions += runner.run(plan_for(*GetParam(), seed)).decisions;
  }
  EXPECT_LT(decisions / seeds_sampled, 8'000u);
}

INSTANTIATE_TEST_SUITE_P(All, Stress, ::testing::ValuesIn([] {
                           std::vector<const Stressor*> all;
                           for (const Stressor& s : stressors()) all.push_back(&s);
                           return all;
                         }()),
                         [](const auto& instance) { return std::string(instance.param->name); });

struct Target {
  const char* stressor;
  std::vector<rt::Window> windows;
};

std::string name_of(const ::testing::TestParamInfo<Target>& instance) { return instance.param.stressor; }

class Reach : public ::testing::TestWithParam<Target> {};

// A stressor that no longer gets to its windows would find nothing, quietly.
TEST_P(Reach, WindowsAreEntered) {
  if (slow) GTEST_SKIP() << "runs are the same in every build: once is enough";
  Runner runner(stressors());
  std::vector<int> entered(static_cast<std::size_t>(rt::Window::count));
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    runner.run(plan_for(*find_stressor(GetParam().stressor), seed));
    for (std::size_t i = 0; i < entered.size(); ++i) entered[i] += runner.windows_entered()[i] ? 1 : 0;
  }
  for (const rt::Window w : GetParam().windows) {
    EXPECT_GT(entered[static_cast<std::size_t>(w)], 0) << rt::window_info(w).name;
  }
}

using enum rt::Window;

INSTANTIATE_TEST_SUITE_P(
    Targets, Reach,
    ::testing::Values(
        Target{"callbacks", {extram_list_lock, extram_empty_wait, extram_length_order, extram_inuse_only_when_taken,
                             dropm_clear_before_publish, newextram_length_check, callback_before_init_done}},
        Target{"deadlocks", {checkdead_on_every_drop, checkdead_vs_extram, checkdead_g_scan,
                             stoplockedm_count_vs_start}},
        Target{"early_end", {callback_before_init_done, dropm_clear_before_publish, startm_transient_owner_preempt}},
        Target{"locked_gs", {stoplockedm_count_vs_start, startlockedm_direct_handoff, mexit_handoff_before_count,
                             newm_preempt_before_clone}},
        Target{"lone_reader", {sysmon_netpoll_inject_counted, sysmon_deep_sleep, netpollblock_commit}},
        Target{"long_callback", {checkdead_vs_extram, refill_needs_p}},
        Target{"naps", {polluntil_publish, timer_add_vs_poller_sleep}},
        Target{"passers_by", {submit_vs_last_spinner, recheck_finds_work_no_p, spinner_limit_bypass,
                              handoffp_unlocked_checks, exitsyscall_pidle_peek, g_between_queues_at_gosched}},
        Target{"poll_burst", {nonspinning_drop_vs_injectglist, netpollblock_commit, poller_return_order}},
        Target{"short_lives", {g_recycle, stopm_list_before_sleep, execute_m_before_status}},
        Target{"spawn_tree", {runqputslow_batch, global_batch_without_wake, runq_head_cas_vs_thief}},
        Target{"syscall_injector", {startm_id_reserve, injectglist_unlock_gap, injectglist_newm_gap,
                                    exitsyscall0_check_and_queue, sysmon_deep_sleep}},
        Target{"syscall_storm", {handoffp_unlocked_checks, handoffp_findrunnable_agreement, exitsyscall_pidle_peek,
                                 recheck_finds_work_no_p, retake_before_handoff_counted,
                                 mexit_handoff_before_count}},
        Target{"thread_limit", {extram_inuse_length_gap, newm_preempt_before_clone}},
        Target{"token_ring", {wakep_npidle_precheck, nonspinning_drop_vs_wakep, recheck_finds_work_no_p,
                              needspinning_test_and_drop_atomicity, transient_nmspinning, spinner_limit_bypass}},
        Target{"wake_storm", {submit_vs_last_spinner, drop_order_dec_then_check, resetspinning_last_finder,
                              transient_nmspinning, runnext_cas_single_try}}),
    name_of);

TEST(Stressors, AreListedInOrderAndFoundByName) {
  const auto all = stressors();
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const Stressor& a, const Stressor& b) {
    return std::string_view(a.name) < b.name;
  }));
  for (const Stressor& s : all) EXPECT_EQ(find_stressor(s.name), &s);
  EXPECT_EQ(find_stressor("wake_stor"), nullptr);
}

}  // namespace
}  // namespace jitterbug
