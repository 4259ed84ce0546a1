// Five races that the Go scheduler has had, by their issues in the Go project. Their fixes
// were checked in without a test, for the windows are a few instructions wide. Here each has
// a program, an ordinary user of the public interface, and a script that says which thread
// waits in which window (docs/scripts.md).

#include "harness/scene/race.h"
#include "harness/scene/scene.h"
#include "runtime/api/inspect.h"
#include "stressors/tools.h"

namespace jitterbug {
namespace {

// More stacks than dead Gs keep: sysmon is to run the scavenger.
constexpr int litter = 100;

// One P; main makes two blocking calls that give it away. During the first one sysmon falls
// into its deep sleep, and the return from it wakes sysmon. During the second one the P is
// idle, and sysmon, which does not count as running, readies the scavenger.
void one_p_and_sysmon(Scene& scene) {
  rt::Runtime runtime({.procs = 1});
  scene.watch(runtime);
  runtime.run([&] {
    rt::yield();  // the scavenger parks
    rt::handoff_call([&] { scene.mark("first_call"); });
    int ended = 0;
    for (int i = 0; i < litter; ++i) {
      scene.go([&ended] {
        rt::yield();  // until the others have begun, too: each needs a stack of its own
        ++ended;
      });
    }
    while (ended < litter) rt::yield();
    scene.mark("littered");
    rt::handoff_call([&] { scene.mark("second_call"); });
  });
  scene.forget();
}

// golang/go#40368: sysmon takes the P, finds no idle M, and drops the scheduler lock to make
// a thread. At that moment the last M that counts as running parks.
constexpr const char* thread_about_to_be_born = R"(
hold main   at @first_call                           until m reaches stopm_list_before_sleep
                                                     and sysmon reaches sysmon_deep_sleep
hold sysmon at sysmon_deep_sleep                     until m reaches submit_vs_last_spinner after @littered
# m has given its P up and is not on the idle list yet: sysmon has to make a thread
hold m      at submit_vs_last_spinner after @littered until sysmon reaches startm_id_reserve
hold main   at @second_call                          until m reaches stopm_list_before_sleep after @littered
hold sysmon at startm_id_reserve                     until main reaches stopm_list_before_sleep
)";

// golang/go#59600: sysmon holds the P, and there is an idle M for it. Before sysmon has taken
// that M, the last M that counts as running parks; with the fix the scheduler lock, which
// sysmon holds throughout, stops it.
constexpr const char* p_in_the_injectors_hands = R"(
hold main   at @first_call             until m reaches stopm_list_before_sleep
                                       and sysmon reaches sysmon_deep_sleep
hold sysmon at sysmon_deep_sleep       until m reaches stopm_list_before_sleep after @littered
hold main   at @second_call            until sysmon reaches injectglist_unlock_gap
hold sysmon at injectglist_unlock_gap  until main reaches stopm_list_before_sleep
                                       or main reaches mutex_sleeping_sticky after @second_call
)";

// golang/go#45867: main readies a G while the only other M is about to give up its P. main
// finds no idle P. The other M does not spin, so it does not look at the queues again, and
// main keeps its own P. Which of the two Ms runs main's G differs from run to run, so the
// script calls both `any`.
constexpr const char* wake_beside_a_p_about_to_idle = R"(
hold any at @begins                                  until any reaches stopm_list_before_sleep
hold any at @helper_spawned                          until any reaches @helper
hold any at @helper                                  until any reaches wakep_npidle_precheck after @helper
# the count of spinners is up for a moment: the helper's M is turned away from searching
hold any at wakep_npidle_precheck after @helper      until any reaches nonspinning_drop_vs_wakep after @helper
hold any at nonspinning_drop_vs_wakep after @helper  until any reaches @submitted
)";

// The caller is the only M that runs, and a P is idle: no M is on its way to the G that the
// caller waits for.
bool stranded(const rt::Runtime& runtime) {
  rt::Counters c;
  runtime.counters(c);
  const int run = c.mcount - c.nmidle - c.nmidlelocked - c.nmsys - c.extra_length;
  return run == 1 && c.npidle > 0 && c.nmspinning == 0;
}

