#include "harness/scene/scene.h"

#include <algorithm>
#include <utility>

#include "harness/base/draw.h"
#include "runtime/base/rng.h"

namespace jitterbug {

std::int64_t draw_parameter(std::uint64_t seed, const std::map<std::string, std::int64_t>& fixed, std::string_view name,
                            std::int64_t low, std::int64_t high) {
  const auto at = fixed.find(std::string(name));
  if (at != fixed.end()) return std::clamp(at->second, low, high);
  return rt::Rng(seed ^ hash(name)).between(low, high);
}

void ExternalThread::start(const char* role, rt::Duration retry) {
  while (!thread_.start(main, this, role)) rt::os::sleep(retry);
}

void Scene::go(std::function<void()> body) {
  ledger.spawned.fetch_add(1);
  rt::go([this, body = std::move(body), entered = false]() mutable {
    expect(!entered, OracleId::conservation, "the body of a G is entered once");
    entered = true;
    ledger.begun.fetch_add(1);
    body();
    ledger.ended.fetch_add(1);
    ledger.progress.fetch_add(1);
  });
}

}  // namespace jitterbug
