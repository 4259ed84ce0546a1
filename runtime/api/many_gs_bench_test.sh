#!/bin/bash
# many_gs_bench_test.sh BENCHMARK: its shortest forms run, and count what they say they do.
set -u
output=$("$1" --benchmark_filter='gs:1000/' --benchmark_min_time=0.001 2>&1) || { echo "$output"; exit 1; }
echo "$output"
for procs in 1 4; do
  line=$(grep -E "^BM_ManyParkedGs/gs:1000/procs:$procs/" <<<"$output")
  for counter in spawn_ns end_ns peak_MB; do
    grep -qE "$counter=[0-9]*[1-9]" <<<"$line" && continue
    echo "FAIL: no $counter with procs:$procs"
    exit 1
  done
done
