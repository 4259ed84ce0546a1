#include "harness/campaign/statistics.h"

#include <cmath>

#include "runtime/base/rng.h"

namespace jitterbug {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

std::uint64_t mix(std::uint64_t hash, std::uint64_t word) { return rt::scramble(hash ^ rt::scramble(word)); }

std::uint64_t mix(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = hash * 0x100000001b3 + static_cast<unsigned char>(c);
  return mix(hash, text.size());
}

}  // namespace

std::uint64_t class_of(std::string_view stressor, const Record& record, const WindowBits& entered,
                       const WindowBits& switched) {
  std::uint64_t hash = mix(0, stressor);
  for (const std::uint64_t word : entered) hash = mix(hash, word);
  for (const std::uint64_t word : switched) hash = mix(hash, word);
  return mix(mix(hash, record.failed ? 1 : 0), record.oracle);
}

double unseen_mass(const ClassCount& count) {
  if (count.runs == 0) return 1;
  return static_cast<double>(count.singletons) / static_cast<double>(count.runs);
}

double defect_bound(std::uint64_t passes, double confidence) {
  if (passes == 0) return 1;
  return -std::expm1(std::log1p(-confidence) / static_cast<double>(passes));
}

void ClassCensus::add(std::uint64_t class_id) {
  if (classes_.load(relaxed) >= classes_max) return;
  constexpr std::uint64_t again = 1;
  std::uint64_t entry = class_id << 1;
  if (entry == 0) entry = 2;
  for (std::size_t at = rt::scramble(entry) % slots;; at = (at + 1) % slots) {
    std::uint64_t seen = table_[at].load(relaxed);
    if (seen == 0 && table_[at].compare_exchange_strong(seen, entry, relaxed)) {
      classes_.fetch_add(1, relaxed);
      break;
    }
    if ((seen & ~again) != entry) continue;
    // Looked at first: most runs are of a class that is met often.
    if ((seen & again) == 0 && (table_[at].fetch_or(again, relaxed) & again) == 0) repeated_.fetch_add(1, relaxed);
    break;
  }
  runs_.fetch_add(1, relaxed);
}

ClassCount ClassCensus::count() const {
  const std::uint64_t repeated = repeated_.load(relaxed), classes = classes_.load(relaxed);
  return {runs_.load(relaxed), classes, classes > repeated ? classes - repeated : 0};
}

}  // namespace jitterbug
