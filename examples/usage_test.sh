#!/bin/bash
# Bad usage is refused, and run_example_test.sh notices a wrong line and a failure.
set -u
run_example=$1
prime_sieve=$2
fan_out=$3

refuses() {
  "$@" 2>/dev/null
  local code=$?
  [[ $code == 2 ]] || { echo "FAIL: $*: expected exit code 2, got $code"; exit 1; }
}
refuses "$prime_sieve" 1
refuses "$prime_sieve" 100 0
refuses "$prime_sieve" 100 4 7
refuses "$fan_out" none
refuses "$fan_out" 5 4 3

"$run_example" "$prime_sieve" 100 2 "25 primes up to 100, the last is 97: right" ||
  { echo "FAIL: the right line is refused"; exit 1; }
! "$run_example" "$prime_sieve" 100 2 "26 primes up to 100, the last is 97: right" >/dev/null ||
  { echo "FAIL: a wrong line passes"; exit 1; }
! "$run_example" false "" >/dev/null || { echo "FAIL: a failure passes"; exit 1; }
