#include "harness/defect/hand_over.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "harness/base/errors.h"
#include "harness/base/process.h"
#include "harness/defect/catalog.h"
#include "harness/defect/variant.h"

namespace jitterbug {
namespace {

std::string name_of(std::string_view tool, std::string_view row) {
  return std::string(tool) + (row.empty() ? "" : "_" + std::string(row));
}

// The variant says itself what it was built from. One that cannot is of another time.
void check_variant(const std::string& path, const std::string& name) {
  using Json = nlohmann::json;
  std::string misfit, scheduler;
  try {
    const Json build = Json::parse(run_program(path, {path, "list", "build", "--json"}).text).at("build").at(0);
    build.at("misfit").get_to(misfit);
    build.at("scheduler").get_to(scheduler);
  } catch (const Json::exception&) {
  }
  if (scheduler != scheduler_digest()) {
    throw ImpossibleError(path + " was built from another state of the scheduler: build " + name + " again");
  }
  if (!misfit.empty()) throw ImpossibleError(misfit);
}

}  // namespace

std::string variant_path(std::string_view tool, std::string_view row) {
  const std::string path = find_variant(row, tool);
  const std::string name = name_of(tool, row);
  if (path.empty() && row.empty())
    throw ImpossibleError(name + " is not beside this binary: scripts/build_for builds it");
  if (path.empty()) {
    throw ImpossibleError(name + ", the scheduler patched for " + std::string(row) +
                          ", is not beside this binary: scripts/build_for with the same arguments builds it");
  }
  check_variant(path, name);
  return path;
}

void hand_over(std::string_view this_tool, std::string_view wanted, const std::string& lifted, char** argv) {
  const Defect* row = find_defect(lifted);
  const bool is_patch = row != nullptr && row->kind == DefectKind::patch;
  const std::string_view patch = is_patch ? row->id : "";
  if (this_tool == wanted && (patch.empty() || !linked_patch().empty())) return;
  const std::string path = variant_path(wanted, patch);
  execv(path.c_str(), argv);
  throw ToolError("cannot run " + path + ": " + std::strerror(errno));
}

}  // namespace jitterbug
