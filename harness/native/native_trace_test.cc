#include "harness/native/native_trace.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "harness/native/perturb.h"
#include "runtime/os/os.h"

namespace jitterbug {
namespace {

namespace os = rt::os;
using rt::relaxed;
using rt::Window;
using rt::engine::OpKind;

class NativeTraceTest : public testing::Test {
 protected:
  void SetUp() override {
    set_perturbation({});
    trace_operations(trace_.get());
  }
  void TearDown() override {
    trace_operations(nullptr);
    clear_perturbation();
  }

  const std::unique_ptr<NativeTrace> trace_ = std::make_unique<NativeTrace>();
};

TEST_F(NativeTraceTest, HasOperationsInTheirOrder) {
  os::Atomic<int> word{0};
  word.store(1, relaxed);
  os::race_window(Window::note_sticky);
  word.fetch_add(1, relaxed);
  const std::vector<NativeStep> steps = trace_->steps();
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(steps[0].op.kind, OpKind::store);
  EXPECT_EQ(steps[1].op.kind, OpKind::window);
  EXPECT_EQ(steps[1].op.window, Window::note_sticky);
  EXPECT_EQ(steps[2].op.kind, OpKind::rmw);
  EXPECT_LE(steps[0].at, steps[2].at);
  EXPECT_STREQ(steps[0].role, "main");
  EXPECT_EQ(steps[0].thread, steps[2].thread);
  EXPECT_TRUE(std::string(steps[0].file).ends_with("native_trace_test.cc"));
  EXPECT_EQ(steps[1].line, steps[0].line + 1);
}

TEST_F(NativeTraceTest, KnowsOrdersAndNames) {
  os::Atomic<int> word{0, {"P#.word[#]", 3, 7}};
  os::Atomic<int> nameless{0};
  word.store(1, rt::release);
  nameless.load(rt::acquire);
  os::fence(rt::seq_cst);
  const std::vector<NativeStep> steps = trace_->steps();
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(steps[0].op.order, rt::release);
  EXPECT_STREQ(steps[0].name.text, "P#.word[#]");
  EXPECT_EQ(steps[0].name.number, 3u);
  EXPECT_EQ(steps[0].name.index, 7u);
  EXPECT_EQ(steps[1].op.order, rt::acquire);
  EXPECT_EQ(steps[1].name.text, nullptr);
  EXPECT_EQ(steps[2].op.order, rt::seq_cst);
}

TEST_F(NativeTraceTest, AStepKeepsTheNameThatItsWordHadThen) {
  os::Atomic<int> word{0, {"M#.word", 1}};
  word.store(1, relaxed);
  word.name({"M#.word", 2});
  word.store(2, relaxed);
  const std::vector<NativeStep> steps = trace_->steps();
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].name.number, 1u);
  EXPECT_EQ(steps[1].name.number, 2u);
}

TEST_F(NativeTraceTest, WordsBeyondTheLastNameHaveNone) {
  for (std::uint32_t i = 1; i < NativeTrace::names_kept; ++i) trace_->add_name({"word#", i});
  os::Atomic<int> last{0, "last"};
  os::Atomic<int> one_more{0, "one more"};
  last.store(1, relaxed);
  one_more.store(1, relaxed);
  const std::vector<NativeStep> steps = trace_->steps();
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_STREQ(steps[0].name.text, "last");
  EXPECT_EQ(steps[1].name.text, nullptr);
}

TEST_F(NativeTraceTest, APeekIsNoStep) {
  os::Atomic<int> word{5};
  EXPECT_EQ(word.peek(), 5);
  EXPECT_TRUE(trace_->steps().empty());
}

TEST_F(NativeTraceTest, KeepsTheLastOperations) {
  for (int i = 0; i < 1'000; ++i) os::race_window(Window::startm_id_reserve);
  os::race_window(Window::note_sticky);
  const std::vector<NativeStep> steps = trace_->steps();
  ASSERT_EQ(steps.size(), NativeTrace::steps_kept);
  EXPECT_EQ(steps.back().op.window, Window::note_sticky);
}

TEST_F(NativeTraceTest, EachThreadHasItsOwn) {
  os::Thread other;
  const auto pass = [](void*) {
    for (int i = 0; i < 1'000; ++i) os::race_window(Window::startm_id_reserve);
  };
  ASSERT_TRUE(other.start(pass, nullptr, "other"));
  for (int i = 0; i < 1'000; ++i) os::race_window(Window::note_sticky);
  other.join();
  std::size_t of_other = 0, of_main = 0;
  for (const NativeStep& step : trace_->steps()) {
    of_other += step.role == std::string("other") ? 1 : 0;
    of_main += step.role == std::string("main") ? 1 : 0;
  }
  EXPECT_EQ(of_other, NativeTrace::steps_kept);
  EXPECT_EQ(of_main, NativeTrace::steps_kept);
}

TEST_F(NativeTraceTest, NothingIsNotedUnasked) {
  trace_operations(nullptr);
  os::race_window(Window::note_sticky);
  EXPECT_TRUE(trace_->steps().empty());
}

}  // namespace
}  // namespace jitterbug
