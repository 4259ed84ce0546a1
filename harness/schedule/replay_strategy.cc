#include "harness/schedule/replay_strategy.h"

#include <algorithm>
#include <bit>

namespace jitterbug {
namespace {

// A thread to run next that still sleeps gets so many pauses more than the schedule says.
constexpr std::uint32_t pauses_max = 64;

constexpr std::uint64_t switch_key(std::uint64_t point, bool preempts) {
  return std::rotl(point, 7) ^ (preempts ? 1 : 2);
}

constexpr std::uint64_t answer_key(ThreadId thread, Question q, std::uint32_t nth) {
  const std::uint64_t word = std::uint64_t{nth} << 32 | std::uint64_t{thread} << 8 | static_cast<std::uint8_t>(q);
  return word * 0x9e3779b97f4a7c15u + 1;
}

bool can_run(const Situation& s, ThreadId thread) {
  return std::any_of(s.runnable.begin(), s.runnable.end(), [&](const Candidate& c) { return c.thread == thread; });
}

}  // namespace

ReplayStrategy::ReplayStrategy(const std::vector<Choice>& choices) : choices_(choices) {
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    if (const auto* s = std::get_if<Switch>(&choices_[i]))
      by_key_.emplace(switch_key(Whereabouts::key_of(s->at), s->preempts), i);
    else if (const auto* a = std::get_if<Answer>(&choices_[i]))
      by_key_.emplace(answer_key(a->thread.id, a->question, a->nth), i);
  }
}

void ReplayStrategy::begin(std::uint64_t) {
  where_.reset();
  running_ = 0;
  made_.assign(choices_.size(), false);
  refused_.assign(choices_.size(), false);
  preempted_.clear();
  next_windows_.assign(choices_.size(), {});
  earlier_windows_.assign(choices_.size(), {});
  windows_before_choice_.assign(choices_.size(), std::nullopt);
  hold_.began = 0;
  last_step_.reset();
  windows_.clear();
  windows_before_ = 0;
  pauses_ = 0;
  order_.reset();
  hold_.under_way = false;
}

void ReplayStrategy::let_go_after(std::size_t choice, std::uint64_t steps) {
  hold_ = {};
  hold_.choice = choice;
  hold_.limit = steps;
  hold_.wanted = true;
}

Pick ReplayStrategy::pick(const Situation& s) {
  if (hold_.under_way && !s.current_runnable) note_step(s.current);
  const Pick pick = decide(s);
  picked_ = pick.thread;
  return pick;
}

Pick ReplayStrategy::decide(const Situation& s) {
  if (const std::optional<Pick> released = end_hold(s)) return *released;
  std::size_t choice = 0;
  if (const Switch* wanted = switch_at(s, choice)) {
    if (const std::optional<Pick> made = make(s, choice, *wanted)) return *made;
  }
  return follow_default(s);
}

// The choice for where the current thread stands, unless it was made before.
const Switch* ReplayStrategy::switch_at(const Situation& s, std::size_t& choice) {
  const auto found = by_key_.find(switch_key(where_.key(s.current), is_preemption(s)));
  const auto* wanted = found != by_key_.end() ? std::get_if<Switch>(&choices_[found->second]) : nullptr;
  if (wanted == nullptr) {
    // The current thread waited when the choice began to pause, and can go on by now: a choice
    // that preempts it is another one, but the choice that waits is still due.
    const bool waits = pauses_ != 0 && pause_step_ == s.step && !made_[pause_choice_];
    if (!waits) return nullptr;
    choice = pause_choice_;
    return std::get_if<Switch>(&choices_[choice]);
  }
  choice = found->second;
  const bool may_be_made = !made_[choice] && !refused_[choice] && where_.point(s.current) == wanted->at;
  return may_be_made ? wanted : nullptr;
}

std::optional<Pick> ReplayStrategy::make(const Situation& s, std::size_t choice, const Switch& wanted) {
  const bool waits = pauses_ != 0 && pause_step_ == s.step && pause_choice_ == choice;
  if (!waits) {
    pauses_ = 0;
    holds_ = s.current_runnable && !s.current_relaxes && wanted.next.id != s.current;
  }
  const bool known = where_.name(wanted.next.id) == wanted.next;
  const bool ready = can_run(s, wanted.next.id);
  if (known && s.may_hold_back() && (pauses_ < wanted.pauses || (!ready && pauses_ < wanted.pauses + pauses_max))) {
    pause_step_ = s.step;
    pause_choice_ = choice;
    ++pauses_;
    order_.rested();
    return Pick{rt::engine::no_thread, 1, 0};
  }
  pauses_ = 0;
  if (!known || !ready) {
    refused_[choice] = true;
    return std::nullopt;
  }
  return make_now(s, choice, wanted);
}

Pick ReplayStrategy::make_now(const Situation& s, std::size_t choice, const Switch& wanted) {
  made_[choice] = true;
  const bool tested = hold_.wanted && hold_.choice == choice;
  if (tested && hold_.limit == 0) return follow_default(s);
  if (wanted.preempts) {
    preempted_.push_back({wanted.at.thread.id, choice});
    windows_before_choice_[choice] = where_.window_just_before(s.current);
    earlier_windows_[choice] = where_.windows_before(s.current);
  }
  if (holds_) order_.preempt(s.current);
  if (tested) {
    hold_.under_way = true;
    hold_.began = s.step;
    hold_.taken = 0;
    hold_.held = s.current;
  }
  return {wanted.next.id, 1, 0};
}

