// A stressor that no longer gets to the windows it is there for would find nothing,
// quietly. Runs are the same in every build: one is asked.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/simulated/runner.h"
#include "stressors/stressor.h"

namespace jitterbug {
namespace {

constexpr std::uint64_t seeds = 300;

struct Target {
  const char* stressor;
  std::vector<rt::Window> windows;
};

std::string name_of(const ::testing::TestParamInfo<Target>& instance) { return instance.param.stressor; }

class Reach : public ::testing::TestWithParam<Target> {};

TEST_P(Reach, WindowsAreEntered) {
  Runner runner(stressors());
  std::vector<int> entered(static_cast<std::size_t>(rt::Window::count));
  Plan plan;
  plan.stressor = GetParam().stressor;
  for (plan.seed = 1; plan.seed <= seeds; ++plan.seed) {
    runner.run(plan);
    for (std::size_t i = 0; i < entered.size(); ++i) {
      if (runner.windows_entered().has(static_cast<rt::Window>(i))) ++entered[i];
    }
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
        Target{"deep_sleep", {sysmon_deep_sleep, entersyscall_sysmon_wake, retake_status_sample,
                              retake_before_handoff_counted}},
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

}  // namespace
}  // namespace jitterbug
