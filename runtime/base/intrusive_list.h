#pragma once
// Singly linked lists through a member of their elements: no allocation, and an
// element is in at most one list per link. Not thread-safe; their owners guard them.

#include <cstdint>
#include <utility>

namespace rt {

// First in, first out; also pushes in front.
template <class T, T* T::* Link>
class IntrusiveQueue {
 public:
  IntrusiveQueue() = default;
  IntrusiveQueue(IntrusiveQueue&& other) noexcept { *this = std::move(other); }
  IntrusiveQueue& operator=(IntrusiveQueue&& other) noexcept {
    head_ = std::exchange(other.head_, nullptr);
    tail_ = std::exchange(other.tail_, nullptr);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  bool empty() const { return head_ == nullptr; }
  std::int32_t size() const { return size_; }
  T* front() const { return head_; }

  void push_back(T* t) {
    t->*Link = nullptr;
    if (tail_ != nullptr) tail_->*Link = t;
    else head_ = t;
    tail_ = t;
    ++size_;
  }

  void push_front(T* t) {
    t->*Link = head_;
    head_ = t;
    if (tail_ == nullptr) tail_ = t;
    ++size_;
  }

  T* pop_front() {
    T* t = head_;
    if (t == nullptr) return nullptr;
    head_ = t->*Link;
    if (head_ == nullptr) tail_ = nullptr;
    t->*Link = nullptr;
    --size_;
    return t;
  }

  // The first n, or all there are.
  IntrusiveQueue take_front(std::int32_t n) {
    IntrusiveQueue taken;
    while (taken.size_ < n && !empty()) taken.push_back(pop_front());
    return taken;
  }

  void append(IntrusiveQueue&& other) {
    if (other.empty()) return;
    if (tail_ != nullptr) tail_->*Link = other.head_;
    else head_ = other.head_;
    tail_ = other.tail_;
    size_ += other.size_;
    other.head_ = other.tail_ = nullptr;
    other.size_ = 0;
  }

 private:
  T* head_ = nullptr;
  T* tail_ = nullptr;
  std::int32_t size_ = 0;
};

}  // namespace rt
