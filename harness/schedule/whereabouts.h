#pragma once
// Names where each thread of a run stands: a window and how often the thread has come there,
// or an operation counted from that window. A strategy that watches feeds it every step. Not
// thread-safe: part of one strategy.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/schedule/schedule.h"

namespace jitterbug {

class Whereabouts {
 public:
  void reset() { count_ = 0; }
  void thread_started(ThreadId thread, std::string_view role);
  void announces(ThreadId thread, const Op& op);

  Point point(ThreadId thread) const;
  ThreadName name(ThreadId thread) const;
  // The window that the thread came to before the one in which it stands, if there is no
  // operation between the two. None: the thread stands in no window, or there is no such one.
  std::optional<Point> window_just_before(ThreadId thread) const;
  // The windows that the thread came to before its last one, at most windows_kept, the latest
  // first.
  std::vector<Point> windows_before(ThreadId thread) const;
  static constexpr std::size_t windows_kept = 4;
  // A hash of where the thread stands: equal points have equal keys. Two threads of different
  // roles and the same number have equal keys as well.
  std::uint64_t key(ThreadId thread) const { return threads_[thread].key; }
  static std::uint64_t key_of(const Point& point);

  // Numbers the questions put to a thread: 1 for the first of its kind.
  std::uint32_t count_question(ThreadId thread, Question q) {
    return ++threads_[thread].questions[static_cast<std::size_t>(q)];
  }

 private:
  struct File {
    const char* path;
    std::string stem;
    std::uint64_t hash;
  };
  struct Tally {
    rt::engine::OpKind kind;
    std::uint32_t file;  // index
    std::uint32_t count;
  };
  struct Thread {
    std::string role;
    rt::Window window = rt::Window::count;
    std::uint32_t occurrence = 0;
    rt::Window window_before = rt::Window::count;  // count: none, or not just before
    std::vector<std::uint32_t> windows;  // times it came to each
    std::array<std::pair<rt::Window, std::uint32_t>, windows_kept> earlier;  // and occurrences, the latest first
    std::size_t earlier_count = 0;
    std::vector<Tally> since;            // operations since the last one
    std::size_t standing = 0;            // the operation in `since`; beyond its end: the window, or the start
    std::array<std::uint32_t, static_cast<std::size_t>(Question::count)> questions{};
    std::uint64_t key = 0;
    rt::engine::Name on;                 // of the word that the last operation is on
  };

  std::uint32_t file_of(const char* path);
  void count_operation(Thread& t, const Op& op);

  std::vector<Thread> threads_;  // by number; records outlive the run
  std::size_t count_ = 0;
  std::vector<File> files_;  // by first appearance; few
};

}  // namespace jitterbug
