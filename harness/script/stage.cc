#include "harness/script/stage.h"

namespace jitterbug {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

bool fits(RoleNumber wanted, RoleNumber role) { return wanted == any_role || wanted == role; }

std::size_t events_in(const ScriptHold& hold) {
  std::size_t n = 0;
  for (const auto& group : hold.until) n += group.size();
  return n;
}

}  // namespace

Stage::Stage(const Script& script)
    : script_(script),
      places_(script_windows + static_cast<Place>(script.marks().size())),
      matters_(std::make_unique<bool[]>(places_)),
      begun_(std::make_unique<std::atomic<bool>[]>(script.marks().size())),
      holds_(std::make_unique<Hold[]>(script.holds().size())) {
  std::size_t events = 0;
  for (Place mark = script_windows; mark < places_; ++mark) matters_[mark] = true;
  for (std::size_t i = 0; i < script.holds().size(); ++i) {
    const ScriptHold& hold = script.holds()[i];
    matters_[hold.place] = true;
    for (const auto& group : hold.until) {
      for (const ScriptEvent& e : group) matters_[e.place] = true;
    }
    holds_[i].first_event = events;
    holds_[i].events = events_in(hold);
    events += holds_[i].events;
  }
  counts_ = std::make_unique<Count[]>(events);
}

// The mark is begun before anybody learns that it was reached: whom that lets go may
// come to a place that counts from the mark. The fences order the two on machines that
// would not; a race detector takes no notice of fences.
int Stage::arrive(Thread thread, RoleNumber role, Place place) {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (place >= script_windows) begun_[place - script_windows].store(true, relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  note(thread, role, place, false);
  int found = none;
  for (std::size_t i = 0; i < script_.holds().size(); ++i) {
    const ScriptHold& hold = script_.holds()[i];
    if (hold.place != place || !fits(hold.role, role) || !begun(hold.since)) continue;
    const std::uint32_t arrivals = 1 + holds_[i].arrivals.fetch_add(1, relaxed);
    if (found == none && arrivals >= hold.nth && take(i, thread)) found = static_cast<int>(i);
  }
  return found;
}

bool Stage::take(std::size_t hold, Thread thread) {
  if (holds_[hold].taken.exchange(true, relaxed)) return false;
  // What the thread did itself was not another one's doing.
  for (std::size_t e = holds_[hold].first_event; e < holds_[hold].first_event + holds_[hold].events; ++e) {
    if (counts_[e].last.load(relaxed) == thread) counts_[e].times.store(0, relaxed);
  }
  return true;
}

void Stage::leave(Thread thread, RoleNumber role, Place place, int hold) {
  if (hold != none) holds_[hold].ended.store(true, relaxed);
  note(thread, role, place, true);
}

void Stage::note(Thread thread, RoleNumber role, Place place, bool passes) {
  std::size_t number = 0;
  for (const ScriptHold& hold : script_.holds()) {
    for (const auto& group : hold.until) {
      for (const ScriptEvent& e : group) {
        Count& count = counts_[number++];
        if (e.place != place || e.passes != passes || !fits(e.role, role) || !begun(e.since)) continue;
        count.last.store(thread, relaxed);
        count.times.fetch_add(1, relaxed);
      }
    }
  }
}

bool Stage::begun(Place since) const { return since == no_place || begun_[since - script_windows].load(relaxed); }

bool Stage::open(int hold) const {
  if (hold == none || given_up_.load(relaxed) != none) return true;
  return happened(static_cast<std::size_t>(hold));
}

bool Stage::happened(std::size_t hold) const {
  std::size_t number = holds_[hold].first_event;
  for (const auto& group : script_.holds()[hold].until) {
    bool any = false;
    for (const ScriptEvent& e : group) any |= counts_[number++].times.load(relaxed) >= e.nth;
    if (!any) return false;
  }
  return true;
}

void Stage::give_up(int hold) {
  int expected = none;
  given_up_.compare_exchange_strong(expected, hold, relaxed);
}

bool Stage::complete() const {
  if (given_up_.load(relaxed) != none) return false;
  for (std::size_t i = 0; i < script_.holds().size(); ++i) {
    if (!holds_[i].ended.load(relaxed)) return false;
  }
  return true;
}

std::string Stage::missing(std::size_t hold) const {
  std::string text;
  std::size_t number = holds_[hold].first_event;
  for (const auto& group : script_.holds()[hold].until) {
    for (const ScriptEvent& e : group) {
      const std::uint32_t times = counts_[number++].times.load(relaxed);
      if (times >= e.nth) continue;
      text += (text.empty() ? "" : ", ") + script_.event_text(e) + " (" + std::to_string(times) + " of " +
              std::to_string(e.nth) + ")";
    }
  }
  return text;
}

std::string Stage::complaint() const {
  if (complete()) return "";
  std::string text;
  const int given_up = given_up_.load(relaxed);
  if (given_up != none) {
    const auto hold = static_cast<std::size_t>(given_up);
    text = "`" + script_.hold_text(hold) + "` did not end; not seen: " + missing(hold);
  }
  for (std::size_t i = 0; i < script_.holds().size(); ++i) {
    if (static_cast<int>(i) == given_up || holds_[i].ended.load(relaxed)) continue;
    text += (text.empty() ? "" : "; ") + ("`" + script_.hold_text(i) + "`");
    text += holds_[i].taken.load(relaxed) ? " still holds its thread" : " held nobody";
  }
  return "the script cannot be followed: " + text;
}

}  // namespace jitterbug
