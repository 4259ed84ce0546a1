#include "harness/scene/scene.h"

#include <utility>

namespace jitterbug {

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
