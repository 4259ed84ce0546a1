#!/bin/bash
# Every patch of the bank fits the scheduler in the tree: names all that do not.
#
# usage: patches_apply_test.sh FIT ...  (headers that fit_patch.py wrote)
(($# > 0)) || { echo "FAIL: no patch was looked at"; exit 1; }
misfits=0
for fit in "$@"; do
  grep -q 'patch_misfit_text\[\] = "";' "$fit" && continue
  misfits=$((misfits + 1))
  echo "FAIL: $(sed -n 's/.*patch_misfit_text\[\] = "\(.*\)";/\1/p' "$fit")"
  sed -n 's|^// |    |p' "$fit"
done
echo "$(($# - misfits)) of $# patches fit"
((misfits == 0))
