#include "harness/native/native_trace.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "harness/native/native_threads.h"
#include "runtime/os/production.h"

namespace jitterbug {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

std::uint64_t packed(const rt::engine::Op& op) {
  return std::uint64_t{op.site.line()} << 32 | static_cast<std::uint64_t>(op.order) << 16 |
         static_cast<std::uint64_t>(op.window) << 8 | static_cast<std::uint64_t>(op.kind);
}

// Of a run that wrote where it should not, anything may be left.
rt::engine::Op unpacked(std::uint64_t what, rt::engine::ObjectId object) {
  using rt::engine::OpKind;
  const auto at_most = [](std::uint64_t bits, auto last) {
    return static_cast<decltype(last)>(std::min(bits & 0xff, static_cast<std::uint64_t>(last)));
  };
  return rt::engine::Op{.kind = at_most(what, OpKind::count),
                        .window = at_most(what >> 8, rt::Window::count),
                        .order = at_most(what >> 16, rt::seq_cst),
                        .object = object};
}

}  // namespace

void NativeTrace::note(const rt::engine::Op& op) {
  const std::uint32_t thread = native_thread_number();
  if (thread > threads_kept) return;
  Ring& ring = rings_[thread - 1];
  const std::uint64_t number = ring.noted.load(relaxed);
  if (number == 0) {
    char role[16];
    native_thread_role(role);
    std::uint64_t words[2];
    std::memcpy(words, role, sizeof words);
    ring.role[0].store(words[0], relaxed);
    ring.role[1].store(words[1], relaxed);
  }
  Slot& slot = ring.slots[number % ring.slots.size()];
  slot.at.store(rt::os_production::now(), relaxed);
  slot.what.store(packed(op), relaxed);
  slot.file.store(op.site.file(), relaxed);
  slot.object.store(op.object, relaxed);
  ring.noted.store(number + 1, relaxed);
}

rt::engine::ObjectId NativeTrace::add_name(const rt::engine::Name& name) {
  const std::uint32_t number = named_.fetch_add(1, relaxed) + 1;
  if (number > names_kept) return 0;
  names_[number].text.store(name.text, relaxed);
  names_[number].number.store(name.number, relaxed);
  names_[number].index.store(name.index, relaxed);
  return number;
}

rt::engine::Name NativeTrace::name_of(rt::engine::ObjectId object) const {
  if (object > names_kept) return {};
  const NameSlot& slot = names_[object];
  return {slot.text.load(relaxed), slot.number.load(relaxed), slot.index.load(relaxed)};
}

NativeStep NativeTrace::step_in(const Ring& ring, std::uint64_t number) const {
  const Slot& slot = ring.slots[number % ring.slots.size()];
  NativeStep step{};
  step.at = slot.at.load(relaxed);
  const std::uint64_t what = slot.what.load(relaxed);
  step.op = unpacked(what, slot.object.load(relaxed));
  step.file = slot.file.load(relaxed);
  step.line = static_cast<std::uint32_t>(what >> 32);
  step.name = name_of(step.op.object);
  const std::uint64_t words[2] = {ring.role[0].load(relaxed), ring.role[1].load(relaxed)};
  std::memcpy(step.role, words, sizeof step.role);
  step.role[sizeof step.role - 1] = 0;
  return step;
}

std::vector<NativeStep> NativeTrace::steps() const {
  std::vector<NativeStep> steps;
  for (std::uint32_t i = 0; i < threads_kept; ++i) {
    const std::uint64_t noted = rings_[i].noted.load(relaxed);
    const std::uint64_t kept = std::min<std::uint64_t>(noted, steps_kept);
    for (std::uint64_t number = noted - kept; number != noted; ++number) {
      steps.push_back(step_in(rings_[i], number));
      steps.back().thread = i + 1;
      steps.back().number = number;
    }
  }
  std::sort(steps.begin(), steps.end(), [](const NativeStep& a, const NativeStep& b) {
    return std::tie(a.at, a.thread, a.number) < std::tie(b.at, b.thread, b.number);
  });
  return steps;
}

}  // namespace jitterbug
