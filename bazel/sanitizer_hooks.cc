// A sanitizer's report becomes a failure of the test case that is running, so
// that the test's XML names it.

#include <gtest/gtest.h>

extern "C" {

void __ubsan_on_report() { ADD_FAILURE() << "UndefinedBehaviorSanitizer reported an error (see the log)"; }
void __asan_on_error() { ADD_FAILURE() << "AddressSanitizer reported an error (see the log)"; }
void __tsan_on_report(void*) { ADD_FAILURE() << "ThreadSanitizer reported an error (see the log)"; }

}  // extern "C"
