#pragma once
// The flags of schedule_fuzz that are not libFuzzer's, which ignores what begins
// with two dashes:
//
//   --lift=ROW            arm one defect of the bank in every run
//   --workload=A,B        runs of these workloads only
//   --findings=FILE       append the token of each new finding to the file and go on;
//                         without it the first finding ends the process
//   --corpus-test         an input that is rejected ends the process: a corpus is of
//                         use only as long as its inputs are

#include <span>
#include <string>
#include <vector>


namespace jitterbug::fuzz {

struct Options {
  std::vector<std::string> workloads;  // names
  std::string lifted;
  bool any_lift = true;    // inputs may lift what this binary can lift
  std::string findings;    // path
  bool corpus_test = false;
};

// Throws UsageError.
Options parse_options(std::span<char* const> arguments);

}  // namespace jitterbug::fuzz
