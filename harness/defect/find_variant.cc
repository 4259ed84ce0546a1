#include <unistd.h>

#include <climits>
#include <filesystem>
#include <vector>

#include "harness/defect/variant.h"

namespace jitterbug {
namespace {

namespace fs = std::filesystem;

bool executable(const fs::path& path) { return access(path.c_str(), X_OK) == 0 && !fs::is_directory(path); }

}  // namespace

std::string find_variant(std::string_view row, std::string_view tool) {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error) return "";
  const std::string name = std::string(tool) + (row.empty() ? "" : "_" + std::string(row));
  // harness/ has the tools, harness/defect/ their variants.
  const fs::path here = self.parent_path();
  std::vector<fs::path> places = {here, here / "defect", here.parent_path()};
  // A tool that was copied away from its build tree carries its data in runfiles.
  for (const auto& entry : fs::directory_iterator(self.string() + ".runfiles", error)) {
    places.push_back(entry.path() / "harness" / "defect");
    places.push_back(entry.path() / "harness");
  }
  for (const fs::path& place : places) {
    if (executable(place / name)) return (place / name).string();
  }
  return "";
}

}  // namespace jitterbug
