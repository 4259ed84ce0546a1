#include "harness/defect/lifted.h"

#include "harness/base/errors.h"
#include "harness/defect/catalog.h"
#include "harness/defect/variant.h"

namespace jitterbug {

void check_lifted(const std::string& lifted) {
  const std::string linked(linked_patch());
  const Defect* row = find_defect(lifted);
  if (!lifted.empty() && row == nullptr) {
    throw UsageError("unknown safeguard '" + lifted + "': see jitterbug list safeguards");
  }
  if (row != nullptr && !armable(*row)) {
    throw UsageError(std::string("safeguard ") + row->id + " cannot be lifted: " + row->reason);
  }
  if (!patch_misfit().empty()) throw ImpossibleError(std::string(patch_misfit()));
  const std::string wanted = row != nullptr && row->kind == DefectKind::patch ? row->id : "";
  if (wanted == linked) return;
  throw ImpossibleError(linked.empty() ? "safeguard " + wanted + " is a patch, and this binary is not patched"
                                       : "this binary is patched for " + linked + " and lifts nothing else");
}

std::optional<rt::Safeguard> lifted_safeguard(const std::string& lifted) {
  const Defect* row = find_defect(lifted);
  if (row == nullptr || row->kind != DefectKind::safeguard) return std::nullopt;
  return row->safeguard;
}

}  // namespace jitterbug
