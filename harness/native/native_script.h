#pragma once
// A script on real threads: whom it holds sleeps and looks, sleeps and looks. The
// stage says when to go on; the time limit of a script is real time here.
//
// Process-wide; all functions may be called from any thread.

#include <string_view>

#include "harness/script/stage.h"

namespace jitterbug {

// From now on threads follow the script; null: none. The stage must outlive its use.
void follow_script(Stage* stage);

// The calling thread comes to a mark of its workload.
void come_to_mark(std::string_view name);

// For the engine: the calling thread comes to a window.
void come_to_window(rt::Window w);
bool follows_script();

}  // namespace jitterbug
