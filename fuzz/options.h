#pragma once
// The flags of schedule_fuzz that are not libFuzzer's, which ignores what begins
// with two dashes:
//
//   --lift=ROW            arm one defect of the bank in every run
//   --stressor=A,B        runs of these stressors only
//   --findings=FILE       append the token of each new finding to the file and go on;
//                         without it the first finding ends the process
//   --corpus-test         an input that is rejected ends the process: a corpus is of
//                         use only as long as its inputs are

#include <span>
#include <string>
#include <vector>

#include "stressors/stressor.h"

namespace jitterbug::fuzz {

struct Options {
  std::vector<std::string> stressors;  // names
  std::string lifted;
  bool any_lift = true;    // inputs may lift what this binary can lift
  std::string findings;    // path
  bool corpus_test = false;
};

// Throws UsageError.
Options parse_options(std::span<char* const> arguments, std::span<const Stressor> stressors);

}  // namespace jitterbug::fuzz
