#include "harness/run/failure.h"

namespace jitterbug {
namespace {

constexpr OracleName all[] = {
    {OracleId::false_deadlock, "O1", "false_deadlock", "no deadlock is reported while a G can go on"},
    {OracleId::missed_deadlock, "O2", "missed_deadlock", "a deadlock is reported"},
    {OracleId::work_conservation, "O3", "work_conservation",
     "no runnable G waits beside an idle P unless somebody is on the way to it"},
    {OracleId::progress, "O4", "progress", "when scheduling is fair, the workload comes forward"},
    {OracleId::quiescent_counters, "O5", "quiescent_counters",
     "when nobody is in scheduler code, every counter equals what it counts"},
    {OracleId::ownership, "O6", "ownership", "a P has one M and an M one P; a G runs on one M"},
    {OracleId::conservation, "O7", "conservation",
     "every G runs once from its beginning to its end, every wait ends once"},
    {OracleId::crash, "O12", "crash",
     "the process under test neither crashes, nor hangs, nor is ended by a sanitizer"},
    {OracleId::lock_use, "O13", "lock_use",
     "a lock is taken by a thread that does not hold it and released by the one that does"},
    {OracleId::burn, "O14", "burn",
     "a request for a spinner is answered once, and nobody searches while all is asleep"},
    {OracleId::thread_limit, "O15", "thread_limit",
     "the runtime gives up for its threads exactly when they exceed the limit"},
    {OracleId::callbacks, "O16", "callbacks",
     "every callback returns, no two threads share an M, each extra M is listed or in use"},
    {OracleId::resource_use, "O19", "resource_use",
     "what is read, polled, closed, joined or released is open, running or allocated"},
    {OracleId::assertion, "O20", "assertion", "what a program asserts holds"},
    {OracleId::deadlock, "O21", "deadlock", "until a program has ended, one of its threads can run"},
    {OracleId::livelock, "O22", "livelock", "when scheduling is fair, a program comes to its end"},
    {OracleId::harness, "O23", "harness", "an oracle judges whatever ends a run"},
};

}  // namespace

std::span<const OracleName> oracle_names() { return all; }

const OracleName& name_of(OracleId id) { return all[static_cast<std::size_t>(id)]; }

std::optional<OracleId> find_oracle(std::string_view number) {
  for (const OracleName& oracle : all) {
    if (number == oracle.number) return oracle.id;
  }
  return std::nullopt;
}

std::string to_string(OracleId id) { return std::string(name_of(id).name) + " (" + name_of(id).number + ")"; }

bool same_way(const Failure& a, const Failure& b) { return a.oracle == b.oracle && a.invariant == b.invariant; }

std::string number_of(const std::optional<Failure>& failure) {
  return failure ? name_of(failure->oracle).number : "";
}

std::string sentence_of(const std::optional<Failure>& failure) { return failure ? failure->sentence : ""; }

std::string to_text(const Failure& failure) { return to_string(failure.oracle) + ": " + failure.sentence; }

}  // namespace jitterbug
