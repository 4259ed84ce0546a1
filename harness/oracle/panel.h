#pragma once
// The oracles of one run, asked in order until one of them decides.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/oracle/registry.h"

namespace jitterbug {

// Not thread-safe.
class Panel {
 public:
  // The first decision goes on to `verdict`, and the rest nowhere.
  Panel(Judges judges, Verdict& verdict);

  // question(oracle, verdict)
  template <class Question>
  void ask(Question question) {
    for (const std::unique_ptr<Oracle>& oracle : oracles_) {
      if (decision_.made()) return;
      question(*oracle, decision_);
    }
  }
  // Asks those that audit.
  void audit(const Evidence& evidence);
  // The program gives up: an oracle has to say whether that is right.
  void ask_about_fatal(const Evidence& evidence, rt::Fatal kind, std::string_view message);
  void fail(OracleId oracle, std::string_view invariant, std::string sentence) {
    decision_.fail(oracle, invariant, std::move(sentence));
  }

 private:
  class Decision final : public Verdict {
   public:
    explicit Decision(Verdict& verdict) : verdict_(verdict) {}
    void fail(OracleId oracle, std::string_view invariant, std::string sentence) override;
    void accept() override;
    bool made() const { return made_; }

   private:
    Verdict& verdict_;
    bool made_ = false;
  };

  std::vector<std::unique_ptr<Oracle>> oracles_;
  std::vector<Oracle*> auditors_;  // those of them that audit
  Decision decision_;
};

}  // namespace jitterbug
