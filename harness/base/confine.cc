#include "harness/base/confine.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <new>

#include "harness/base/process.h"
#include "runtime/os/sanitizers.h"

extern "C" {
// Of a sanitizer, where there is one.
[[gnu::weak]] void __sanitizer_set_report_path(const char* path);
}

namespace jitterbug {
namespace {

// Handlers take no argument, and a process is confined once.
constinit std::atomic<Distress>* noted = nullptr;

// A full stack has no room for the handler.
constexpr std::size_t handler_stack_size = 64 * 1024;
alignas(16) constinit std::byte handler_stack[handler_stack_size];

// What a process does to itself.
constexpr int own_signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};

// What was installed before: the default, or a sanitizer's handler.
struct sigaction before[SIGSYS + 1];

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

// An access beside the stack pointer to what looks mapped and forbidden, which a guard page
// does, or unmapped, which a guard region does and what lies below the first thread's stack.
bool hits_stack_guard(const siginfo_t& info, const ucontext_t& context) {
  if (info.si_code != SEGV_ACCERR && info.si_code != SEGV_MAPERR) return false;
  const auto at = reinterpret_cast<std::uintptr_t>(info.si_addr);
  const std::uintptr_t top = stack_pointer(context);
  return at + frame_max >= top && at < top + frame_max;
}

bool was_sent(const siginfo_t& info) { return info.si_code <= 0; }

// The signal then takes the course it would have taken: a faulting instruction is executed
// again, what was sent is sent again.
void on_own_signal(int signal, siginfo_t* info, void* context) {
  sigaction(signal, &before[signal], nullptr);
  if (was_sent(*info)) {
    if (info->si_pid != getpid()) noted->store(Distress::signalled, std::memory_order_relaxed);
    raise(signal);
  } else if (hits_stack_guard(*info, *static_cast<ucontext_t*>(context))) {
    noted->store(Distress::stack_overflow, std::memory_order_relaxed);
  }
}

void on_refused_allocation() {
  noted->store(Distress::out_of_memory, std::memory_order_relaxed);
  throw std::bad_alloc();
}

void limit(int resource, std::uint64_t value) {
  const rlimit both = {value, value};
  setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

// The shell, a terminal or a CI asks the whole group of processes to end. The parent has
// a summary to write, and ends its children itself.
void leave_requests_to_the_parent() {
  constexpr int not_requests[] = {SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT,
                                  SIGCHLD, SIGPIPE, SIGXCPU, SIGXFSZ, SIGURG,  SIGWINCH};
  const auto is_in = [](int signal, auto& list) {
    return std::find(std::begin(list), std::end(list), signal) != std::end(list);
  };
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    const bool of_the_library = signal > SIGSYS && signal < SIGRTMIN;
    if (of_the_library || is_in(signal, not_requests) || is_in(signal, own_signals)) continue;
    std::signal(signal, SIG_IGN);
  }
}

// ThreadSanitizer holds back handlers of signals that are sent, and tells faults itself.
void note_own_signals() {
  if (rt::races_are_reported) return;
  const stack_t stack = {handler_stack, 0, handler_stack_size};
  if (!rt::sanitized) sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_sigaction = on_own_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (const int signal : own_signals) sigaction(signal, &action, &before[signal]);
}

// Sanitizers note both by themselves, and map terabytes.
void limit_memory(const Confinement& confinement) {
  if (rt::sanitized) return;
  std::set_new_handler(on_refused_allocation);
  if (confinement.memory_bytes != 0) limit(RLIMIT_AS, confinement.memory_bytes);
}

}  // namespace

void confine(const Confinement& confinement) {
  follow(confinement.parent);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, output_max);
  if (confinement.output >= 0) {
    dup2(confinement.output, STDOUT_FILENO);
    dup2(confinement.output, STDERR_FILENO);
    // What a run has printed must be there when it dies.
    std::setvbuf(stdout, nullptr, _IONBF, 0);
  }
  if (&__sanitizer_set_report_path != nullptr) __sanitizer_set_report_path("stderr");
  noted = confinement.distress;
  leave_requests_to_the_parent();
  note_own_signals();
  limit_memory(confinement);
}

}  // namespace jitterbug

extern "C" {

void jitterbug_race_reported() {
  constexpr int exit_race = 66;
  if (jitterbug::noted != nullptr) syscall(SYS_exit_group, exit_race);
}

// ThreadSanitizer calls it with each report, once that is printed. Tests have a hook of their
// own, which calls the above.
[[gnu::weak]] void __tsan_on_report(void*) { jitterbug_race_reported(); }

}  // extern "C"
