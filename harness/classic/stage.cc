#include "harness/classic/program.h"

namespace jitterbug::classic {

// Where the system refuses a thread for a moment.
constexpr rt::Duration start_retry = 10 * rt::microsecond;

void Stage::start(std::function<void()> body) {
  if (started_ == members_.size()) members_.emplace_back();
  Member& member = members_[started_++];
  member.body = std::move(body);
  const auto enter = [](void* self) { static_cast<Member*>(self)->body(); };
  while (!member.thread.start(enter, &member, "crew")) rt::os::sleep(start_retry);
}

void Stage::join() {
  for (std::size_t i = 0; i < started_; ++i) members_[i].thread.join();
  started_ = 0;
}

void Stage::check(bool holds, const char* invariant) {
  if (!holds) fail_({OracleId::assertion, invariant});
}

const char* name_of(Symptom symptom) {
  switch (symptom) {
    case Symptom::assertion: return "assertion";
    case Symptom::deadlock: return "deadlock";
    case Symptom::livelock: return "livelock";
    case Symptom::crash: return "crash";
    case Symptom::hang: return "hang";
  }
  return "?";
}

}  // namespace jitterbug::classic
