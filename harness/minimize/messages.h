#pragma once
// The values that the processes of a minimisation send each other, as text
// (harness/campaign/isolate.h carries it). Each read_*() understands what its write_*() made,
// and throws ToolError for anything else.

#include <string>

#include "harness/minimize/attempt.h"
#include "harness/minimize/minimize.h"
#include "harness/minimize/observe.h"

namespace jitterbug {

Point read_point(const std::string& line);  // of point_line()

std::string write_choices(const Choices& choices);
Choices read_choices(const std::string& lines);

std::string write_attempt(const Attempt& attempt);
Attempt read_attempt(const std::string& text);

std::string write_sample(const Sample& sample);
Sample read_sample(const std::string& text);

std::string write_told(const ToldRun& told);
ToldRun read_told(const std::string& text);

// One line; is_words() tells it from a line of point_line().
std::string write_words(const StateWords& words);
bool is_words(const std::string& line);
StateWords read_words(const std::string& line);

std::string write_minimized(const Minimized& minimized);
Minimized read_minimized(const std::string& text);

}  // namespace jitterbug
