#!/bin/bash
# tree_is_clean_test.sh CHECK_STYLE LAYERS: the tree that layers.txt lies in keeps
# its own rules. Reads the sources where they are: a file that no target names
# has to keep them as well.
layers=$(readlink -f "$2")
exec python3 -B "$1" "${layers%/ci/layers.txt}"
