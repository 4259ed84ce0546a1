#!/bin/bash
# compare_digests.sh agrees with programs that agree, and says so of no others.
set -u
compare=$1
depends_on_addresses=$2

program() {
  local path=$TEST_TMPDIR/$1
  printf '#!/bin/bash\n%s\n' "$2" >"$path"
  chmod +x "$path"
}

expect() {
  local code=$1 text=$2 printed got
  shift 2
  printed=$("$compare" "$@" 2>&1)
  got=$?
  [[ $got == "$code" && $printed == *"$text"* ]] ||
    { echo "FAIL: expected exit code $code and '$text' from $*; got $got and: $printed"; exit 1; }
}

program good 'echo "wake_storm $2 0 0123456789abcdef"; echo "total $2 0 0123456789abcdef"'
program off_by_one 'echo "wake_storm $2 0 0123456789abcdee"; echo "total $2 0 0123456789abcdef"'
program crash 'echo "total $2 0 0123456789abcdef"; kill -SEGV $$'
program quiet ''
program lazy 'echo "total 1 0 0123456789abcdef"'

expect 0 "the same from 3 processes" 0 7 "$TEST_TMPDIR"/{good,good,good}
expect 1 "do not agree" 0 7 "$TEST_TMPDIR"/{good,good,off_by_one}
expect 1 "exit code 139" 0 7 "$TEST_TMPDIR"/{crash,crash}
expect 1 "does not say" 0 7 "$TEST_TMPDIR"/{quiet,quiet}
expect 1 "does not say" 0 7 "$TEST_TMPDIR"/{lazy,lazy}
expect 1 "do not agree" 0 7 "$depends_on_addresses" "$depends_on_addresses"
expect 2 "usage" 0 7 "$TEST_TMPDIR/good"
