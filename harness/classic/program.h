#pragma once
// The classic programs of concurrency testing: small, each with one known bug that
// only some interleavings show. They measure strategies, not the scheduler.
//
// The programs are written from their published descriptions: SCTBench (Thomson,
// Donaldson, Betts: "Concurrency Testing Using Schedule Bounding", PPoPP 2014) and
// those named in each file. They keep the published threads, rounds and accesses of
// shared variables, because these decide how hard the bug is to meet.

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "harness/run/failure.h"
#include "runtime/os/os.h"

namespace jitterbug::classic {

// A plain variable that threads share: every access is a step, as in the originals
// under their testers.
class Cell {
 public:
  explicit Cell(int value = 0) : value_(value) {}

  int get(rt::Site at = {}) const { return value_.load(rt::relaxed, at); }
  void set(int value, rt::Site at = {}) { value_.store(value, rt::relaxed, at); }

 private:
  rt::os::Atomic<int> value_;
};

// What a program has besides the seam: threads from lambdas, and its assertions.
// Reusable: one run after the other. Not thread-safe: part of one machine.
class Stage {
 public:
  // Ends the run as a failed one, and does not return to it.
  using Fail = std::function<void(const Failure&)>;
  explicit Stage(Fail fail) : fail_(std::move(fail)) {}

  void begin() { started_ = 0; }  // before each run

  // Bodies that capture no more than two words allocate nothing.
  void start(std::function<void()> body);
  void join();  // all of them, in the order in which they were started

  // Ends the run as a failed one, and does not return, where it does not hold.
  void check(bool holds, const char* invariant);

 private:
  struct Member {
    std::function<void()> body;
    rt::os::Thread thread;
  };

  const Fail fail_;
  std::deque<Member> members_;  // kept between runs: their addresses are the threads' arguments
  std::size_t started_ = 0;
};

enum class Version {
  published,  // with the bug
  repaired,   // the same threads, and no interleaving fails
};

// One instance per run. Made by the run's first thread and destroyed after the run:
// one that is given up unwinds nobody, so what threads share stands here and not on
// their stacks.
class Program {
 public:
  virtual ~Program() = default;
  // The first thread.
  virtual void main(Stage& stage) = 0;
};

// How a run shows a bug.
enum class Symptom : std::uint8_t {
  assertion,  // Stage::check, or the program gives up by itself
  deadlock,   // nobody can run
  livelock,   // it does not end although everybody gets turns
  crash,      // it takes its process with it
  hang,       // it loops without a step
};

const char* name_of(Symptom symptom);

struct ProgramInfo {
  const char* name;
  const char* sentence;  // the bug
  int threads;           // of a run, the first one included
  Symptom symptom;  // of the bug
  bool repairable;  // Version::repaired exists
  std::unique_ptr<Program> (*make)(Version version);
};

// All that are linked; families stand together, small ones first.
std::span<const ProgramInfo> programs();
const ProgramInfo* find_program(std::string_view name);  // null: unknown

// A program is one file, which says what it has, and no list names it:
//
//   constexpr ProgramInfo all[] = {{"account", ..., make<Account>}};
//   const RegisteredPrograms registered(all);
//
// Each is a workload as well, and so is its repaired version, NAME_repaired, if there is one.
class RegisteredPrograms {
 public:
  explicit RegisteredPrograms(std::span<const ProgramInfo> some);  // which live as long as the process
};

template <class T>
std::unique_ptr<Program> make(Version version) {
  return std::make_unique<T>(version);
}

}  // namespace jitterbug::classic
