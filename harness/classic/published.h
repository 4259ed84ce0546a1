#pragma once
// What others have published of these programs: mean schedules to the first bug.
// Source: the artefact of SURW (Zhao, Wolff, Mathur, Roychoudhury: "Selectively Uniform
// Concurrency Testing", ASPLOS 2025), 20 trials of at most 10 000 schedules each; SURW's
// figure for SafeStack comes from longer ones, the best one there from Relacy's random
// scheduler.
//
// Counts compare within one harness only: what is a step, and what it takes to start a
// thread, differs between harnesses. Here a step is an access of a shared word, a sleep,
// or a thread's start or join, so that runs are short, which makes some bugs easier. In
// copies of the programs with stores to a word of the thread's own added, 20 000 schedules
// each, SURW without bursts, schedules to the first bug become, [published]:
//
//   five more before each start    reorder_3: PCT-3 120 [185], POS 61 [86], SURW 6 [7];
//                                  wronglock: PCT-3 30 [51], POS 6.9 [10], SURW 7.8 [7]
//   twenty more before each start  stringbuffer: PCT-3 281 [281]
//   five more at each access       bluetooth_driver: PCT-3 120 [112], POS 48 [36];
//                                  work_steal_queue: PCT-3 48 [48]
//
// bluetooth_driver stays easier for SURW (8 to 11 [70]), as it is for a plain walk (12 to
// 26 [215]).
//
// SURW's events are those at one object, drawn for each run. Here an object is a word;
// published, it is a variable of the source, an array counting as one. SafeStack tells
// them apart, for what goes wrong involves the links of all its places: where the events
// are those at any of these, SURW without bursts shows it in 10 of 4 million schedules
// [one in 368 921], at the link of the first place alone in 4, at another word in none,
// and a plain random walk in 2.

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
