// twostage_N, of SCTBench: each of the stagers writes the first value under one lock
// and the second under another; one reader, the last to be started, reads the first
// and then the second under these locks and expects second = first + 1. It fails when
// the reader comes between the two stages of the first stager to pass the first one,
// before any has passed the second. twostage_1 has one stager, twostage_20 and
// twostage_100 have 19 and 99; the first thread starts and joins the others.

#include "harness/classic/program.h"
#include "harness/classic/mutex.h"

namespace jitterbug::classic {
namespace {

template <int stagers>
class TwoStage final : public Program {
 public:
  explicit TwoStage(Version version) : whole_(version == Version::repaired) {}

  void main(Stage& stage) override {
    for (int i = 0; i < stagers; ++i) stage.start([this] { write(); });
    stage.start([this, &stage] { read(stage); });
    stage.join();
  }

 private:
  void write() {
    first_lock_.lock();
    first_.set(1);
    if (!whole_) first_lock_.unlock();
    second_lock_.lock();
    second_.set(first_.get() + 1);
    second_lock_.unlock();
    if (whole_) first_lock_.unlock();
  }

  void read(Stage& stage) {
    first_lock_.lock();
    if (first_.get() == 0) return first_lock_.unlock();
    const int first = first_.get();
    first_lock_.unlock();
    second_lock_.lock();
    const int second = second_.get();
    second_lock_.unlock();
    stage.check(second == first + 1, "what has passed the first stage has passed the second");
  }

  const bool whole_;  // the first lock is held over both stages
  Cell first_, second_;
  Mutex first_lock_, second_lock_;
};

constexpr const char* bug = "a reader between the two stages of an update, each under a lock of its own";

constexpr ProgramInfo all[] = {
    {"twostage_1", bug, 3, Symptom::assertion, true, make<TwoStage<1>>},
    {"twostage_20", bug, 21, Symptom::assertion, true, make<TwoStage<19>>},
    {"twostage_100", bug, 101, Symptom::assertion, true, make<TwoStage<99>>},
};

const RegisteredPrograms registered(all);

}  // namespace

}  // namespace jitterbug::classic
