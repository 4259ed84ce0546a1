// O7: every G runs once from its beginning to its end, every wait ends once.

#include "harness/oracle/makers.h"

namespace jitterbug {
namespace {

class Conservation final : public Oracle {
 public:
  std::string_view id() const override { return "O7"; }

  void audit(const Evidence& e, Verdict& verdict) override {
    const Ledger& l = e.ledger();
    at_most(verdict, "bodies of Gs were entered", l.begun.load(), "Gs were spawned", l.spawned.load());
    at_most(verdict, "bodies of Gs were left", l.ended.load(), "were entered", l.begun.load());
    at_most(verdict, "waits ended", l.waits_ended.load(), "were begun", l.waits_begun.load());
  }

  void at_end(const Evidence& e, Verdict& verdict) override {
    const Ledger& l = e.ledger();
    equal(verdict, "bodies of Gs were entered", l.begun.load(), "Gs were spawned", l.spawned.load());
    equal(verdict, "bodies of Gs were left", l.ended.load(), "were entered", l.begun.load());
    equal(verdict, "waits ended", l.waits_ended.load(), "were begun", l.waits_begun.load());
  }

 private:
  void at_most(Verdict& verdict, const char* part, std::int64_t few, const char* whole, std::int64_t many) {
    if (few > many) fail(verdict, part, few, whole, many);
  }

  void equal(Verdict& verdict, const char* part, std::int64_t few, const char* whole, std::int64_t many) {
    if (few != many) fail(verdict, part, few, whole, many);
  }

  void fail(Verdict& verdict, const char* part, std::int64_t few, const char* whole, std::int64_t many) {
    verdict.fail(id(), std::to_string(few) + " " + part + ", " + std::to_string(many) + " " + whole);
  }
};

}  // namespace

std::unique_ptr<Oracle> make_conservation() { return std::make_unique<Conservation>(); }

}  // namespace jitterbug
