// O7: every G runs once from its beginning to its end, every wait ends once. The ledger of the
// workload counts both.

#include "harness/oracle/registry.h"

namespace jitterbug {
namespace {

constexpr const char* begins_once = "the body of each G is entered once";
constexpr const char* ends_once = "the body of each G is left once";
constexpr const char* waits_end_once = "each wait ends once";
constexpr const char* invariants[] = {begins_once, ends_once, waits_end_once};

class Conservation final : public Oracle {
 public:
  void audit(const Evidence& e, Verdict& verdict) override {
    const Ledger& l = e.ledger();
    at_most(verdict, begins_once, "bodies of Gs were entered", l.begun.load(), "Gs were spawned", l.spawned.load());
    at_most(verdict, ends_once, "bodies of Gs were left", l.ended.load(), "were entered", l.begun.load());
    at_most(verdict, waits_end_once, "waits ended", l.waits_ended.load(), "were begun", l.waits_begun.load());
  }

  void at_end(const Evidence& e, Verdict& verdict) override {
    const Ledger& l = e.ledger();
    equal(verdict, begins_once, "bodies of Gs were entered", l.begun.load(), "Gs were spawned", l.spawned.load());
    equal(verdict, ends_once, "bodies of Gs were left", l.ended.load(), "were entered", l.begun.load());
    equal(verdict, waits_end_once, "waits ended", l.waits_ended.load(), "were begun", l.waits_begun.load());
  }

 private:
  void at_most(Verdict& verdict, const char* invariant, const char* part, std::int64_t few, const char* whole,
               std::int64_t many) {
    if (few > many) fail(verdict, invariant, part, few, whole, many);
  }

  void equal(Verdict& verdict, const char* invariant, const char* part, std::int64_t few, const char* whole,
             std::int64_t many) {
    if (few != many) fail(verdict, invariant, part, few, whole, many);
  }

  void fail(Verdict& verdict, const char* invariant, const char* part, std::int64_t few, const char* whole,
            std::int64_t many) {
    verdict.fail(OracleId::conservation, invariant,
                 std::to_string(few) + " " + part + ", " + std::to_string(many) + " " + whole);
  }
};

}  // namespace

extern const OracleInfo conservation_oracle = {OracleId::conservation, invariants, made<Conservation>};

}  // namespace jitterbug
