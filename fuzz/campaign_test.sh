#!/bin/bash
# campaign_test.sh CAMPAIGN FUZZER TOOL: what campaign.sh promises.
set -u
campaign=$1 fuzzer=$2 tool=$3
output=$TEST_TMPDIR/output
fail() { echo "FAIL: $*"; cat "$TEST_TMPDIR"/log; exit 1; }
run() { "$campaign" "$fuzzer" "$tool" "$output" "$@" >"$TEST_TMPDIR/log" 2>&1; }

# Nothing is found in the scheduler as it is; a corpus is left, and the next one goes on from it.
run 4 2 1 --stressor=token_ring || fail "exit code $? where nothing is wrong"
grep -q 'findings: 0$' "$TEST_TMPDIR/log" || fail "no summary"
kept=$(find "$output/corpus" -type f | wc -l)
((kept > 0)) || fail "no corpus"
(($(grep -L "^jb1:token_ring:" "$output"/corpus/* | wc -l) == 0)) || fail "the corpus is no tokens"
run 2 1 2 --stressor=token_ring || fail "exit code $? where nothing is wrong"
(($(find "$output/corpus" -type f | wc -l) > 0)) || fail "the corpus is lost"

# A defect that hardly a schedule misses: it is announced, reported once, and replays.
output=$TEST_TMPDIR/lifted
run 4 2 3 --stressor=callbacks --lift=S1c
(($? == 1)) || fail "the lifted safeguard was not caught"
grep -q '^FINDING ' "$TEST_TMPDIR/log" || fail "no report"
read -r _ oracle number token < <(grep -m 1 '^found ' "$TEST_TMPDIR/log")
"$tool" replay --quiet "$token" >"$TEST_TMPDIR/replay" 2>&1
(($? == 1)) || fail "the finding does not replay: $token"
grep -q "^FINDING $oracle $number:" "$TEST_TMPDIR/replay" || fail "it replays as another one: $token"
grep -q "^FINDING $oracle $number:" "$TEST_TMPDIR/log" || fail "it is not reported: $token"

# Alone, the program ends at the first finding and leaves the input, which replays.
mkdir -p "$TEST_TMPDIR/crashes"
"$fuzzer" --stressor=callbacks --lift=S1c -seed=1 -runs=2000 -artifact_prefix="$TEST_TMPDIR/crashes/" \
  >"$TEST_TMPDIR/log" 2>&1 && fail "the lifted safeguard was not caught"
grep -q '^FINDING ' "$TEST_TMPDIR/log" || fail "the program does not say what it has found"
crash=$(echo "$TEST_TMPDIR"/crashes/crash-*)
"$tool" replay --quiet "$crash" >"$TEST_TMPDIR/replay" 2>&1
(($? == 1)) || fail "the crash file does not replay"
echo "PASS"
