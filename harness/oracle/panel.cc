#include "harness/oracle/panel.h"

namespace jitterbug {

void Panel::Decision::fail(OracleId oracle, std::string_view invariant, std::string sentence) {
  if (made_) return;
  made_ = true;
  verdict_.fail(oracle, invariant, std::move(sentence));
}

void Panel::Decision::accept() {
  if (made_) return;
  made_ = true;
  verdict_.accept();
}

void Panel::ask_about_fatal(const Evidence& evidence, rt::Fatal kind, std::string_view message) {
  ask([&](Oracle& oracle, Verdict& verdict) { oracle.fatal(evidence, verdict, kind, message); });
  decision_.fail(OracleId::harness, "an oracle judges why a program gives up",
                 "no oracle judged that the program gives up: " + std::string(message));
}

}  // namespace jitterbug
