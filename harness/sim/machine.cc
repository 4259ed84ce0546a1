#include "harness/sim/machine.h"

#include <utility>

#include "harness/sim/impl.h"
#include "harness/sim/sanitizer.h"

namespace jitterbug {

namespace {

// The wait an operation may block in.
Wait wait_of(rt::engine::OpKind kind) {
  switch (kind) {
    case rt::engine::OpKind::futex_wait: return Wait::futex;
    case rt::engine::OpKind::poll_wait: return Wait::poll;
    case rt::engine::OpKind::sleep: return Wait::time;
    case rt::engine::OpKind::thread_join: return Wait::join;
    default: return Wait::nothing;
  }
}

}  // namespace

Machine::Machine() : impl_(std::make_unique<Impl>(*this)) {}
Machine::~Machine() = default;

RunResult Machine::run(const MachineOptions& options, Strategy& strategy, Judge& judge,
                       const std::function<void()>& main) {
  return impl_->run(options, strategy, judge, main);
}

void Machine::fail(OracleId oracle, std::string_view invariant, std::string sentence) {
  const TsanIgnore ignored;
  if (Impl::running() == impl_.get()) impl_->fail({oracle, invariant, std::move(sentence)});
}

void Machine::accept() {
  const TsanIgnore ignored;
  if (Impl::running() == impl_.get()) impl_->accept();
}

Machine::Moment Machine::moment() const {
  if (Impl::running() != impl_.get()) return {0, 0, impl_->calm_};
  return {impl_->now(), hot.steps, impl_->calm_};
}

int Machine::live_threads(std::string_view role) const {
  return role.empty() ? static_cast<int>(impl_->threads_.live().size()) : impl_->threads_.live_in(role);
}

int Machine::blocked_threads(std::string_view role, rt::engine::OpKind kind) const {
  const Wait wait = wait_of(kind);
  if (wait == Wait::nothing) return 0;
  if (role.empty()) return static_cast<int>(impl_->threads_.waiting(wait));
  int count = 0;
  for (const VirtualThread* t : impl_->threads_.live()) {
    count += t->wait == wait && role.substr(0, role_length_max) == t->role->name() ? 1 : 0;
  }
  return count;
}

int Machine::sleeping_threads(std::string_view role) const {
  int count = 0;
  for (const VirtualThread* t : impl_->threads_.live()) {
    count += role.substr(0, role_length_max) == t->role->name() && impl_->clock_.sleeps(t->id) ? 1 : 0;
  }
  return count;
}

bool Machine::faults_happened(rt::engine::Fault f) const { return impl_->faults_[static_cast<std::size_t>(f)] != 0; }

Machine* Machine::current() {
  Impl* impl = Impl::running();
  return impl == nullptr ? nullptr : &impl->owner_;
}

}  // namespace jitterbug
