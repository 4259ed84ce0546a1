#pragma once
// A script under way: who has been where, who is held, who may go on. Both engines
// ask it; neither the threads nor the time are its business.
//
// Thread-safe. Every word is read and written relaxed, and nothing blocks: to a race
// detector the threads of a script are strangers to each other. What a hold orders in
// time it does order on the machine, though, so a race between what precedes a hold's
// event and what follows the hold shows only in other runs.

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "harness/script/script.h"

namespace jitterbug {

class Stage {
 public:
  using Thread = std::uint32_t;  // any number but 0, one per thread
  static constexpr int none = -1;

  // The script must outlive the stage.
  explicit Stage(const Script& script);

  const Script& script() const { return script_; }
  // Is anything to happen there? A quick first question.
  bool matters(Place place) const { return place < places_ && matters_[place]; }

  // The thread comes to a place. The number of the hold it falls under, or none.
  int arrive(Thread thread, RoleNumber role, Place place);
  // May the thread under this hold go on? True for none.
  bool open(int hold) const;
  // It goes on from there.
  void leave(Thread thread, RoleNumber role, Place place, int hold);

  // The hold lasts too long, or nobody is left to end it: the script has failed, and
  // everybody goes on. Only the first time counts.
  void give_up(int hold);

  // After the run: every hold has happened and ended.
  bool complete() const;
  // Why the script was not followed; empty if it was. Names the holds concerned.
  std::string complaint() const;

 private:
  struct Count {
    std::atomic<std::uint32_t> times{0};
    std::atomic<Thread> last{0};
  };
  struct Hold {
    std::atomic<std::uint32_t> arrivals{0};
    std::atomic<bool> taken{false};
    std::atomic<bool> ended{false};
    std::size_t first_event = 0;  // in counts_
    std::size_t events = 0;
  };

  void note(Thread thread, RoleNumber role, Place place, bool passes);
  bool begun(Place since) const;
  bool take(std::size_t hold, Thread thread);
  bool happened(std::size_t hold) const;
  std::string missing(std::size_t hold) const;

  const Script& script_;
  const Place places_;
  std::unique_ptr<bool[]> matters_;             // by place
  std::unique_ptr<std::atomic<bool>[]> begun_;  // by mark
  std::unique_ptr<Hold[]> holds_;
  std::unique_ptr<Count[]> counts_;  // of the events, in the order of the script
  std::atomic<int> given_up_{none};
};

}  // namespace jitterbug