void wait_without_letting_go(Scene& scene, const rt::Runtime& runtime, const rt::os::Atomic<int>& done) {
  // A thread that parks changes two counts one after the other: only two looks in a row tell.
  for (int seen = 0; done.load(acquire) == 0;) {
    seen = stranded(runtime) ? seen + 1 : 0;
    scene.expect(seen < 2, OracleId::work_conservation,
                 "no runnable G waits beside an idle P unless somebody is on the way");
    rt::os::relax();
  }
}

void two_ps(Scene& scene) {
  rt::Runtime runtime({.procs = 2});
  rt::os::Atomic<int> done{0, "done"};
  scene.watch(runtime);
  runtime.run([&] {
    scene.mark("begins");
    scene.go([&] { scene.mark("helper"); });
    scene.mark("helper_spawned");
    scene.go([&] { done.store(1, release); });
    scene.mark("submitted");
    wait_without_letting_go(scene, runtime, done);
  });
  scene.forget();
}

// golang/go#60540: the second caller finds the list of spare Ms empty. That must not count as
// an M in use.
constexpr const char* take_from_an_empty_list = R"(
hold second at @calls               until first reaches callback_pins_thread
hold first  at callback_pins_thread until second reaches extram_empty_wait
)";

// golang/go#60004: the first caller gives its M back. A caller that puts the M on the list
// before it has forgotten it shares the M with the second one, which takes it at once.
constexpr const char* m_given_back_and_taken = R"(
hold second at @calls                     until first reaches dropm_clear_before_publish
hold first  at dropm_clear_before_publish until second reaches needm_status_and_ngsys
)";

void call_in(Scene& scene, rt::Runtime& runtime, rt::os::Atomic<int>& returned) {
  scene.ledger.callbacks_begun.fetch_add(1);
  const bool done = runtime.callback([&scene] { scene.ledger.progress.fetch_add(1); });
  scene.expect(done, OracleId::callbacks, "a callback is not refused while main is running");
  scene.ledger.callbacks_ended.fetch_add(1);
  returned.fetch_add(1, acq_rel);
}

void two_callers(Scene& scene) {
  rt::Runtime runtime({.procs = 2});
  rt::os::Atomic<int> returned{0, "returned"};
  scene.watch(runtime);
  runtime.run([&] {
    scene.external([&] { call_in(scene, runtime, returned); }, "first");
    scene.external(
        [&] {
          scene.mark("calls");
          call_in(scene, runtime, returned);
        },
        "second");
    nap_until(20 * rt::microsecond, [&] { return returned.load(acquire) == 2; });
  });
  scene.join_external();
  scene.forget();
}

Race race(const char* name, const char* sentence, const char* script, std::function<std::unique_ptr<Body>()> make,
          const char* reference, const char* rows) {
  return {{name, sentence, Judges::scheduler, std::move(make), script}, reference, rows};
}

const Race all[] = {
    race("take_from_an_empty_list", "a caller that takes no M from the empty list counts as one that has taken one",
         take_from_an_empty_list, body_of<two_callers>, "7911f7c #60540", "S1a"),
    race("m_given_back_and_taken", "an M is taken from the list before the thread that gave it back has forgotten it",
         m_given_back_and_taken, body_of<two_callers>, "77b1f23 #60004", "S2a"),
    race("thread_about_to_be_born", "a deadlock is reported while a thread is made that is not yet counted",
         thread_about_to_be_born, body_of<one_p_and_sysmon>, "85afa2e #40368", "S3a"),
    race("wake_beside_a_p_about_to_idle", "a wake finds no idle P while one is about to go idle",
         wake_beside_a_p_about_to_idle, body_of<two_ps>, "8cb350d #45867", "S4b,S4f"),
    race("p_in_the_injectors_hands", "the last M that counts parks while sysmon, which does not, holds a P",
         p_in_the_injectors_hands, body_of<one_p_and_sysmon>, "ff059ad #59600", "S5a"),
};

const RegisteredRaces registered(all);

}  // namespace
}  // namespace jitterbug
