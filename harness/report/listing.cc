#include "harness/report/listing.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/table.h"
#include "harness/campaign/portfolio.h"
#include "harness/defect/catalog.h"
#include "harness/defect/variant.h"
#include "harness/report/window_sites.h"
#include "harness/native/policy.h"
#include "harness/run/failure.h"
#include "harness/scene/workload.h"
#include "harness/strategy/registry.h"
#include "runtime/os/vocabulary.h"

namespace jitterbug {
namespace {

std::string sites_of(rt::Window window) {
  std::string out;
  for (const WindowSite& site : window_sites()) {
    if (site.window == window) out += (out.empty() ? "" : " ") + std::string(site.where);
  }
  return out.empty() ? "-" : out;
}

Listing list_windows() {
  Listing list = {"windows",
                  {"id", "name", "sentence", "reference", "where"},
                  {"id", "name", "where", "reference", "sentence"},
                  {}};
  for (std::size_t i = 0; i < static_cast<std::size_t>(rt::Window::count); ++i) {
    const rt::WindowInfo& info = rt::window_infos[i];
    list.entries.push_back({info.id, info.name, info.sentence, info.reference, sites_of(static_cast<rt::Window>(i))});
  }
  return list;
}

Listing list_safeguards() {
  Listing list = {
      "safeguards",
      {"id", "defect", "sentence", "kind", "safeguard", "oracles", "windows", "stressors", "reason", "detector"},
      {"id", "kind", "detector", "oracles", "stressors", "defect", "sentence"},
      {}};
  for (const Defect& row : defects()) {
    const char* safeguard = row.kind == DefectKind::safeguard ? rt::safeguard_info(row.safeguard).name : "";
    list.entries.push_back({row.id, row.origin, row.sentence, to_string(row.kind), safeguard, row.oracles, row.windows,
                            row.workloads, row.reason, to_string(row.detector)});
  }
  return list;
}

Listing list_stressors() {
  Listing list = {"stressors", {"name", "provokes"}, {"name", "provokes"}, {}};
  for (const Workload& workload : stressors()) list.entries.push_back({workload.name, workload.sentence});
  return list;
}

const char* kind_of(const Workload& workload) {
  if (workload.script != nullptr) return "race";
  return workload.judges == Judges::scheduler ? "stressor" : "program";
}

Listing list_workloads() {
  Listing list = {"workloads", {"name", "kind", "sentence"}, {"name", "kind", "sentence"}, {}};
  for (const Workload& workload : workloads()) {
    list.entries.push_back({workload.name, kind_of(workload), workload.sentence});
  }
  return list;
}

Listing list_strategies() {
  Listing list = {"strategies", {"name", "sentence"}, {"name", "sentence"}, {}};
  for (const StrategyInfo& info : strategies()) list.entries.push_back({info.name, info.sentence});
  list.entries.push_back({std::string(portfolio_name), portfolio_sentence()});
  std::sort(list.entries.begin(), list.entries.end());
  return list;
}

Listing list_oracles() {
  Listing list = {"oracles", {"id", "name", "sentence"}, {"id", "name", "sentence"}, {}};
  for (const OracleName& oracle : oracle_names()) list.entries.push_back({oracle.number, oracle.name, oracle.sentence});
  return list;
}

Listing list_noise() {
  Listing list = {"noise", {"name", "says", "policy"}, {"name", "says", "policy"}, {}};
  for (const NoisePreset& preset : noise_presets()) list.entries.push_back({preset.name, preset.says, preset.text});
  return list;
}

// One entry: what this binary was made of.
Listing list_build() {
  Listing list = {"build", {"row", "misfit", "scheduler"}, {"row", "misfit", "scheduler"}, {}};
  list.entries.push_back({std::string(linked_patch()), std::string(patch_misfit()), std::string(scheduler_digest())});
  return list;
}

}  // namespace

Listing make_listing(std::string_view name) {
  if (name == "windows") return list_windows();
  if (name == "safeguards") return list_safeguards();
  if (name == "stressors") return list_stressors();
  if (name == "workloads") return list_workloads();
  if (name == "strategies") return list_strategies();
  if (name == "noise") return list_noise();
  if (name == "build") return list_build();
  return list_oracles();
}

std::string listing_text(const Listing& listing) {
  std::vector<Table::Column> columns;
  std::vector<std::size_t> picked;
  for (const std::string& key : listing.shown) {
    columns.push_back({key, Table::Align::left});
    picked.push_back(
        static_cast<std::size_t>(std::find(listing.keys.begin(), listing.keys.end(), key) - listing.keys.begin()));
  }
  Table table(columns);
  for (const auto& entry : listing.entries) {
    std::vector<std::string> cells;
    for (const std::size_t i : picked) cells.push_back(entry[i]);
    table.add(cells);
  }
  return table.text();
}

std::string listing_json(const Listing& listing) {
  using Json = nlohmann::ordered_json;
  Json entries = Json::array();
  for (const auto& entry : listing.entries) {
    Json object = Json::object();
    for (std::size_t i = 0; i < listing.keys.size(); ++i) object[listing.keys[i]] = entry[i];
    entries.push_back(object);
  }
  return Json{{listing.name, entries}}.dump(2) + "\n";
}

}  // namespace jitterbug
