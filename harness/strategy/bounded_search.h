#pragma once
// Every schedule with few preemptions, in order of their number.
//
// A preemption takes the turn from a thread that could go on and does not spin.
// Schedules without one come first, then those with one, and so on; within a bound
// every choice at a point where the turn is free is tried. Each schedule is run
// once: a run leaves behind, as work, what it could have answered otherwise after
// the answers it was told to repeat.
//
// M. Musuvathi, S. Qadeer: Iterative context bounding for systematic testing of
// multithreaded programs. PLDI 2007.
//
// The program's own questions are free choices. A fault of the layer below counts
// as a preemption does. Nobody is held back who could run. For small programs: the
// work kept is the schedules of the next bound, each as long as its answers.
//
//   BoundedSearch search(2);
//   while (search.next()) machine.run(options, search, judge, program);

#include <vector>

#include "harness/strategy/strategy.h"

namespace jitterbug {

class BoundedSearch final : public Strategy {
 public:
  explicit BoundedSearch(std::uint32_t bound_max) : bound_max_(bound_max) {}

  // Turns to the next schedule, of which one run has to follow; false: none is left.
  bool next();
  bool done() const { return started_ && work_.empty() && next_bound_.empty(); }
  std::uint32_t bound() const { return bound_; }  // preemptions of the schedule turned to

  void begin(std::uint64_t) override {}  // next() decides
  Pick pick(const Situation& s) override;
  std::uint32_t choose(Question q, std::uint32_t n) override;

 private:
  using Answers = std::vector<std::uint32_t>;

  bool repeats() const { return given_.size() < repeated_.size(); }
  std::uint32_t give(std::uint32_t answer);
  void leave_free(std::uint32_t answer);
  void leave_costly(std::uint32_t answer);
  void leave_for(std::vector<Answers>& later, std::uint32_t answer);

  std::uint32_t bound_max_;
  std::uint32_t bound_ = 0;
  bool started_ = false;
  std::vector<Answers> work_;        // of this bound; the last one is next
  std::vector<Answers> next_bound_;
  Answers repeated_;                 // what this run is told to answer first
  Answers given_;                    // what it has answered
};

}  // namespace jitterbug
