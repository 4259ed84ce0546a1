#!/bin/bash
# run_example_test.sh PROGRAM ARGUMENT... EXPECTED: runs the program several times
# and demands exit code 0 and exactly the expected line.
set -u
expected=${*: -1}
command=("${@:1:$#-1}")
for ((i = 1; i <= 5; ++i)); do
  printed=$("${command[@]}" 2>&1)
  code=$?
  [[ $code == 0 && $printed == "$expected" ]] || {
    echo "FAIL: run $i of ${command[*]}: exit code $code, printed '$printed', expected '$expected'"
    exit 1
  }
done
