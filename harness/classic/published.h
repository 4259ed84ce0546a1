#pragma once
// What others have published of these programs: mean schedules to the first bug.
// Source: the artefact of SURW (Zhao, Wolff, Mathur, Roychoudhury: "Selectively Uniform
// Concurrency Testing", ASPLOS 2025), 20 trials of at most 10 000 schedules each; SURW's
// figure for SafeStack comes from longer ones, the best one there from Relacy's random
// scheduler.
//
// Counts compare within one harness only: what is a step, and what it takes to start a
// thread or to take a lock, differs between harnesses. Here a step is an access of a
// shared word, a sleep, or a thread's start or join, so that runs are short; PCT, whose
// chances at depth 3 fall with the square of a run's length, needs fewer schedules than
// published (reorder, bluetooth_driver, wronglock, stringbuffer, work_steal_queue).

#include <span>
#include <string_view>

namespace jitterbug::classic {

// As text: "185", "3225 (16/20)", "0/20"; "-": not published.
struct Published {
  const char* program;  // as here
  const char* walk;     // "random walk"
  const char* pct;      // PCT with depth 3
  const char* pos;
  const char* surw;
  const char* best;  // the best of all tools, random or not, and which one
};

inline constexpr const char* published_source = "SURW artefact (ASPLOS 2025), 20 trials of at most 10000 schedules";

std::span<const Published> published();
const Published* find_published(std::string_view program);  // null: nothing is published

}  // namespace jitterbug::classic
