#include "runtime/sched/ms.h"

#include <utility>

#include "runtime/base/memory.h"
#include "runtime/sched/extra_ms.h"

namespace rt {

std::int64_t Ms::reserve(Held) {
  const std::int64_t id = mnext_.get();
  mnext_.set(id + 1);
  return id;
}

std::int32_t Ms::running(Held) const { return count() - nmidle_.get() - nmidlelocked_.get() - nmsys_.get(); }

bool Ms::over_limit(Held, ExtraMs& extra_ms) const {
  if (count() <= thread_limit_) return false;
  std::int32_t extra = extra_in_making_;
  if (os::upheld(Safeguard::thread_count_leaves_out_extra_ms)) extra += extra_ms.total();
  return count() - extra > thread_limit_;
}

void Ms::put_idle(Held, M* mp) {
  mp->link = idle_;
  idle_ = mp;
  mp->idle.set(true);
  nmidle_.add(1);
}

M* Ms::get_idle(Held) {
  M* mp = idle_;
  if (mp == nullptr) return nullptr;
  idle_ = std::exchange(mp->link, nullptr);
  mp->idle.set(false);
  nmidle_.add(-1);
  return mp;
}

void Ms::put_spent(Held, M* mp) {
  mp->link = spent_;
  spent_ = mp;
}

M* Ms::take(Held, Sched& sched, MKind kind) {
  if (kind == MKind::worker && spent_ != nullptr) {
    M* mp = spent_;
    spent_ = std::exchange(mp->link, nullptr);
    return mp;
  }
  const bool made = allocated([&] { owned_.push_back(std::make_unique<M>(sched, kind)); });
  if (!made) return nullptr;
  M* mp = owned_.back().get();
  mp->all_link = all_.load(relaxed);  // ordered by the scheduler lock
  all_.store(mp, release);            // publishes the M to all()
  return mp;
}

}  // namespace rt
