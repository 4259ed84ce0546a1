#pragma once
// What a failing test leaves behind: files in TEST_UNDECLARED_OUTPUTS_DIR, which Bazel keeps
// when the test has ended, and properties in its XML.

#include <string>
#include <string_view>

#include "harness/run/record.h"

namespace jitterbug {

// False: there is no such directory, and what is kept goes nowhere.
bool keeps_outputs();
// What cannot be written is a failure of the test that is running, and no more.
void keep_output(const std::string& name, std::string_view text);

// Names of a finding's files begin with it: "wake_storm_seed301".
std::string output_name(const Plan& plan);
// The token alone, so that `jitterbug replay` takes the file. Before anything that may fail.
void keep_token(const Plan& plan);
void keep_trace(const Plan& plan, const Record& record);

// The XML of the running test names workload, seed, oracle and token.
void name_in_xml(const Finding& finding);

}  // namespace jitterbug
