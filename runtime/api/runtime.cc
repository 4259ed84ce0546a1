#include "runtime/api/runtime.h"

#include <utility>

#include "runtime/base/check.h"
#include "runtime/sched/sched.h"

namespace rt {
namespace {

Sched& here() {
  const M* mp = current_m();
  check(mp != nullptr, "the caller is a G of a runtime");
  return mp->sched;
}

}  // namespace

Runtime::Runtime(const Options& options) : sched_(std::make_unique<Sched>(options)) {}
Runtime::~Runtime() = default;

void Runtime::run(std::function<void()> main) { sched_->run(std::move(main)); }
bool Runtime::callback(std::function<void()> body) { return sched_->callback(std::move(body)); }
void Runtime::counters(Counters& out) const { sched_->counters(out); }
void Runtime::snapshot(Snapshot& out) const { sched_->snapshot(out); }
std::size_t Runtime::trace_line(char* to, std::size_t size) const { return sched_->trace_line(to, size); }

void go(std::function<void()> body) { here().spawn(std::move(body)); }
void yield() { here().yield(); }
void sleep(Duration d) { here().sleep(d); }
void checkpoint() { here().checkpoint(); }
void lock_thread() { here().lock_thread(); }
void unlock_thread() { here().unlock_thread(); }

namespace detail {
void enter_syscall() { here().enter_syscall(); }
void enter_syscall_block() { here().enter_syscall_block(); }
void exit_syscall() { here().exit_syscall(); }
}  // namespace detail

}  // namespace rt
