#!/bin/bash
# docs/windows.md is what windows.py makes of the list of windows, and a list that is
# damaged is refused.
#
#   windows_test.sh windows.py windows.inc windows.md
set -u
script=$1 list=$2 page=$3
made=$TEST_TMPDIR/windows.md

"$script" "$list" >"$made" || exit 1
if ! diff -u "$page" "$made"; then
  echo "docs/windows.md is not what the list says: docs/windows.py runtime/os/windows.inc > docs/windows.md"
  exit 1
fi

refuse() {
  printf '%s\n' "$1" >"$TEST_TMPDIR/damaged.inc"
  "$script" "$TEST_TMPDIR/damaged.inc" >"$made" 2>"$TEST_TMPDIR/complaint" && { echo "accepted: $1"; exit 1; }
  grep -qF "$2" "$TEST_TMPDIR/complaint" || { echo "says of '$1':"; cat "$TEST_TMPDIR/complaint"; exit 1; }
}
refuse $'// 1. Life\nRT_WINDOW("1.1", name, "sentence")' "line 2: expected RT_WINDOW"
refuse $'// 1. Life\nRT_WINDOW("2.1", name, "sentence", "-")' "line 2: window 2.1 is not below its group"
refuse $'RT_WINDOW("1.1", name, "sentence", "-")' "line 1: window 1.1 is not below its group"
refuse $'// 1. Life\n// no more\nint x;' "line 3: neither a comment nor an RT_WINDOW"
