#include "harness/strategy/profile.h"

#include <algorithm>
#include <bit>

namespace jitterbug {
namespace {

struct Counted {
  Target target;
  ThreadId thread;
  bool writes;
};

std::vector<Counted> counted_operations(const Pilot& run) {
  std::vector<Counted> all;
  for (ThreadId t = 0; t < run.threads.size(); ++t) {
    for (const Op& op : run.threads[t].operations) {
      const Target target = target_of(op);
      if (target != no_target) all.push_back({target, t, access_of(op).writes});
    }
  }
  std::sort(all.begin(), all.end(), [](const Counted& a, const Counted& b) {
    return a.target != b.target ? a.target < b.target : a.thread < b.thread;
  });
  return all;
}

}  // namespace

Profile::Profile(const Pilot& run) {
  for (const Pilot::Thread& thread : run.threads) threads.push_back({thread.role, thread.parent});
  const std::vector<Counted> all = counted_operations(run);
  for (auto at = all.begin(); at != all.end();) {
    const Target target = at->target;
    const std::size_t first_use = uses.size();
    bool written = false;
    for (; at != all.end() && at->target == target; ++at) {
      if (uses.size() == first_use || uses.back().thread != at->thread) uses.push_back({target, at->thread, 0});
      ++uses.back().times;
      written = written || at->writes;
    }
    if (target.kind == ObjectKind::none) windows.push_back(target);
    if (written && uses.size() - first_use > 1) shared.push_back(target);
  }
}

bool Profile::is_shared(Target target) const { return std::binary_search(shared.begin(), shared.end(), target); }

bool alike(const Profile& a, const Profile& b) {
  const auto alike_uses = [](const Profile::Use& x, const Profile::Use& y) {
    return x.target == y.target && x.thread == y.thread && std::bit_width(x.times) == std::bit_width(y.times);
  };
  return a.threads == b.threads && std::equal(a.uses.begin(), a.uses.end(), b.uses.begin(), b.uses.end(), alike_uses);
}

}  // namespace jitterbug
