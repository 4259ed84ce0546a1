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

Panel::Panel(Judges judges, Verdict& verdict) : decision_(verdict) {
  const std::span<const OracleInfo* const> infos = oracles_of(judges);
  oracles_.reserve(infos.size());
  auditors_.reserve(infos.size());
  for (const OracleInfo* info : infos) {
    oracles_.push_back(info->make());
    if (info->make.audits) auditors_.push_back(oracles_.back().get());
  }
}

void Panel::audit(const Evidence& evidence) {
  for (Oracle* oracle : auditors_) {
    if (decision_.made()) return;
    oracle->audit(evidence, decision_);
  }
}

void Panel::ask_about_fatal(const Evidence& evidence, rt::Fatal kind, std::string_view message) {
  ask([&](Oracle& oracle, Verdict& verdict) { oracle.fatal(evidence, verdict, kind, message); });
  decision_.fail(OracleId::harness, "an oracle judges why a program gives up",
                 "no oracle judged that the program gives up: " + std::string(message));
}

}  // namespace jitterbug
