#pragma once
// The outcome of a minimisation as text, for it passes between processes.

#include <string>

#include "harness/minimize/minimize.h"

namespace jitterbug {

std::string write_minimized(const Minimized& minimized);
Minimized read_minimized(const std::string& text);

}  // namespace jitterbug
