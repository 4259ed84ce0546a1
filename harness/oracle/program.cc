// O20, O21, O22: oracles of any program, not of the scheduler. Until the program has ended one
// of its threads can run; where scheduling is fair it comes to its end; it does not give up. A
// program checks its assertions itself and gives up when one does not hold.

#include "harness/oracle/registry.h"

namespace jitterbug {
namespace {

constexpr const char* somebody_can_run = "until the program has ended, one of its threads can run";
constexpr const char* keeps_going = "a program does not give up";
constexpr const char* of_deadlock[] = {somebody_can_run};
constexpr const char* of_assertion[] = {keeps_going};

class NoDeadlock final : public Oracle {
 public:
  void world_dead(const Evidence& e, Verdict& verdict) override {
    const int blocked = e.live_threads("");
    verdict.fail(OracleId::deadlock, somebody_can_run,
                 "nobody can run, now or later: " + std::to_string(blocked) + " threads wait");
  }
};

class KeepsGoing final : public Oracle {
 public:
  void fatal(const Evidence&, Verdict& verdict, rt::Fatal, std::string_view message) override {
    verdict.fail(OracleId::assertion, keeps_going, "the program gives up: " + std::string(message));
  }
};

constexpr const char* comes_to_its_end = "when scheduling is fair, the program comes to its end";
constexpr const char* of_livelock[] = {comes_to_its_end};

class NoLivelock final : public Oracle {
 public:
  void steps_exhausted(const Evidence& e, Verdict& verdict) override {
    verdict.fail(OracleId::livelock, comes_to_its_end,
                 "the program has not ended after " + std::to_string(e.steps()) + " steps, the last of them fair");
  }
};

}  // namespace

extern const OracleInfo assertion_oracle = {OracleId::assertion, of_assertion, made<KeepsGoing>};
extern const OracleInfo deadlock_oracle = {OracleId::deadlock, of_deadlock, made<NoDeadlock>};
extern const OracleInfo livelock_oracle = {OracleId::livelock, of_livelock, made<NoLivelock>};

}  // namespace jitterbug
