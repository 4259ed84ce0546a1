#include "harness/tool/hand_over.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/campaign/errors.h"
#include "harness/defect/catalog.h"
#include "harness/defect/variant.h"

namespace jitterbug {

std::string variant_path(std::string_view tool, std::string_view row) {
  std::string path = find_variant(row, tool);
  if (!path.empty()) return path;
  const std::string name(tool), id(row);
  throw ImpossibleError(name + "_" + id + ", the scheduler patched for " + id +
                        ", is not beside this binary: build //harness:" + name);
}

void hand_over(std::string_view tool, const std::string& lifted, char** argv) {
  const Defect* row = find_defect(lifted);
  if (row == nullptr || row->kind != DefectKind::patch || !linked_patch().empty()) return;
  const std::string path = variant_path(tool, row->id);
  execv(path.c_str(), argv);
  throw ToolError("cannot run " + path + ": " + std::strerror(errno));
}

}  // namespace jitterbug
