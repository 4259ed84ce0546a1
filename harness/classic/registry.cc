#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/classic/program.h"
#include "harness/scene/scene.h"
#include "harness/scene/workload.h"

namespace jitterbug::classic {
namespace {

std::vector<ProgramInfo>& registry() {
  static std::vector<ProgramInfo> all;
  return all;
}

// reorder_3 stands before reorder_10.
bool before(const ProgramInfo& a, const ProgramInfo& b) {
  const auto split = [](std::string_view name) {
    const std::size_t letters = name.find_last_not_of("0123456789") + 1;
    return std::pair(name.substr(0, letters), name.substr(letters));
  };
  const auto [a_letters, a_digits] = split(a.name);
  const auto [b_letters, b_digits] = split(b.name);
  if (a_letters != b_letters) return a_letters < b_letters;
  return a_digits.size() != b_digits.size() ? a_digits.size() < b_digits.size() : a_digits < b_digits;
}

// A program under a scene.
class ProgramBody final : public Body {
 public:
  ProgramBody(const ProgramInfo& info, Version version) : info_(info), version_(version) {}

  void run(Scene& scene) override {
    stage_.emplace([&scene](const Failure& failure) { scene.fail(failure); });
    program_ = info_.make(version_);
    program_->main(*stage_);
  }

 private:
  const ProgramInfo info_;
  const Version version_;
  std::optional<Stage> stage_;
  std::unique_ptr<Program> program_;
};

void register_workload(const ProgramInfo& info, Version version, const char* name) {
  const auto make = [info, version] { return std::make_unique<ProgramBody>(info, version); };
  const RegisteredWorkload registered({name, info.sentence, Judges::program, make});
}

// Names of workloads live as long as the process.
const char* repaired_name(const ProgramInfo& info) {
  static std::vector<std::unique_ptr<std::string>> names;
  return names.emplace_back(std::make_unique<std::string>(std::string(info.name) + "_repaired"))->c_str();
}

}  // namespace

RegisteredPrograms::RegisteredPrograms(std::span<const ProgramInfo> some) {
  for (const ProgramInfo& info : some) {
    registry().insert(std::upper_bound(registry().begin(), registry().end(), info, before), info);
    register_workload(info, Version::published, info.name);
    if (info.repairable) register_workload(info, Version::repaired, repaired_name(info));
  }
}

std::span<const ProgramInfo> programs() { return registry(); }

const ProgramInfo* find_program(std::string_view name) {
  for (const ProgramInfo& info : programs()) {
    if (name == info.name) return &info;
  }
  return nullptr;
}

}  // namespace jitterbug::classic
