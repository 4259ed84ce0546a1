#!/bin/bash
# A test program that leaves half-way with exit code 0 does not pass.
TEST_PREMATURE_EXIT_FILE=$TEST_TMPDIR/premature_exit "$1"
code=$?
((code == 97)) || { echo "FAIL: expected exit code 97, got $code"; exit 1; }
