#include "harness/defect/catalog.h"
#include "harness/base/text.h"

#include <algorithm>

namespace jitterbug {
namespace {

using rt::Safeguard;

constexpr Defect lifted(const char* id, const char* origin, const char* sentence, Safeguard safeguard,
                        const char* oracles, const char* windows, const char* workloads) {
  return {id, origin, sentence, DefectKind::safeguard, safeguard, oracles, windows, workloads, ""};
}

constexpr Defect patched(const char* id, const char* origin, const char* sentence, const char* oracles,
                         const char* windows, const char* workloads) {
  return {id, origin, sentence, DefectKind::patch, Safeguard::count, oracles, windows, workloads, ""};
}

constexpr Defect pending(const char* id, const char* origin, const char* sentence, const char* oracles,
                         const char* windows, const char* reason) {
  return {id, origin, sentence, DefectKind::pending, Safeguard::count, oracles, windows, "", reason};
}

constexpr Defect equivalent(const char* id, const char* origin, const char* sentence, const char* oracles,
                            const char* windows, const char* reason) {
  return {id, origin, sentence, DefectKind::equivalent, Safeguard::count, oracles, windows, "", reason};
}

constexpr Defect seen_by(Detector detector, Defect row, const char* reason) {
  row.detector = detector;
  row.reason = reason;
  return row;
}

// Races that this suite met first. They stay armed, so that it keeps finding them.
constexpr const char* here = "met here";

constexpr Defect rows[] = {
    patched("N1", here, "a callback that is over leaves its P in a system call of a spare M", "O1", "7.13",
            "callbacks"),
    patched("N2", here, "an M is used again before the maker of its last thread has filed that thread",
            "O6,O4,O12,O5,O1", "1.3", "locked_gs"),
    patched("N3", here, "inject_g_list counts idle Ps, keeps the other Gs, and wakes nobody for them", "O3", "9.14",
            "poll_burst"),
    patched("N4", here, "a spinner that the system refuses a thread for is never made up for", "O3,O4", "1.7",
            "wake_storm,token_ring,poll_burst"),
    patched("N5", here, "the poller sleeps until another deadline than the one it published", "O4", "9.8", "naps"),
    patched("N6", here, "the last event goes to a passer-by and the M in the poller goes on counting as running", "O2",
            "8.8", "deadlocks"),
    patched("N7", here, "a G moves to the global queue behind the back of the spinner that was to find it", "O3", "3.1",
            "passers_by,syscall_storm"),
    patched("N8", here, "extra Ms on the list and in use are summed while one changes hands", "O15", "7.7",
            "thread_limit"),
    patched("N9", here, "the first Gs of all are queued and nobody is woken for them", "O3", "3.1", "naps"),
    patched("N10", here, "an extra M's G runs without an M", "O6", "7.14,11.14", "callbacks"),
    patched("N11", here, "wake_p asks for a spinner before it takes its own back: one in between answers both", "O3,O4",
            "3.9", "wake_storm"),
    patched("N12", here, "sysmon takes events off the poller before it counts itself as running", "O1", "5.9",
            "lone_reader"),
    patched("N13", here, "main's G is used again after main has returned, and its end stops the scheduler once more",
            "O6", "11.12", "early_end"),
    patched("N14", here, "the end of the scheduler takes a suspended callback's G from whoever is to ready it", "O6",
            "7.14", "early_end"),
    patched("N15", here, "handoff_p idles a P that a wake beside it looked for in vain", "O3,O4", "2.1",
            "syscall_storm,spawn_tree"),
    patched("N16", here, "a new extra M counts as made and as being made: one thread over the limit goes unseen", "O15",
            "7.7", "thread_limit"),
    patched("N17", here, "a batch has left the global queue and is in no local one yet: a second look misses it",
            "O3,O4", "3.17", "yielders"),

    // The count of extra Ms in use (7911f7c).
    patched("S1a", "7911f7c #60540", "every lock of the extra-M list raises the in-use count, not only a take",
            "O5,O16", "7.6", "callbacks"),
    patched("S1b", "7911f7c #60540", "a take that finds the list empty raises the in-use count as well", "O5,O16",
            "7.6", "callbacks"),
    lifted("S1c", "regression of 7911f7c", "giving an extra M back does not lower the in-use count",
           Safeguard::put_extra_m_ends_use, "O5,O15,O16", "7.6", "callbacks,thread_limit"),
    lifted("S1d", "regression of 7911f7c", "the thread limit counts extra Ms as threads of the runtime",
           Safeguard::thread_count_leaves_out_extra_ms, "O15", "7.7", "thread_limit"),

    // Taking and returning extra Ms (77b1f23).
    patched("S2a", "77b1f23 #60004", "a thread publishes its extra M before it forgets it", "O16,O12,O6", "7.8",
            "callbacks"),
    patched("S2b", "regression of 77b1f23", "the extra-M list is published before its length is changed", "O5,O1,O2",
            "7.5", "callbacks,deadlocks"),
    lifted("S2c", "regression of 77b1f23", "the deadlock check counts an idle extra M as running",
           Safeguard::idle_extra_ms_do_not_run, "O2", "7.16", "deadlocks"),
    lifted("S2d", "regression of 77b1f23", "the deadlock check counts an M inside a callback as idle",
           Safeguard::callbacks_count_as_running, "O1", "7.16", "long_callback"),
    patched("S2e", "regression of 77b1f23", "no spare M is made if the list was not empty before the take", "O16,O4",
            "7.4", "callbacks"),
    pending("S2f", "regression of 77b1f23", "the crash relay waits for idle extra Ms as well", "O4", "15.3",
            "needs the crash relay"),

    // A thread about to be born is counted (85afa2e).
    lifted("S3a", "85afa2e #40368", "the id of a new M is reserved after the scheduler lock was dropped",
           Safeguard::id_reserved_before_unlock, "O1", "1.1,2.11", "syscall_injector"),
    lifted("S3b", "regression of 85afa2e", "an M whose id was reserved is counted a second time",
           Safeguard::reserved_id_counts_once, "O2,O5,O15", "1.1", "deadlocks,thread_limit"),
    lifted("S3c", "regression of 85afa2e", "a thread that cannot be made keeps its reserved id",
           Safeguard::failed_thread_gives_id_back, "O2,O5", "1.1", "deadlocks,wake_storm"),

    // A wake that finds no P asks for a spinner (8cb350d).
    patched("S4a", "8cb350d #45867", "wake_p gives up when an unlocked look finds no idle P", "O3,O4", "2.12,3.4",
            "token_ring,wake_storm"),
    patched("S4b", "8cb350d #45867", "wake_p finds no P and does not ask for a spinner", "O3,O4", "3.4,3.9",
            "token_ring,wake_storm"),
    patched("S4c", "8cb350d #45867", "the second look sees work, finds no P and does not ask for a spinner", "O3",
            "3.3", "passers_by"),
    pending("S4d", "8cb350d #45867", "the second look for idle-priority work does not ask for a spinner", "O3",
            "3.3,14.1", "needs idle-priority work"),
    patched("S4e", "8cb350d #45867", "inject_g_list starts Ms only while Ps are idle and asks for no spinner", "O3",
            "3.5,9.14", "poll_burst"),
    lifted("S4f", "8cb350d #45867", "an M drops its P without looking whether a spinner was asked for",
           Safeguard::needspinning_tested_before_drop, "O3", "3.3,3.4,3.5", "token_ring,wake_storm,poll_burst"),
    patched("S4g", "regression of 8cb350d", "the request for a spinner is tested before the lock is taken", "O3", "3.6",
            "token_ring,wake_storm"),
    lifted("S4h", "regression of 8cb350d", "an M that becomes a spinner leaves the request standing",
           Safeguard::become_spinning_clears_request, "O14", "3.7", "wake_storm,token_ring"),
    patched("S4i", "regression of 8cb350d", "the request for a spinner is cleared and the P is dropped anyway", "O3",
            "3.7", "token_ring,wake_storm"),
    pending("S4j", "8cb350d #45867", "wake_p may be preempted while it holds a P that nobody owns", "O4", "2.8",
            "needs stop-the-world"),
    patched("S4k", "regression of 8cb350d", "wake_p takes its spinner back before it asks for one, without the lock",
            "O3", "3.9", "passers_by,syscall_storm"),
    equivalent("S4l", "idea of #43997", "only the last spinner looks at the queues a second time", "O3", "3.9,3.2",
               "nmspinning rises without a spinner in wake_p only, which asks for a spinner and lowers it again in "
               "one section of the lock: whoever gives up beside it is the last, or somebody else will look"),
    lifted("S4m", "8cb350d #45867", "a wake that finds no P leaves its spinner counted",
           Safeguard::failed_wake_takes_spinner_back, "O5,O3", "1.7", "wake_storm,spawn_tree"),

    // start_m for callers that hold the scheduler lock (ff059ad).
    patched("S5a", "ff059ad #59600", "inject_g_list drops the lock between taking a P and starting an M", "O1", "2.10",
            "syscall_injector"),
    lifted("S5b", "regression of ff059ad", "start_m makes a thread and returns without its caller's lock",
           Safeguard::lock_held_caller_gets_lock_back, "O12,O13", "2.11", "syscall_injector,poll_burst"),
    patched("S5c", "regression of ff059ad", "start_m starts nobody and drops a lock that belongs to its caller",
            "O12,O13", "2.10", "poll_burst,syscall_injector"),
    patched("S5d", "regression of ff059ad", "start_m wakes an M before it has given it a P", "O6", "1.6",
            "poll_burst,syscall_injector"),

    // Memory that is used after its time.
    seen_by(Detector::address_sanitizer,
            lifted("U1", "use after free", "the scheduler is freed while its threads are still at work",
                   Safeguard::threads_end_before_the_scheduler, "O5,O12", "1.5,11.14", "short_lives"),
            "freed memory keeps its contents for a while: what a run makes of them means nothing"),
    seen_by(Detector::address_sanitizer,
            patched("U2", "use after return", "a wait group on a G's stack is looked at after its last count is gone",
                    "O12", "11.12", "short_lives"),
            "what is read is gone, but nearly always reads as nobody waiting, as it was"),

    // The watcher.
    lifted("Y1", "lost wake", "sysmon sleeps on when a P is taken or left in a system call",
           Safeguard::taken_p_wakes_sysmon, "O4", "5.13,5.4", "deep_sleep"),

    // Memory orders.
    seen_by(Detector::thread_sanitizer,
            lifted("W1", "weak order", "an M is woken without publishing the P it is given", Safeguard::wake_publishes,
                   "O12", "1.6", "wake_storm,token_ring"),
            "the simulation performs one operation after the other: what is not ordered is there all the same"),
};

}  // namespace

std::span<const Defect> defects() { return rows; }

const Defect* find_defect(std::string_view id_or_safeguard) {
  if (id_or_safeguard.empty()) return nullptr;
  for (const Defect& row : rows) {
    if (id_or_safeguard == row.id) return &row;
    if (row.kind == DefectKind::safeguard && id_or_safeguard == rt::safeguard_info(row.safeguard).name) return &row;
  }
  return nullptr;
}

const char* to_string(DefectKind kind) {
  switch (kind) {
    case DefectKind::safeguard: return "safeguard";
    case DefectKind::patch: return "patch";
    case DefectKind::pending: return "pending";
    case DefectKind::equivalent: return "equivalent";
  }
  return "?";
}

const char* to_string(Detector detector) {
  switch (detector) {
    case Detector::oracles: return "oracles";
    case Detector::thread_sanitizer: return "ThreadSanitizer";
    case Detector::address_sanitizer: return "AddressSanitizer";
  }
  return "?";
}

std::string why_not_scored(const Defect& d) {
  const std::string what = armable(d) ? std::string("seen by ") + to_string(d.detector) + " only" : to_string(d.kind);
  return what + ": " + d.reason;
}

bool may_catch(const Defect& defect, OracleId oracle) {
  const std::vector<std::string> oracles = split_list(defect.oracles);
  return std::find(oracles.begin(), oracles.end(), name_of(oracle).number) != oracles.end();
}

}  // namespace jitterbug
