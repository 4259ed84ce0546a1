// print_digests SCHEDULES: runs the sample and prints one line per stressor,
// `stressor runs failed digest`, and a line for all of it.

#include <cinttypes>
#include <cstdio>

#include "harness/campaign/sample.h"
#include "harness/campaign/token.h"
#include "runtime/base/rng.h"
#include "stressors/stressor.h"

int main(int argc, char** argv) {
  const auto schedules = argc == 2 ? jitterbug::parse_unsigned(argv[1]) : std::nullopt;
  if (!schedules) {
    std::fprintf(stderr, "usage: print_digests SCHEDULES\n");
    return 2;
  }
  std::uint64_t runs = 0;
  std::uint64_t failed = 0;
  std::uint64_t all = 0;
  for (const jitterbug::SampleDigest& entry : jitterbug::digest_sample(jitterbug::stressors(), *schedules)) {
    std::printf("%s %" PRIu64 " %" PRIu64 " %016" PRIx64 "\n", entry.stressor.c_str(), entry.runs, entry.failed,
                entry.digest);
    runs += entry.runs;
    failed += entry.failed;
    all = rt::scramble(all ^ entry.digest);
  }
  std::printf("total %" PRIu64 " %" PRIu64 " %016" PRIx64 "\n", runs, failed, all);
}
