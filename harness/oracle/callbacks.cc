// O16: every callback returns, no two threads share an M, and each extra M is
// either on the list or in use.

#include "harness/oracle/registry.h"
#include "harness/oracle/settled.h"

namespace jitterbug {
namespace {

constexpr const char* every_callback_returns = "every callback that was begun returns";
constexpr const char* listed_or_in_use = "each extra M is listed or in use";
constexpr const char* one_thread_per_m = "no two threads hold the same M";
constexpr const char* invariants[] = {every_callback_returns, listed_or_in_use, one_thread_per_m};

// While an external thread takes or returns an M, the M is in neither count, or in both, for a
// few steps.
constexpr std::uint64_t patience_steps = 1'500;

class Callbacks final : public Oracle {
 public:
  void audit(const Evidence& e, Verdict& verdict) override {
    if (!e.calm()) return;
    const rt::Counters& c = e.counters();
    const Ledger& l = e.ledger();
    const bool off = c.extra_length + c.extra_in_use != c.extra_created;
    const bool leaked = c.extra_in_use > 0 && l.callbacks_begun.load() == l.callbacks_ended.load();
    if (!off && !leaked) {
      wrong_ = false;
      return;
    }
    if (!wrong_) {
      wrong_ = true;
      since_ = e.steps();
      return;
    }
    if (e.steps() - since_ > patience_steps) complain(e, verdict);
  }

  void at_end(const Evidence& e, Verdict& verdict) override {
    const Ledger& l = e.ledger();
    if (l.callbacks_begun.load() != l.callbacks_ended.load()) {
      verdict.fail(OracleId::callbacks, every_callback_returns,
                   std::to_string(l.callbacks_begun.load()) + " callbacks were begun and " +
                       std::to_string(l.callbacks_ended.load()) + " returned");
      return;
    }
    const rt::Counters& c = e.counters();
    if (c.extra_in_use != 0 || c.extra_length != c.extra_created) complain(e, verdict);
  }

  void slot_shared(Verdict& verdict, rt::engine::ThreadId a, rt::engine::ThreadId b) override {
    verdict.fail(OracleId::callbacks, one_thread_per_m,
                 "threads " + std::to_string(a) + " and " + std::to_string(b) + " hold the same M");
  }

 private:
  void complain(const Evidence& e, Verdict& verdict) {
    const rt::Counters& c = e.counters();
    const Ledger& l = e.ledger();
    verdict.fail(OracleId::callbacks, listed_or_in_use,
                 "of " + std::to_string(c.extra_created) + " extra Ms " + std::to_string(c.extra_length) +
                     " are listed and " + std::to_string(c.extra_in_use) + " in use while " +
                     std::to_string(l.callbacks_begun.load() - l.callbacks_ended.load()) + " callbacks are under way");
  }

  bool wrong_ = false;
  std::uint64_t since_ = 0;
};

}  // namespace

extern const OracleInfo callbacks_oracle = {OracleId::callbacks, invariants, made<Callbacks>};

}  // namespace jitterbug
