#!/bin/bash
# contract_test.sh BUILD_SH: runs build.sh as OSS-Fuzz does and checks what it leaves in
# $OUT. Builds the tree that build.sh lies in. SANITIZER is address or thread.
set -eu
build=$(readlink -f "$1")
tree=${build%/fuzz/oss_fuzz/build.sh}
SANITIZER=${SANITIZER:-address}
scratch=${TEST_TMPDIR:-$(mktemp -d)}

fail() { echo "FAIL: $*"; exit 1; }

export SANITIZER OUT=$scratch/out WORK=$scratch/work CXX=clang++-19 LIB_FUZZING_ENGINE=-fsanitize=fuzzer
export CXXFLAGS="-O1 -fno-omit-frame-pointer -gline-tables-only -Wno-unused-command-line-argument
  -fsanitize=$SANITIZER -fsanitize=fuzzer-no-link -static-libstdc++"
CXXFLAGS=${CXXFLAGS//$'\n'/ }
mkdir -p "$OUT" "$WORK"
"$build" || fail "build.sh failed"

targets=(schedule_fuzz token_fuzz schedule_file_fuzz policy_fuzz)
# What a base image has.
allowed='^(libc|libm|libgcc_s|libpthread|libdl|librt|libresolv|ld-linux-x86-64)\.so\.[0-9]+$'
for target in "${targets[@]}"; do
  binary=$OUT/$target
  [[ -x $binary ]] || fail "$target is not there"
  [[ $target =~ ^[A-Za-z0-9_-]+$ ]] || fail "$target: the name has other characters than A-Za-z0-9_-"
  while read -r library; do
    [[ $library =~ $allowed ]] || fail "$target needs $library, which the base image has not"
  done < <(readelf -d "$binary" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')

  # It runs from anywhere, over its seeds, and is instrumented.
  seeds=$scratch/seeds/$target
  mkdir -p "$seeds"
  unzip -q -o "$OUT/${target}_seed_corpus.zip" -d "$seeds" || fail "$target: no seed corpus"
  options=()
  [[ ! -e $OUT/$target.dict ]] || options+=(-dict="$OUT/$target.dict")
  log=$scratch/$target.log
  (cd / && "$binary" "${options[@]}" -runs=0 -rss_limit_mb=2560 -timeout=25 "$seeds") >"$log" 2>&1 ||
    { tail -n 30 "$log"; fail "$target fails over its seeds"; }
  counters=$(sed -n 's/^INFO: Loaded .* (\([0-9]*\) inline 8-bit counters).*/\1/p' "$log")
  ((${counters:-0} > 100)) || fail "$target is not instrumented: ${counters:-0} counters"
  found=$(find "$seeds" -type f | wc -l)
  ((found > 5)) || fail "$target has $found seeds"
  [[ ! -e $OUT/$target.dict ]] || grep -q '^Dictionary: [1-9]' "$log" || fail "$target: the dictionary is empty"

  # It fuzzes.
  (cd / && "$binary" -runs=500 -seed=1 -artifact_prefix="$scratch/" "$seeds") >"$log" 2>&1 ||
    { tail -n 30 "$log"; fail "$target fails"; }

  [[ -e $OUT/$target.options ]] || fail "$target has no options"
  section=""
  while IFS= read -r line; do
    case $line in
      "") ;;
      "[libfuzzer]" | "[asan]" | "[tsan]") section=$line ;;
      *) [[ -n $section && $line =~ ^[a-z_]+\ =\ [a-z0-9]+$ ]] || fail "$target.options: '$line'" ;;
    esac
  done <"$OUT/$target.options"
  echo "$target: $counters counters, $found seeds"
done
