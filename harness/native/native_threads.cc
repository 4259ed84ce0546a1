#include "harness/native/native_threads.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

namespace jitterbug {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

struct Record {
  std::array<std::atomic<std::uint64_t>, 2> role{};
  std::atomic<std::uint8_t> window{static_cast<std::uint8_t>(rt::Window::count)};
  std::atomic<const void*> slot{nullptr};
};

constinit std::array<Record, native_threads_max> records;
constinit std::atomic<std::uint32_t> numbered{0};
constinit thread_local std::uint32_t own_number = 0;

void read_role(char (&role)[16]) {
  std::memset(role, 0, sizeof role);
  if (getpid() == gettid())
    std::strcpy(role, "main");
  else
    pthread_getname_np(pthread_self(), role, sizeof role);
}

Record& enlist() {
  own_number = 1 + numbered.fetch_add(1, relaxed);
  Record& record = records[std::min(own_number, native_threads_max) - 1];
  char role[16];
  read_role(role);
  std::uint64_t words[2];
  std::memcpy(words, role, sizeof words);
  for (int i = 0; i < 2; ++i) record.role[static_cast<std::size_t>(i)].store(words[i], relaxed);
  return record;
}

Record& own_record() {
  if (own_number == 0) return enlist();
  return records[std::min(own_number, native_threads_max) - 1];
}

void copy_role(const Record& record, char (&role)[16]) {
  const std::uint64_t words[2] = {record.role[0].load(relaxed), record.role[1].load(relaxed)};
  std::memcpy(role, words, sizeof role);
}

}  // namespace

[[gnu::noinline]] std::uint32_t native_thread_number() {
  asm volatile("");  // no caller may take two calls for one
  own_record();
  return own_number;
}

[[gnu::noinline]] void native_thread_role(char (&role)[16]) { copy_role(own_record(), role); }

[[gnu::noinline]] void note_window(rt::Window w) { own_record().window.store(static_cast<std::uint8_t>(w), relaxed); }

[[gnu::noinline]] std::uint32_t note_slot(const void* value) {
  Record& own = own_record();
  own.slot.store(value, relaxed);
  if (value == nullptr || own_number >= native_threads_max) return 0;
  const std::uint32_t n = native_threads();
  for (std::uint32_t i = 0; i < n; ++i) {
    if (&records[i] != &own && records[i].slot.load(relaxed) == value) return i + 1;
  }
  return 0;
}

std::uint32_t native_threads() { return std::min(numbered.load(relaxed), native_threads_max - 1); }

NativeThread native_thread(std::uint32_t number) {
  const Record& record = records[number - 1];
  NativeThread thread{};
  copy_role(record, thread.role);
  thread.number = number;
  thread.window = static_cast<rt::Window>(record.window.load(relaxed));
  return thread;
}

}  // namespace jitterbug
