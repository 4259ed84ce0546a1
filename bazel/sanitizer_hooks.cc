// A sanitizer's report becomes a failure of the test case that is running, so
// that the test's XML names it.

#include <gtest/gtest.h>

extern "C" {

// Where the test has children that run what is under test: see harness/base/confine.h.
[[gnu::weak]] void jitterbug_race_reported();

void __ubsan_on_report() { ADD_FAILURE() << "UndefinedBehaviorSanitizer reported an error (see the log)"; }
void __asan_on_error() { ADD_FAILURE() << "AddressSanitizer reported an error (see the log)"; }
void __tsan_on_report(void*) {
  if (&jitterbug_race_reported != nullptr) jitterbug_race_reported();
  ADD_FAILURE() << "ThreadSanitizer reported an error (see the log)";
}

}  // extern "C"
