#!/bin/bash
# compare_digests.sh FIRST SCHEDULES PROGRAM PROGRAM...
#
# Runs each program on that part of the sample and demands that all print the same.
# A program that is named twice runs in two processes. Each process gets an
# environment of another size, so that its stack lies elsewhere even where the
# system does not shuffle addresses.
set -u
(($# >= 4)) || { echo "usage: compare_digests.sh FIRST SCHEDULES PROGRAM PROGRAM..." >&2; exit 2; }
first=$1
schedules=$2
shift 2
directory=$(mktemp -d) || exit 3
trap 'rm -rf "$directory"' EXIT

pids=()
for ((i = 0; i < $#; ++i)); do
  padding=$(printf '%*s' $((i * 1000)) '')
  PADDING=$padding "${@:i+1:1}" "$first" "$schedules" >"$directory/$i" 2>"$directory/$i.err" &
  pids+=($!)
done
result=0
for ((i = 0; i < $#; ++i)); do
  wait "${pids[i]}"
  code=$?
  ((code == 0)) && continue
  echo "FAIL: ${*:i+1:1} ended with exit code $code:"
  tail -n 5 "$directory/$i.err"
  result=1
done
((result == 0)) || exit 1

grep -qE "^total $schedules [0-9]+ [0-9a-f]{16}$" "$directory/0" || {
  echo "FAIL: $1 does not say that it ran $schedules schedules"
  result=1
}
for ((i = 1; i < $#; ++i)); do
  cmp -s "$directory/0" "$directory/$i" && continue
  echo "FAIL: < $1 and > ${*:i+1:1} do not agree"
  diff "$directory/0" "$directory/$i"
  result=1
done
((result == 0)) && { echo "the same from $# processes:"; cat "$directory/0"; }
exit $result
