#include "harness/native/run.h"

#include <cstdlib>

#include "harness/base/draw.h"
#include "harness/base/errors.h"
#include "harness/defect/catalog.h"
#include "harness/defect/variant.h"
#include "harness/native/native_scene.h"
#include "harness/native/perturb.h"
#include "harness/scene/workload.h"

namespace jitterbug {
namespace {

// Parts of a plan's seed; as the simulation numbers its own.
constexpr std::uint64_t noise_part = 2;
constexpr std::uint64_t scene_part = 3;

// "0" and "1", by window.
std::string entered_text() {
  std::string bits;
  for (std::size_t w = 0; w < NativeWindows().size(); ++w) {
    bits += window_entered(static_cast<rt::Window>(w)) ? '1' : '0';
  }
  return bits;
}

void run_plan(const Plan& plan, const ToParent& parent, NativeTracing tracing) {
  const Defect* row = find_defect(plan.lifted);
  Perturbation p;
  p.seed = derive(plan.seed, noise_part);
  p.noise = NoisePolicy::parse(plan.noise);
  if (row != nullptr && row->kind == DefectKind::safeguard) p.lifted = row->safeguard;
  const bool traced = tracing == NativeTracing::always || !p.noise.silent();
  trace_operations(traced ? parent.trace : nullptr);
  set_perturbation(p);
  {
    NativeScene scene(derive(plan.seed, scene_part), plan.fixed, parent);
    find_workload(plan.workload)->make()->run(scene);
  }
  const int reports = parent.reports;
  report_line(reports, "note\tentered " + entered_text());
  report_line(reports, "note\tholds " + std::to_string(holds()));
  if (lifted_safeguard_reached()) report_line(reports, "note\treached");
  clear_perturbation();
}

}  // namespace

void check_native_plan(const Plan& plan) {
  if (find_workload(plan.workload) == nullptr) {
    throw UsageError("unknown workload '" + plan.workload + "': see jitterbug_native list stressors");
  }
  if (plan.flavour != native_flavour) {
    throw ImpossibleError("this binary runs no " + plan.flavour + " plans: they are jitterbug's");
  }
  static_cast<void>(NoisePolicy::parse(plan.noise));
  const Defect* row = find_defect(plan.lifted);
  if (!plan.lifted.empty() && row == nullptr) {
    throw UsageError("unknown safeguard '" + plan.lifted + "': see jitterbug_native list safeguards");
  }
  if (row != nullptr && !armable(*row)) {
    throw UsageError(std::string("safeguard ") + row->id + " cannot be lifted: " + row->reason);
  }
  const std::string_view wanted = row != nullptr && row->kind == DefectKind::patch ? row->id : "";
  if (!patch_misfit().empty()) throw ImpossibleError(std::string(patch_misfit()));
  if (wanted == linked_patch()) return;
  const std::string linked(linked_patch());
  if (!linked.empty()) throw ImpossibleError("this binary is patched for " + linked + " and lifts nothing else");
  throw ImpossibleError("safeguard " + std::string(wanted) + " is a patch, and this binary is not patched");
}

NativeRun::NativeRun(const Plan& plan, std::uint64_t index, double hang_seconds, NativeTracing tracing)
    : plan_(plan),
      index_(index),
      child_([this, tracing](const ToParent& parent) { run_plan(plan_, parent, tracing); }, hang_seconds) {}

void NativeRun::understand() {
  for (const std::string& note : child_.ended().notes) {
    if (note == "reached") reached_ = true;
    if (note.starts_with("holds ")) holds_ = std::strtoull(note.c_str() + 6, nullptr, 10);
    if (!note.starts_with("entered ")) continue;
    for (std::size_t w = 0; w < entered_.size() && 8 + w < note.size(); ++w) entered_[w] = note[8 + w] == '1';
  }
}

Record NativeRun::record() const {
  const Ended& ended = child_.ended();
  Record record;
  record.index = index_;
  record.strategy = plan_.strategy;
  record.failure = ended.failure;
  record.crashed = record.failed();  // nothing of it can be run again step by step
  record.detail = ended.output;
  record.decisions = holds_;
  record.safeguard_reached = reached_;
  record.parameters = ended.parameters;
  record.trace = ended.trace;
  for (const auto& [thread, name] : ended.last_windows) {
    for (std::size_t w = 0; w < NativeWindows().size(); ++w) {
      if (name == rt::window_infos[w].name) record.last_windows.push_back({thread, static_cast<rt::Window>(w)});
    }
  }
  return record;
}

}  // namespace jitterbug
