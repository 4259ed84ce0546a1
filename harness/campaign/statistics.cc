#include "harness/campaign/statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace jitterbug {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

// The bits of word `word` of a set that stand for windows from `first` on.
std::uint64_t from(std::size_t first, std::size_t word) {
  if (word != first / 64) return word < first / 64 ? 0 : ~std::uint64_t{0};
  return ~std::uint64_t{0} << (first % 64);
}

}  // namespace

double unseen_mass(const ClassCount& count) {
  if (count.runs == 0) return 1;
  return std::min(1.0, static_cast<double>(count.singletons) / static_cast<double>(count.runs));
}

double defect_bound(std::uint64_t passes, double confidence) {
  if (passes == 0) return 1;
  return -std::expm1(std::log1p(-confidence) / static_cast<double>(passes));
}

// Looks before it writes: most runs are of classes that were met twice long ago.
bool ClassCensus::add(const WindowSet& switched) {
  bool has_new = false;
  for (std::size_t a = 0; a < window_count; ++a) {
    if (!switched.has(static_cast<rt::Window>(a))) continue;
    Row& row = rows_[a];
    for (std::size_t w = a / 64; w < window_words; ++w) {
      const std::uint64_t news = switched.words()[w] & from(a, w) & ~row.again[w].load(relaxed);
      if (news == 0) continue;
      const std::uint64_t repeated = news & row.once[w].fetch_or(news, relaxed);
      has_new = has_new || repeated != news;
      if (repeated != 0) row.again[w].fetch_or(repeated, relaxed);
    }
  }
  runs_.fetch_add(1, relaxed);
  return has_new;
}

ClassCount ClassCensus::count() const {
  ClassCount out;
  out.runs = runs_.load(relaxed);
  for (const Row& row : rows_) {
    for (std::size_t w = 0; w < window_words; ++w) {
      const std::uint64_t once = row.once[w].load(relaxed);
      out.classes += static_cast<std::uint64_t>(std::popcount(once));
      out.singletons += static_cast<std::uint64_t>(std::popcount(once & ~row.again[w].load(relaxed)));
    }
  }
  return out;
}

}  // namespace jitterbug
