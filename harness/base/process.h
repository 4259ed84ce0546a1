#pragma once
// What every pool of child processes needs. POSIX; a child is one that fork() has
// just made and that runs on one thread.

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jitterbug {

// Real time of a monotonic clock, ns.
std::int64_t monotonic_ns();

// Zero-filled memory that this process and those it forks have in common, for what
// is valid when all its bytes are zero and needs no destruction.
class SharedMemory {
 public:
  explicit SharedMemory(std::size_t bytes);  // throws ToolError
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  void* data() const { return data_; }

 private:
  void* data_;
  std::size_t bytes_;
};

// For a child: it ends when its parent does, at once if that is gone already.
void follow(pid_t parent);

// For a child: sends all of it, and ends the process when nobody is left to read.
void send_all(int to, std::string_view bytes);

// A file without a name that takes what a child prints; -1: there is none to be had.
int open_output();
// The end of what it holds, at most so many bytes.
std::string end_of_output(int file, std::size_t most);

// Runs a program to its end and takes what it prints: on standard output, or there and
// on standard error.
struct Printed {
  std::string text;
  int status = 0;  // as of waitpid(); 127 as its exit code: it could not be started
};
enum class Taken { output, output_and_errors };
Printed run_program(const std::string& path, const std::vector<std::string>& arguments,
                    Taken taken = Taken::output);  // throws ToolError

// How many processes the system has killed for want of memory since it was started; 0 where
// it does not say.
std::uint64_t kills_for_memory();

// Waits until the child has ended; its status as of waitpid().
int wait_for_end(pid_t child);

// "the process was ended by SIGSEGV", "the process exited with status 5"
std::string how_it_ended(int status);

// For what the system refuses: throws a ToolError with the reason errno gives.
[[noreturn]] void refused(const char* what);

}  // namespace jitterbug
