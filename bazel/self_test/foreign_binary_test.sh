#!/bin/bash
# EXPECTED PROGRAM ...: each program prints the line before its name.
while (($# > 0)); do
  printed=$("$2")
  [[ $printed == "$1" ]] || { echo "FAIL: $2 prints '$printed', not '$1'"; exit 1; }
  shift 2
done
