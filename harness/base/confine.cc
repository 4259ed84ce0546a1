#include "harness/base/confine.h"

#include <sys/resource.h>
#include <ucontext.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <new>

#include "harness/base/process.h"
#include "runtime/os/sanitizers.h"

namespace jitterbug {
namespace {

// Handlers take no argument, and there is one worker per process.
constinit std::atomic<Distress>* noted = nullptr;

// A full stack has no room for the handler.
constexpr std::size_t handler_stack_size = 64 * 1024;
alignas(16) constinit std::byte handler_stack[handler_stack_size];

// A frame that reaches into the guard page has moved the stack pointer by at most
// this much, or is of a size that no guard page stops.
constexpr std::uintptr_t frame_max = 16 * 1024;

std::uintptr_t stack_pointer(const ucontext_t& context) {
#if defined(__x86_64__)
  return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RSP]);
#elif defined(__aarch64__)
  return context.uc_mcontext.sp;
#else
  static_cast<void>(context);
  return 0;
#endif
}

// Memory that is mapped and forbidden, beside the stack pointer: the guard page.
// The first thread's stack has unmapped memory there instead.
bool hits_stack_guard(const siginfo_t& info, const ucontext_t& context) {
  if (info.si_code != SEGV_ACCERR && info.si_code != SEGV_MAPERR) return false;
  const auto at = reinterpret_cast<std::uintptr_t>(info.si_addr);
  const std::uintptr_t top = stack_pointer(context);
  return at + frame_max >= top && at < top + frame_max;
}

// Runs once per signal: the default action follows when it returns.
void on_fault(int signal, siginfo_t* info, void* context) {
  if (hits_stack_guard(*info, *static_cast<ucontext_t*>(context))) {
    noted->store(Distress::stack_overflow, std::memory_order_relaxed);
  }
  raise(signal);
}

void on_refused_allocation() {
  noted->store(Distress::out_of_memory, std::memory_order_relaxed);
  throw std::bad_alloc();
}

void limit(int resource, std::uint64_t value) {
  const rlimit both = {value, value};
  setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

// Sanitizers note and explain both by themselves, and map terabytes.
void note_distress(const Confinement& confinement) {
  noted = confinement.distress;
  if (rt::sanitized) return;
  const stack_t stack = {handler_stack, 0, handler_stack_size};
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | static_cast<int>(SA_RESETHAND);
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
  std::set_new_handler(on_refused_allocation);
  if (confinement.memory_bytes != 0) limit(RLIMIT_AS, confinement.memory_bytes);
}

}  // namespace

void confine(const Confinement& confinement) {
  follow(confinement.parent);
  limit(RLIMIT_FSIZE, output_max);
  if (confinement.output >= 0) {
    dup2(confinement.output, STDOUT_FILENO);
    dup2(confinement.output, STDERR_FILENO);
    // What a run has printed must be there when it dies.
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  }
  note_distress(confinement);
}

void forget_output(int file) {
  if (file < 0 || lseek(file, 0, SEEK_CUR) <= 0) return;
  if (ftruncate(file, 0) == 0) lseek(file, 0, SEEK_SET);
}

}  // namespace jitterbug
