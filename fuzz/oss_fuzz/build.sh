#!/bin/bash -eu
# Builds the fuzz targets as OSS-Fuzz and ClusterFuzzLite want them: with their compiler,
# flags and engine, which are in the environment, into $OUT.
#
#   CXX CXXFLAGS LIB_FUZZING_ENGINE SANITIZER OUT WORK
#
# It needs libboost-context-dev and nlohmann-json3-dev. No Bazel: their images bring
# another one. A target, its seeds, its dictionary and its options have one name.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
: "${CXX:?}" "${LIB_FUZZING_ENGINE:?}" "${SANITIZER:?}" "${OUT:?}" "${WORK:?}"

objects=$WORK/jitterbug
rm -rf "$objects"
mkdir -p "$objects" "$OUT"

# No variant of the scheduler is beside these programs.
mkdir -p "$objects/include/harness/defect"
echo 'inline constexpr char scheduler_digest_text[] = "";' >"$objects/include/harness/defect/scheduler_digest.h"

flags=(${CXXFLAGS:-} -std=c++20 -I. "-I$objects/include" -DRT_FLAVOR_SIMULATED)
# Threads of the simulation are fibers of one thread: its own data are no races.
engine=("${flags[@]}")
[[ $SANITIZER != thread ]] || engine+=(-fno-sanitize=thread)

# What no target needs is compiled as well, and left in the archive.
sources() {
  find "$@" -maxdepth 1 -name '*.cc' ! -name '*_test.cc' ! -name '*bench.cc' ! -name 'print_*' ! -name 'variant.cc' |
    LC_ALL=C sort
}
compile() { # the source, then its flags
  local source=$1
  shift
  echo "$CXX $* -c $source -o $objects/${source//\//_}.o"
}
{
  sources runtime/{api,goroutine,poll,queue,sched,sync,time} stressors fuzz \
    harness/{base,run,scene,strategy,schedule,script,coverage,oracle,defect,simulated,campaign,minimize,report} | while read -r source; do
    compile "$source" "${flags[@]}"
  done
  for source in runtime/os/{fiber,flavor_stamp}.cc harness/native/policy.cc; do compile "$source" "${flags[@]}"; done
  sources harness/sim | while read -r source; do compile "$source" "${engine[@]}"; done
} | xargs -P "$(nproc)" -I{} bash -c '{}'

# Each target has its own entry point; the machine and the answer to which patch is
# linked are found by nobody who asks for them.
always=("$objects"/harness_sim_simulate.cc.o "$objects"/harness_defect_variant_none.cc.o)
targets=(schedule_fuzz token_fuzz schedule_file_fuzz policy_fuzz)
archive=$objects/libjitterbug.a
skipped=$(printf -- '|fuzz_%s' "${targets[@]}")
find "$objects" -name '*.o' | grep -vE "/(${skipped#|})\.cc\.o$|_simulate\.cc\.o$|variant_none" | LC_ALL=C sort |
  xargs ar rcs "$archive"

for target in "${targets[@]}"; do
  $CXX ${CXXFLAGS:-} "$objects/fuzz_$target.cc.o" "${always[@]}" "$archive" $LIB_FUZZING_ENGINE \
    -l:libboost_context.a -lpthread -o "$OUT/$target"
  zip -q -j -X "$OUT/${target}_seed_corpus.zip" fuzz/corpus/"$target"/*
  for extra in dict options; do
    [[ ! -e fuzz/$target.$extra ]] || cp "fuzz/$target.$extra" "$OUT/"
  done
done
