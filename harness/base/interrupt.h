#pragma once
// Ctrl-C ends a campaign with a summary instead of ending the process. A second
// Ctrl-C ends the process.

namespace jitterbug {

void catch_interrupts();
bool interrupted();

}  // namespace jitterbug
