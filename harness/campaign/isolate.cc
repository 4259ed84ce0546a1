#include "harness/campaign/isolate.h"

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "harness/base/child.h"
#include "harness/base/errors.h"
#include "harness/base/interrupt.h"
#include "harness/base/process.h"

namespace jitterbug {
namespace {

constexpr std::size_t crashes_max = 10'000;
constexpr int kills_max = 5;  // from outside, in a row
constexpr std::uint64_t memory_bytes = std::uint64_t{2} << 30;  // of address space
constexpr int poll_interval_ms = 100;

// What the process tells its parent.
enum class Tag : char {
  asks = 'q',
  note = 'n',
  answer = 'a',
  result = 'r',
  usage = 'u',
  impossible = 'i',
  failed = 'f',
};

void send(const Parent& to, Tag tag, const std::string& text) { to.send(static_cast<char>(tag), text); }

// What the harness throws by itself passes. Anything else is what a run has done to
// the process.
std::string answer_to(const std::function<std::string()>& question) {
  try {
    return question();
  } catch (const UsageError&) {
    throw;
  } catch (const ToolError&) {
    throw;
  } catch (const ImpossibleError&) {
    throw;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "jitterbug: %s\n", e.what());
    std::abort();
  }
}

class ChildJournal final : public Journal {
 public:
  ChildJournal(const std::vector<JournalEntry>& known, Parent& parent) : known_(known), parent_(parent) {}

  JournalEntry ask(const std::function<std::string()>& question) override {
    if (next_ < known_.size()) return known_[next_++];
    parent_.forget_output();
    parent_.state.step.fetch_add(1, std::memory_order_relaxed);
    parent_.state.busy.store(true, std::memory_order_release);
    send(parent_, Tag::asks, "");
    std::string text = answer_to(question);
    parent_.state.busy.store(false, std::memory_order_release);
    send(parent_, Tag::answer, text);
    return {false, std::move(text), "", {}};
  }

  void note(const std::string& line) override { send(parent_, Tag::note, line); }

 private:
  const std::vector<JournalEntry>& known_;
  Parent& parent_;
  std::size_t next_ = 0;
};

void compute(const std::function<std::string(Journal&)>& work, const std::vector<JournalEntry>& known, Parent& parent) {
  ChildJournal journal(known, parent);
  try {
    send(parent, Tag::result, work(journal));
  } catch (const UsageError& e) {
    send(parent, Tag::usage, e.what());
  } catch (const ImpossibleError& e) {
    send(parent, Tag::impossible, e.what());
  } catch (const std::exception& e) {
    send(parent, Tag::failed, e.what());
  }
}

// One process after the other, until one has a result.
class Isolation {
 public:
  Isolation(const std::function<std::string(Journal&)>& work, double hang_seconds) : work_(work) {
    if (hang_seconds != 0) options_.hang_seconds = hang_seconds;
    options_.memory_bytes = memory_bytes;
  }

  std::string run() {
    for (;;) {
      const Ending ending = run_process();
      if (result_) return *result_;
      if (interrupted()) throw ToolError("interrupted");
      // By somebody, or for want of memory: the question is asked again.
      if (killed_from_outside(ending) && ++kills_ < kills_max) continue;
      kills_ = 0;
      const std::string how = sentence_of(ending);
      if (!asking_) throw ToolError("a process is gone: " + how);
      known_.push_back({true, how, std::move(notes_), ending});
      if (++crashes_ > crashes_max) throw ToolError("too many runs take their process down; the last one: " + how);
    }
  }

 private:
  // Until it has ended, has a result, or is not needed any more.
  Ending run_process() {
    asking_ = false;
    const std::unique_ptr<Child> child =
        Child::start(options_, [this](Parent& parent) { compute(work_, known_, parent); });
    if (!child) refused("cannot start a process");
    const auto take = [this](char tag, std::string_view text) {
      return handle(static_cast<Tag>(tag), std::string(text));
    };
    while (!child->look(take) && !result_ && !interrupted()) wait_for_any({child.get()}, poll_interval_ms);
    return child->ending();
  }

  bool handle(Tag tag, std::string text) {
    switch (tag) {
      case Tag::asks:
        asking_ = true;
        notes_.clear();
        return true;
      case Tag::note: notes_ += text + "\n"; return true;
      case Tag::answer:
        asking_ = false;
        kills_ = 0;
        known_.push_back({false, std::move(text), "", {}});
        return true;
      case Tag::result: result_ = std::move(text); return true;
      case Tag::usage: throw UsageError(text);
      case Tag::impossible: throw ImpossibleError(text);
      case Tag::failed: throw ToolError(text);
    }
    return false;
  }

  const std::function<std::string(Journal&)>& work_;
  ChildOptions options_;
  std::vector<JournalEntry> known_;
  std::size_t crashes_ = 0;
  int kills_ = 0;
  bool asking_ = false;  // a question is under way
  std::string notes_;    // of the question under way
  std::optional<std::string> result_;
};

}  // namespace

std::string run_isolated(const std::function<std::string(Journal&)>& work, double hang_seconds) {
  return Isolation(work, hang_seconds).run();
}

}  // namespace jitterbug
