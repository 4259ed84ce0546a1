// A stressor that no longer gets to the windows it is there for would find nothing,
// quietly, and so would all of them beside a window that nobody enters. Runs are the same
// in every build: one is asked.

#include <gtest/gtest.h>

#include <array>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/scene/workload.h"
#include "harness/simulated/runner.h"

namespace jitterbug {
namespace {

constexpr std::uint64_t seeds = 500;
constexpr int runs_min = 5;  // what is come by less often is no target that a stressor has

using Runs = std::array<int, static_cast<std::size_t>(rt::Window::count)>;

// In how many of its runs each window was entered. Asked for by several tests.
const Runs& runs_that_enter(const Workload& stressor) {
  static std::map<std::string_view, Runs> all;
  const auto [at, unknown] = all.try_emplace(stressor.name);
  if (!unknown) return at->second;
  Runner runner;
  Plan plan;
  plan.workload = stressor.name;
  for (plan.seed = 1; plan.seed <= seeds; ++plan.seed) {
    runner.run(plan);
    for (std::size_t w = 0; w < at->second.size(); ++w) {
      if (runner.windows_entered().has(static_cast<rt::Window>(w))) ++at->second[w];
    }
  }
  return at->second;
}

using enum rt::Window;

// What each stressor is there for.
const std::map<std::string_view, std::vector<rt::Window>> targets = {
    {"callbacks",
     {extram_list_lock, extram_empty_wait, extram_length_order, extram_inuse_only_when_taken,
      dropm_clear_before_publish, newextram_length_check, callback_before_init_done}},
    {"deadlocks", {checkdead_on_every_drop, checkdead_vs_extram, checkdead_g_scan, stoplockedm_count_vs_start}},
    {"deep_sleep", {sysmon_deep_sleep, entersyscall_sysmon_wake, retake_status_sample, retake_before_handoff_counted}},
    {"early_end", {callback_before_init_done, dropm_clear_before_publish, startm_transient_owner_preempt}},
    {"locked_gs",
     {stoplockedm_count_vs_start, startlockedm_direct_handoff, mexit_handoff_before_count, newm_preempt_before_clone}},
    {"lone_reader", {sysmon_netpoll_inject_counted, sysmon_deep_sleep, netpollblock_commit}},
    {"long_callback", {checkdead_vs_extram, refill_needs_p}},
    {"naps", {polluntil_publish, timer_add_vs_poller_sleep}},
    {"passers_by",
     {submit_vs_last_spinner, recheck_finds_work_no_p, spinner_limit_bypass, handoffp_unlocked_checks,
      exitsyscall_pidle_peek, g_between_queues_at_gosched}},
    {"poll_burst", {nonspinning_drop_vs_injectglist, netpollblock_commit, poller_return_order}},
    {"short_lives", {g_recycle, stopm_list_before_sleep, execute_m_before_status}},
    {"spawn_tree", {runqputslow_batch, global_batch_without_wake, runq_head_cas_vs_thief}},
    {"syscall_injector",
     {startm_id_reserve, injectglist_unlock_gap, injectglist_newm_gap, exitsyscall0_check_and_queue,
      sysmon_deep_sleep}},
    {"syscall_storm",
     {handoffp_unlocked_checks, handoffp_findrunnable_agreement, exitsyscall_pidle_peek, recheck_finds_work_no_p,
      retake_before_handoff_counted, mexit_handoff_before_count}},
    {"thread_limit", {extram_inuse_length_gap, newm_preempt_before_clone}},
    {"token_ring",
     {wakep_npidle_precheck, nonspinning_drop_vs_wakep, recheck_finds_work_no_p, needspinning_test_and_drop_atomicity,
      transient_nmspinning, spinner_limit_bypass}},
    {"wake_storm",
     {submit_vs_last_spinner, drop_order_dec_then_check, resetspinning_last_finder, transient_nmspinning,
      runnext_cas_single_try}},
    {"yielders",
     {global_batch_without_wake, submit_vs_last_spinner, g_between_queues_at_gosched, global_queue_unlocked_peek,
      drop_order_dec_then_check, recheck_finds_work_no_p}},
};

class Reach : public ::testing::TestWithParam<Workload> {};

TEST_P(Reach, EntersItsTargets) {
  const auto its = targets.find(GetParam().name);
  ASSERT_TRUE(its != targets.end() && !its->second.empty()) << "a stressor without targets";
  const Runs& runs = runs_that_enter(GetParam());
  for (const rt::Window w : its->second) {
    EXPECT_GE(runs[static_cast<std::size_t>(w)], runs_min) << rt::window_info(w).name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Reach, ::testing::ValuesIn(stressors()),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST(Targets, AreOfStressorsThatExist) {
  for (const auto& [name, windows] : targets) EXPECT_NE(find_workload(name), nullptr) << name;
}

TEST(Windows, AreAllEnteredBySomebody) {
  for (std::size_t w = 0; w < std::size(rt::window_infos); ++w) {
    int runs = 0;
    for (const Workload& stressor : stressors()) runs += runs_that_enter(stressor)[w];
    EXPECT_GE(runs, runs_min) << rt::window_infos[w].name << ", in " << seeds << " runs of each stressor";
  }
}

}  // namespace
}  // namespace jitterbug
