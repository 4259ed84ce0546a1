#include "runtime/os/context.h"

#ifndef __x86_64__
#include <boost/context/detail/fcontext.hpp>
#endif

namespace rt::os_fiber {

#ifdef __x86_64__

namespace {

// What rt_switch_context() leaves on a stack, from its top on: what a function may not
// change for its caller (System V ABI, 3.2.1), and where the caller goes on.
struct Registers {
  std::uint32_t mxcsr;
  std::uint16_t x87_control;
  void *rbx, *rbp, *r12, *r13, *r14, *r15;
  void (*goes_on)(Context&);
  void* returns_to;  // of the first function on the stack: null, where whoever walks the stack ends
};
static_assert(sizeof(Registers) == 72);

void start(Context& self) {
  self.entry(self.argument);
  __builtin_trap();  // an entry must not return
}

}  // namespace

// A function begins 8 bytes below a multiple of 16: with the address it returns to.
void prepare_context(Context& context, Stack stack, void (*entry)(void*), void* argument) {
  const auto top = reinterpret_cast<std::uintptr_t>(stack.high()) & ~std::uintptr_t{15};
  auto& saved = *reinterpret_cast<Registers*>(top - sizeof(Registers));
  saved = {.goes_on = &start};
  asm("stmxcsr %0" : "=m"(saved.mxcsr));
  asm("fnstcw %0" : "=m"(saved.x87_control));
  context = {.registers = &saved, .entry = entry, .argument = argument};
}

// It returns by `ret`: nearly all switches are made by one caller, so the processor, which
// expects to return to whoever called last, goes on at the right place, and so it does in the
// callers' callers. After a jump it would be wrong about each of them. A context that starts
// finds itself in the first argument.
asm(R"(
    .pushsection .text
    .globl rt_switch_context
    .type rt_switch_context, @function
    .p2align 4
rt_switch_context:
    .cfi_startproc
    subq $56, %rsp
    .cfi_adjust_cfa_offset 56
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    movq %rbx, 8(%rsp)
    movq %rbp, 16(%rsp)
    movq %r12, 24(%rsp)
    movq %r13, 32(%rsp)
    movq %r14, 40(%rsp)
    movq %r15, 48(%rsp)
    movq %rsp, (%rdi)
    movq (%rsi), %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    movq 8(%rsp), %rbx
    movq 16(%rsp), %rbp
    movq 24(%rsp), %r12
    movq 32(%rsp), %r13
    movq 40(%rsp), %r14
    movq 48(%rsp), %r15
    addq $56, %rsp
    .cfi_adjust_cfa_offset -56
    movq %rsi, %rdi
    ret
    .cfi_endproc
    .size rt_switch_context, . - rt_switch_context
    .popsection
)");

#else

namespace {

using boost::context::detail::jump_fcontext;
using boost::context::detail::make_fcontext;
using boost::context::detail::transfer_t;

// The leaver's registers are known only on arrival; the arriver files them.
Context& arrive(transfer_t t) {
  Context& self = *static_cast<Context*>(t.data);
  self.leaver->registers = t.fctx;
  return self;
}

void start(transfer_t t) {
  const Context& self = arrive(t);
  self.entry(self.argument);
  __builtin_trap();  // an entry must not return
}

}  // namespace

void prepare_context(Context& context, Stack stack, void (*entry)(void*), void* argument) {
  context = {make_fcontext(stack.high(), stack.size, &start), entry, argument};
}

extern "C" void rt_switch_context(Context& from, Context& to) {
  to.leaver = &from;
  arrive(jump_fcontext(to.registers, &to));
}

#endif

}  // namespace rt::os_fiber
