#!/bin/bash
# campaign.sh FUZZER TOOL OUTPUT SECONDS JOBS SEED [flags of the fuzzer]
#
# Runs JOBS processes of schedule_fuzz over one corpus, starts those again that a crash
# has ended, and says what is going on. At the end it minimises the corpus and has the
# tool replay each finding. Exit code: 0 nothing found, 1 a finding, 3 it failed.
set -u
fuzzer=$1 tool=$2 output=$3 seconds=$4 jobs=$5 seed=$6
shift 6
flags=("$@")

corpus=$output/corpus crashes=$output/crashes
mkdir -p "$corpus" "$crashes" || exit 3
logs=$(mktemp -d) || exit 3
before=$(mktemp) || exit 3
find "$crashes" -type f | sort >"$before"
end=$((SECONDS + seconds))
children=()
stop() { ((${#children[@]} == 0)) || kill "${children[@]}" 2>/dev/null; }
clean() { stop; rm -rf "$logs" "$before"; }
trap clean EXIT
trap 'interrupted=1; end=0; stop' INT TERM
interrupted=0

# How often an edge is taken says little about a schedule (-use_counters=0): without it
# the corpus holds a quarter, and a run costs a fifth less.
#
# A run that is given up leaves what its threads own, under ThreadSanitizer with a
# history each: a process is replaced before that is much.
runs=400000
[[ $fuzzer == *_tsan ]] && runs=8000

# One job: a process after the other until the time is up.
job() {
  local number=$1 round=0 left pid
  trap 'kill "$pid" 2>/dev/null; wait "$pid"; exit' TERM
  while left=$((end - SECONDS)) && ((left > 0)); do
    "$fuzzer" "${flags[@]}" --findings="$logs/$number.findings" -seed=$((seed + 1000 * round + number)) \
      -max_total_time="$left" -runs=$runs -reload=10 -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
      -use_counters=0 -artifact_prefix="$crashes/" "$corpus" >"$logs/$number.$round" 2>&1 &
    pid=$!
    wait "$pid"
    round=$((round + 1))
  done
}

# Sums up what each process has said last.
progress() {
  for log in "$logs"/[0-9]*.[0-9]*; do
    grep -aE '^#[0-9]|^stat::number_of_executed_units' "$log" | tail -n 2
    echo end
  done 2>/dev/null | awk -v time="$1" -v findings="$(cat "$logs"/*.findings 2>/dev/null | wc -l)" '
    $1 == "end" { sum += runs; runs = 0 }
    /^stat/ { runs = $2 }
    /^#/ {
      runs = substr($1, 2)
      for (i = 2; i < NF; ++i) {
        if ($i == "cov:" && $(i + 1) > cov) cov = $(i + 1)
        if ($i == "ft:" && $(i + 1) > ft) ft = $(i + 1)
        if ($i == "corp:") { split($(i + 1), c, "/"); if (c[1] > corpus) corpus = c[1] }
      }
    }
    END {
      printf "%d s  %d schedules  %.0f schedules/s  %d edges  %d features  corpus %d  findings %d\n",
        time, sum, sum / (time > 0 ? time : 1), cov, ft, corpus, findings
    }'
}

for ((number = 0; number < jobs; ++number)); do
  job "$number" &
  children+=($!)
done
started=$SECONDS shown=0
while ((SECONDS < end)); do
  sleep 1
  grep -ah '^found ' "$logs"/[0-9]*.[0-9]* 2>/dev/null | sort -u >"$logs/found"
  tail -n +$((shown + 1)) "$logs/found"
  shown=$(wc -l <"$logs/found")
  (((SECONDS - started) % 10 == 0)) && progress $((SECONDS - started)) >&2
  kill -0 "${children[@]}" 2>/dev/null || break
done
wait "${children[@]}" 2>/dev/null
children=()
progress $((SECONDS - started))

# What others reach as well is taken out.
kept=$output/corpus.kept
rm -rf "$kept"
if mkdir "$kept" && "$fuzzer" "${flags[@]}" --findings=/dev/null -use_counters=0 -merge=1 "$kept" "$corpus" >"$logs/merge" 2>&1; then
  printf 'corpus %s: %d inputs, %d of them kept\n' "$corpus" "$(find "$corpus" -type f | wc -l)" \
    "$(find "$kept" -type f | wc -l)"
  rm -rf "$corpus" && mv "$kept" "$corpus"
else
  rm -rf "$kept"
  echo "the corpus could not be minimised; it stays as it is" >&2
fi

# A finding is what the tool says of it; runs that fail alike are one.
declare -A said
findings=0
report() {
  local text key
  text=$("$tool" replay --quiet "$1" 2>&1)
  case $? in
    1)
      text=$(sed -n '/^FINDING/,/^$/p' <<<"$text")
      key=$(sed 's/[0-9][0-9]*/#/g; q' <<<"$text")
      ;;
    *) key=$1 text="FINDING that only the fuzzer shows: $fuzzer $1" ;;
  esac
  [[ -n ${said[$key]+known} ]] && return
  said[$key]=1
  findings=$((findings + 1))
  printf '\n%s\n' "$text"
}
while read -r token; do report "$token"; done < <(cat "$logs"/*.findings 2>/dev/null)
while read -r file; do report "$file"; done < <(find "$crashes" -type f | sort | comm -13 "$before" -)

((interrupted)) && echo "interrupted"
printf '\n%d s, %d jobs, findings: %d\n' $((SECONDS - started)) "$jobs" "$findings"
((findings == 0))
