// Named words and locks in the forms the scheduler uses them in.

#include <new>

#include "runtime/sync/lock.h"
#include "runtime/sync/note.h"

#ifdef RT_WITHOUT_SEAM
#define NAMED(value, ...) value
#define CALL(what, ...) static_cast<void>(what)
#else
#define NAMED(value, ...) value, {__VA_ARGS__}
#define CALL(what, ...) (what).name({__VA_ARGS__})
#endif

namespace rt {

struct Shared {
  explicit Shared(int number);

  const int id;
  os::Atomic<int> status{NAMED(7, "S#.status", id)};
  os::Atomic<void*> owner{NAMED(nullptr, "S#.owner", id)};
  os::Atomic<bool> flag{NAMED(true, "flag")};
  struct Slot {
    os::Atomic<std::uint32_t> word{0};
  } slots[16];
#ifdef RT_WITHOUT_SEAM
  Lock lock;
  Note note;
#else
  Lock lock{"shared.lock"};
  Note note{{"S#.note", id}};
#endif
};

Shared::Shared(int number) : id(number) {
  for (std::size_t i = 0; i < 16; ++i) CALL(slots[i].word, "S#.slots[#]", id, i);
}

void make(void* at, int number) { new (at) Shared(number); }

void rename(Shared& shared, int number) {
  CALL(shared.status, "S#.status", number);
  CALL(shared.note, "S#.note", number);
}

static_assert(sizeof(os::Atomic<int>) == sizeof(int));
static_assert(sizeof(Lock) == sizeof(std::uint32_t));

}  // namespace rt
