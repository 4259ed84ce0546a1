#include "harness/base/numbers.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

namespace jitterbug {
namespace {

template <class... Arguments>
std::string format(const char* pattern, Arguments... arguments) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, arguments...);
  return text;
}

}  // namespace

std::string rate(double per_second) {
  if (per_second >= 1e6) return format("%.2f M", per_second / 1e6);
  if (per_second >= 1e4) return format("%.1f k", per_second / 1e3);
  return format("%.0f", per_second);
}

std::string elapsed(double seconds) {
  if (seconds < 1) return format("%.3f s", seconds);
  if (seconds < 60) return format("%.1f s", seconds);
  const auto whole = static_cast<long>(seconds);
  if (whole < 3600) return format("%ldm%02lds", whole / 60, whole % 60);
  return format("%ldh%02ldm", whole / 3600, whole % 3600 / 60);
}

std::string hex_digest(std::uint64_t digest) { return format("%016" PRIx64, digest); }

std::string plural(std::uint64_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace jitterbug