Pick ReplayStrategy::follow_default(const Situation& s) {
  const ThreadId next = order_.next(s);
  if (next == rt::engine::no_thread) order_.rested();
  return {next, 1, 0};
}

std::optional<Pick> ReplayStrategy::end_hold(const Situation& s) {
  if (!hold_.under_way || s.step < hold_.began + hold_.limit) return std::nullopt;
  hold_.under_way = false;
  if (!can_run(s, hold_.held)) return std::nullopt;
  return Pick{hold_.held, 1, 0};
}

std::uint32_t ReplayStrategy::choose(Question q, std::uint32_t) {
  const std::uint32_t nth = where_.count_question(running_, q);
  const auto found = by_key_.find(answer_key(running_, q, nth));
  const auto* wanted = found != by_key_.end() ? std::get_if<Answer>(&choices_[found->second]) : nullptr;
  if (wanted == nullptr || wanted->thread != where_.name(running_) || wanted->question != q || wanted->nth != nth) {
    return default_answer(q);
  }
  made_[found->second] = true;
  return wanted->answer;
}

void ReplayStrategy::thread_started(ThreadId thread, ThreadId, std::string_view role) {
  where_.thread_started(thread, role);
}

void ReplayStrategy::announces(ThreadId thread, const Op& op) {
  running_ = thread;
  if (pauses_ != 0) end_pause(thread);
  if (hold_.under_way && thread == hold_.held) hold_.under_way = false;
  if (hold_.under_way) {
    note_step(thread);
    ++hold_.taken;
  }
  where_.announces(thread, op);
  if (op.kind == rt::engine::OpKind::window) note_window(thread);
}

// A thread moves although a choice waits: a spinner has its turn. It is the thread that the
// choice wants, or the choice is refused.
void ReplayStrategy::end_pause(ThreadId runs) {
  const auto& wanted = std::get<Switch>(choices_[pause_choice_]);
  pauses_ = 0;
  made_[pause_choice_] = wanted.next.id == runs;
  refused_[pause_choice_] = wanted.next.id != runs;
  if (made_[pause_choice_] && holds_) order_.preempt(wanted.at.thread.id);
}

void ReplayStrategy::note_window(ThreadId thread) {
  if (hold_.wanted) windows_.push_back(where_.point(thread));
  std::erase_if(preempted_, [&](const Preempted& p) {
    if (p.thread != thread) return false;
    next_windows_[p.choice].push_back(where_.point(thread));
    return next_windows_[p.choice].size() == Whereabouts::windows_kept;
  });
}

void ReplayStrategy::runs(ThreadId thread) {
  if (pauses_ != 0) end_pause(thread);
  if (thread == hold_.held) {
    // The held thread was not picked: the thread that ran has ended or waits, and nobody else
    // can run.
    if (hold_.under_way && picked_ != thread) note_step(running_);
    hold_.under_way = false;
  }
  running_ = thread;
  order_.runs(thread);
}

// The thread has performed the operation that it stood at.
void ReplayStrategy::note_step(ThreadId thread) {
  last_step_ = where_.point(thread);
  windows_before_ = windows_.size();
}

// A run that ends while the thread is held ends in the operation that is under way.
std::optional<Point> ReplayStrategy::last_before_release() const {
  const bool ended_early = hold_.under_way && hold_.taken < hold_.limit;
  return ended_early ? where_.point(running_) : last_step_;
}

std::optional<Point> ReplayStrategy::window_after_release() const {
  const std::optional<Point> step = last_before_release();
  if (!step) return std::nullopt;
  if (step->at_window()) return step;
  for (std::size_t i = windows_before_; i < windows_.size(); ++i) {
    if (windows_[i].thread == step->thread) return windows_[i];
  }
  return std::nullopt;
}

std::string ReplayStrategy::divergence() const {
  const auto first = std::find(made_.begin(), made_.end(), false);
  if (first == made_.end()) return "";
  const auto choice = static_cast<std::size_t>(first - made_.begin());
  return "choice " + std::to_string(choice + 1) + ": " + why_not_made(choice);
}

std::string ReplayStrategy::why_not_made(std::size_t choice) const {
  if (const auto* a = std::get_if<Answer>(&choices_[choice])) {
    return to_text(a->thread) + " was not asked for " + std::string(to_string(a->question)) + " a " + ordinal(a->nth) +
           " time";
  }
  const auto& s = std::get<Switch>(choices_[choice]);
  if (refused_[choice]) {
    return to_text(s.next) + " could not run when " + to_text(s.at.thread) + " stood at " + to_text(s.at);
  }
  const std::string who = to_text(s.at.thread) + " did not ";
  if (s.at.nth == 0 && s.at.occurrence == 0) return who + "stop at its start";
  const std::string window = s.at.occurrence == 0 ? "its start" : rt::window_info(s.at.window).name;
  if (s.at.nth == 0) return who + "come to " + window + " a " + ordinal(s.at.occurrence) + " time";
  return who + "come to " + to_text(s.at);
}

}  // namespace jitterbug
