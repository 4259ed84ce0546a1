// print_digests FIRST SCHEDULES: runs that part of the sample and prints one line
// per workload, `workload runs failed digest`, and a line for all of it.

#include <cinttypes>
#include <cstdio>

#include "harness/base/text.h"
#include "harness/determinism/sample.h"
#include "harness/run/token.h"
#include "harness/scene/workload.h"
#include "runtime/base/rng.h"

int main(int argc, char** argv) {
  const auto first = argc == 3 ? jitterbug::parse_unsigned(argv[1]) : std::nullopt;
  const auto schedules = argc == 3 ? jitterbug::parse_unsigned(argv[2]) : std::nullopt;
  if (!first || !schedules) {
    std::fprintf(stderr, "usage: print_digests FIRST SCHEDULES\n");
    return 2;
  }
  const auto digests = jitterbug::digest_sample(*first, *schedules);
  std::uint64_t runs = 0;
  std::uint64_t failed = 0;
  std::uint64_t all = 0;
  for (const jitterbug::SampleDigest& entry : digests) {
    std::printf("%s %" PRIu64 " %" PRIu64 " %016" PRIx64 "\n", entry.workload.c_str(), entry.runs, entry.failed,
                entry.digest);
    runs += entry.runs;
    failed += entry.failed;
    all = rt::scramble(all ^ entry.digest);
  }
  std::printf("total %" PRIu64 " %" PRIu64 " %016" PRIx64 "\n", runs, failed, all);
}
