#pragma once
// Mutations of plans: what libFuzzer's own, which know bytes only, would almost always
// break. A mutant is valid, and what it changes takes effect where the change is.
//
// Some mutants are drawn afresh, as a hunt would draw them: seven of eight in the first
// 2000 runs, when there is little to go on from, and half of them later. The others
// change one thing of a corpus plan: most keep its seed, its parameters and the steps
// before the change. So fuzzing samples what the strategies sample, and goes on from what
// was new.
//
// Not thread-safe. Equal seeds and equal runs before give equal mutants.

#include <map>
#include <string>
#include <vector>

#include "harness/run/plan.h"
#include "harness/run/record.h"
#include "runtime/base/rng.h"

namespace jitterbug::fuzz {

class PlanMutator {
 public:
  // Tokens have an end.
  static constexpr std::size_t edits_max = 48;

  // Mutants are of these workloads, and lift this row, or nothing if it is empty.
  PlanMutator(std::vector<std::string> workloads, std::string lifted)
      : workloads_(std::move(workloads)), lifted_(std::move(lifted)) {}

  // A plan as a hunt would draw it.
  Plan fresh(rt::Rng& rng) const;
  void mutate(Plan& plan, rt::Rng& rng) const;
  // The beginning of one and the end of the other, as far as plans can be cut.
  Plan splice(const Plan& a, const Plan& b, rt::Rng& rng) const;

  // What a run was like: which parameters its workload has, how long it took.
  void learn(const Plan& plan, const Record& record);

 private:
  struct Range {
    std::int64_t low, high;
  };
  struct Known {
    std::map<std::string, Range> parameters;  // values met so far
    std::uint64_t steps = 0;                  // of the longest run
  };

  Edit draw_preemption(const Plan& plan, rt::Rng& rng) const;
  std::uint32_t horizon(const Plan& plan) const;
  void insert(Plan& plan, rt::Rng& rng) const;
  void drop(Plan& plan, rt::Rng& rng) const;
  void replace_end(Plan& plan, std::uint64_t from, rt::Rng& rng) const;
  void move(Plan& plan, rt::Rng& rng) const;
  void change(Plan& plan, rt::Rng& rng) const;
  void change_parameter(Plan& plan, rt::Rng& rng) const;

  std::vector<std::string> workloads_;
  std::string lifted_;
  std::map<std::string, Known> known_;  // by workload
  std::uint64_t runs_ = 0;
};

}  // namespace jitterbug::fuzz
