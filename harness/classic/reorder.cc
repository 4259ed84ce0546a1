// reorder_N, of SCTBench: N-1 setters write a = 1 and then b = -1; one checker, the
// last to be started, reads both and expects both writes or none. It fails between
// the first write of some setter and the first write of b by any of them: the checker
// must be quicker than every setter but one, and that one must stand still halfway.
// N = 3, 10 and 100; the first thread starts and joins the others.

#include "harness/classic/program.h"
#include "harness/classic/mutex.h"

namespace jitterbug::classic {
namespace {

template <int setters>
class Reorder final : public Program {
 public:
  explicit Reorder(Version version) : locked_(version == Version::repaired) {}

  void main(Stage& stage) override {
    for (int i = 0; i < setters; ++i) stage.start([this] { set(); });
    stage.start([this, &stage] { check(stage); });
    stage.join();
  }

 private:
  void set() {
    if (locked_) lock_.lock();
    a_.set(1);
    b_.set(-1);
    if (locked_) lock_.unlock();
  }

  void check(Stage& stage) {
    if (locked_) lock_.lock();
    const bool none = a_.get() == 0 && b_.get() == 0;
    stage.check(none || (a_.get() == 1 && b_.get() == -1), "both writes of a setter are seen, or none");
    if (locked_) lock_.unlock();
  }

  const bool locked_;
  Cell a_, b_;
  Mutex lock_;
};

constexpr const char* bug = "a checker between the two writes of a setter";

constexpr ProgramInfo all[] = {
    {"reorder_3", bug, 4, Symptom::assertion, true, make<Reorder<2>>},
    {"reorder_10", bug, 11, Symptom::assertion, true, make<Reorder<9>>},
    {"reorder_100", bug, 101, Symptom::assertion, true, make<Reorder<99>>},
};

const RegisteredPrograms registered(all);

}  // namespace

}  // namespace jitterbug::classic
