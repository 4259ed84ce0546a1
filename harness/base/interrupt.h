#pragma once
// Ctrl-C, SIGTERM and the end of the terminal end a campaign with a summary instead of
// ending the process. A second such signal ends the process.

namespace jitterbug {

void catch_interrupts();
bool interrupted();

}  // namespace jitterbug
