#pragma once
// A schedule as a file for people and version control: one choice per line.
//
//   jitterbug-schedule 1
//   token jb1:syscall_injector:random:seed=0xd2e4:storm=812:lift=S3a:check=6a8f134f
//   fails O1 the runtime reports a deadlock while G# is runnable
//   # a comment, from the mark to the end of the line
//   sysmon#1 at startm_id_reserve 1 -> main#0
//   m#2 at start + load 3 lock on sched.lock -> m#3
//   m#3 blocked at stopm_list_before_sleep 2 + futex_wait 1 note on M3.park -> m#2 after 1 pause
//   m#2 answers fault 3 with 0
//
// "at": the thread could have gone on; "blocked at": it could not. A point is a window and
// the number of the thread's visits to it; or, after "+", the nth operation of a kind in a
// file since then. "start" stands for a thread's way to its first window. What follows "on" is
// for people; the replay ignores it. The first two lines are required, in this order; `fails`
// is not.

#include <optional>
#include <string>
#include <string_view>

#include "harness/schedule/schedule.h"

namespace jitterbug {

struct ParsedSchedule {
  std::optional<Schedule> schedule;
  std::size_t token_line = 0;  // 1-based
  std::size_t line = 0;  // 1-based, of what is wrong; set when there is no schedule
  std::string message;
};

std::string to_text(const Choice& choice);
std::string to_text(const Schedule& schedule);

// "m#2 at startm_id_reserve 1 + rmw 2 lock on sched.lock"
std::string point_line(const Point& point);

// One line of a file; empty: it is no choice.
std::optional<Choice> parse_choice(std::string_view line);
// What point_line() wrote; empty: it did not.
std::optional<Point> parse_point(std::string_view line);

// Checks form and names, but not the token: whoever runs the schedule parses that.
ParsedSchedule parse_schedule(std::string_view text);

// The size of a file at most.
inline constexpr std::size_t schedule_bytes_max = 16 << 20;

}  // namespace jitterbug
