// What a confined process notes about its end, with each kind of guard below a stack.

#include "harness/base/confine.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <csignal>

#include "harness/base/process.h"

namespace jitterbug {
namespace {

using Noted = std::atomic<Distress>;

constexpr std::size_t page = 4096;
constexpr std::size_t stack_size = 16 * page;

// A guard that is a mapping of its own, and one that is a mark in the stack's mapping.
bool protect(void* at) { return mprotect(at, page, PROT_NONE) == 0; }
bool mark(void* at) { return madvise(at, page, 102 /* MADV_GUARD_INSTALL */) == 0; }

// A stack above a guard.
std::byte* make_stack(bool (*guard)(void*)) {
  void* memory = mmap(nullptr, page + stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED || !guard(memory)) return nullptr;
  return static_cast<std::byte*>(memory) + page;
}

int deeper(volatile int* depth) {
  volatile int frame[64] = {*depth};
  *depth = *depth + 1;
  if (*depth == 1'000'000) return 0;
  return deeper(depth) + frame[0];
}

void overflow() {
  volatile int depth = 0;
  deeper(&depth);
}

// Far above the stack pointer.
std::byte* forbidden_page = nullptr;
void write_elsewhere() { *static_cast<volatile std::byte*>(forbidden_page) = std::byte{1}; }

// Runs body on the stack in a confined child; what the child has noted when it is ended by SIGSEGV.
Distress noted_by(void (*body)(), std::byte* stack) {
  SharedMemory shared(sizeof(Noted));
  auto* noted = static_cast<Noted*>(shared.data());
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) {
    confine({.parent = parent, .distress = noted});
    ucontext_t here;
    ucontext_t there;
    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = stack_size;
    there.uc_link = nullptr;
    makecontext(&there, body, 0);
    swapcontext(&here, &there);
    _exit(1);
  }
  const int status = wait_for_end(child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV) << how_it_ended(status);
  return noted->load();
}

TEST(Confined, AnOverflowIntoAGuardMappingIsAStackOverflow) {
  std::byte* stack = make_stack(protect);
  ASSERT_NE(stack, nullptr);
  EXPECT_EQ(noted_by(overflow, stack), Distress::stack_overflow);
}

TEST(Confined, AnOverflowIntoAGuardRegionIsAStackOverflow) {
  std::byte* stack = make_stack(mark);
  if (stack == nullptr) GTEST_SKIP() << "this kernel has no guard regions";
  EXPECT_EQ(noted_by(overflow, stack), Distress::stack_overflow);
}

TEST(Confined, AFaultAwayFromTheStackIsNone) {
  for (bool (*guard)(void*) : {protect, mark}) {
    std::byte* stack = make_stack(protect);
    std::byte* other = make_stack(guard);
    ASSERT_NE(stack, nullptr);
    if (other == nullptr) continue;
    forbidden_page = other - page;
    EXPECT_EQ(noted_by(write_elsewhere, stack), Distress::none);
  }
}

}  // namespace
}  // namespace jitterbug
