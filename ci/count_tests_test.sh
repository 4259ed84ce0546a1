#!/bin/bash
# count_tests.py agrees with build event files of which the result is known.
set -u
tool=$1
events=$TEST_TMPDIR/events

configured() { echo '{"id":{"targetConfigured":{"label":"'"$1"'"}},"configured":{"targetKind":"'"$2"' rule"}}'; }
summary() { echo '{"id":{"testSummary":{"label":"'"$1"'"}},"testSummary":{"overallStatus":"'"$2"'"}}'; }

expect() {
  local line=$1 code=$2 bazel_code=$3 printed
  printed=$("$tool" --bazel-exit-code "$bazel_code" "$events")
  local got=$?
  [[ ${printed##*$'\n'} == "$line" && $got == "$code" ]] ||
    { echo "FAIL: expected '$line', exit code $code; got '$printed', exit code $got"; exit 1; }
}

{ configured //a:a_test cc_test; summary //a:a_test PASSED; } >"$events"
expect "1 passed, 0 failed" 0 0
# Bazel failed, and no test shows why.
expect "1 passed, 1 failed" 1 1

# A build failure beside a test that failed for its own reasons counts, too.
summary //a:a_test FAILED >"$events"
expect "0 passed, 2 failed" 1 1

# A library is no test; a test that was never run has failed.
{ configured //a:a cc_library; configured //a:b_test cc_test; summary //a:c_test PASSED; } >"$events"
expect "1 passed, 1 failed" 1 1

# A test that passes at the second attempt has failed.
{ summary //a:a_test FLAKY; summary //a:b_test PASSED; summary //a:c_test TIMEOUT; } >"$events"
expect "1 passed, 2 failed" 1 0

# Nothing tested is not a success.
: >"$events"
expect "0 passed, 0 failed" 1 0
