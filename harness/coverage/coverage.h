#pragma once
// How far a campaign got with each race window, in four levels:
//
//   entered      a thread passed it
//   switched     it was left with a switch inside
//   conflicted   while a thread stood there, another one performed an operation on an
//                object of the stretch around it, at least one of both a write
//   both orders  another window's stretch, or its own in another thread, touches an
//                object of its stretch, at least one of both with a write, and each
//                of the two came directly before the other in some run
//
// A window that races with itself has both orders at once: its threads may be
// exchanged. The first two levels count whole runs, the others their storms.

#include <array>
#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/coverage/window_log.h"
#include "harness/run/window_set.h"

namespace jitterbug {

// Of one run.
struct RunCoverage {
  WindowSet conflicted = {};
  // Pairs of windows: an access of the first one's stretch came directly before a
  // conflicting one of the second one's, in another thread. Each pair once.
  std::vector<std::pair<rt::Window, rt::Window>> orders;
};

// Not thread-safe; keeps its tables between runs.
class CoverageAnalysis {
 public:
  // The log is closed. The result is valid until the next call.
  const RunCoverage& analyse(const WindowLog& log);

 private:
  // What an object has seen since it was last written, that included.
  struct Recent {
    static constexpr std::uint32_t readers_max = 8;
    std::uint32_t writer;
    std::uint32_t readers[readers_max];
    std::uint32_t reads;  // of which the last readers_max are kept
  };
  // The windows whose stretches an access is in: the one before it, the one after it.
  struct Around {
    rt::Window before = rt::Window::count, after = rt::Window::count;
  };

  void find_conflicts(const WindowLog& log);
  void find_orders(const WindowLog& log);
  void place_accesses(const WindowLog& log);
  void note_order(const WindowLog& log, std::uint32_t first, std::uint32_t second);
  void note_order(rt::Window first, rt::Window second);

  RunCoverage out_;
  std::vector<std::uint32_t> marks_;  // by object: twice the passage's number, plus one if it writes
  std::vector<Recent> recent_;        // by object
  std::vector<Around> around_;        // by access
  std::array<bool, window_count * window_count> seen_ = {};
};

// Sums of a campaign, in numbers of runs.
struct WindowCoverage {
  std::uint64_t entered = 0;
  std::uint64_t switched = 0;
  std::uint64_t conflicted = 0;
  std::uint64_t pairs = 0;           // in which it is, of two windows or with itself
  std::uint64_t pairs_in_both = 0;   // of which both orders were seen
};

struct PairCoverage {
  rt::Window first, second;          // first <= second
  std::uint64_t forward = 0;         // first's stretch before second's
  std::uint64_t backward = 0;
  bool both() const { return first == second || (forward != 0 && backward != 0); }
};

struct Coverage {
  std::vector<WindowCoverage> windows;  // by Window
  std::vector<PairCoverage> pairs;      // seen in one order at least; in order of windows
};

// What workers add up in memory they share. All zeros is a valid initial state.
class SharedCoverage {
 public:
  void add(const WindowSet& entered, const WindowSet& switched, const RunCoverage& run);
  Coverage sums() const;

 private:
  using Count = std::atomic<std::uint64_t>;
  static void add(std::array<Count, window_count>& counts, const WindowSet& windows);

  std::array<Count, window_count> entered_ = {}, switched_ = {}, conflicted_ = {};
  std::array<Count, window_count * window_count> orders_ = {};
};

}  // namespace jitterbug
