#pragma once
// Stands in for the scheduler in tests of parts that suspend Gs (see park.h): each G is a
// thread of its own, and a park blocks that thread.

#include <functional>
#include <memory>

#include "runtime/goroutine/g.h"

namespace rt {

// The calling thread is this G from here to the end of its life.
class ThreadG : public G {
 public:
  explicit ThreadG(std::int64_t number);
  ~ThreadG();
  ThreadG(const ThreadG&) = delete;
  ThreadG& operator=(const ThreadG&) = delete;

  // Called by each park, when it is decided on and nobody knows of it yet.
  std::function<void()> before_commit;
  int parks = 0;       // that somebody was to end
  int taken_back = 0;  // by their commit

 private:
  friend void park_current(bool (*commit)(G*, void*), void* argument);
  friend void ready(G* gp);

  using Word = os::Atomic<std::uint32_t>;
  std::shared_ptr<Word> awake_ = std::make_shared<Word>(1);  // outlives the G where it is woken last of all
};

}  // namespace rt
