#include "harness/coverage/coverage.h"

#include <algorithm>

namespace jitterbug {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr std::uint32_t no_access = ~std::uint32_t{0};

using Passage = WindowLog::Passage;

std::size_t pair_index(std::size_t first, std::size_t second) { return first * window_count + second; }

}  // namespace

const RunCoverage& CoverageAnalysis::analyse(const WindowLog& log) {
  for (const auto& [first, second] : out_.orders) {
    seen_[pair_index(static_cast<std::size_t>(first), static_cast<std::size_t>(second))] = false;
  }
  out_.orders.clear();
  out_.conflicted = {};
  find_conflicts(log);
  find_orders(log);
  return out_;
}

void CoverageAnalysis::find_conflicts(const WindowLog& log) {
  marks_.assign(log.objects(), 0);
  for (std::size_t p = 0; p < log.passages().size(); ++p) {
    const Passage& passage = log.passages()[p];
    if (passage.left == passage.arrived) continue;  // nobody moved
    const std::uint32_t mark = 2 * (static_cast<std::uint32_t>(p) + 1);
    const std::vector<std::uint32_t>& own = log.accesses_of(passage.thread);
    for (std::uint32_t i = passage.first(); i < passage.end(); ++i) {
      const WindowLog::Access& access = log.accesses()[own[i]];
      const bool wrote = marks_[access.object] == mark + 1;
      marks_[access.object] = mark + (wrote || access.writes ? 1 : 0);
    }
    for (std::uint32_t i = passage.arrived; i < passage.left; ++i) {
      const WindowLog::Access& access = log.accesses()[i];
      const std::uint32_t seen = marks_[access.object];
      if (seen != mark + 1 && !(seen == mark && access.writes)) continue;
      out_.conflicted.add(passage.window);
      break;
    }
  }
}

void CoverageAnalysis::place_accesses(const WindowLog& log) {
  around_.assign(log.accesses().size(), {});
  for (const Passage& passage : log.passages()) {
    const std::vector<std::uint32_t>& own = log.accesses_of(passage.thread);
    for (std::uint32_t i = passage.first(); i < passage.at; ++i) around_[own[i]].after = passage.window;
    for (std::uint32_t i = passage.at; i < passage.end(); ++i) around_[own[i]].before = passage.window;
  }
}

void CoverageAnalysis::find_orders(const WindowLog& log) {
  place_accesses(log);
  recent_.assign(log.objects(), {no_access, {}, 0});
  for (std::uint32_t i = 0; i < log.accesses().size(); ++i) {
    const WindowLog::Access& access = log.accesses()[i];
    Recent& recent = recent_[access.object];
    if (recent.writer != no_access) note_order(log, recent.writer, i);
    if (!access.writes) {
      recent.readers[recent.reads++ % Recent::readers_max] = i;
      continue;
    }
    const std::uint32_t kept = std::min(recent.reads, Recent::readers_max);
    for (std::uint32_t r = 0; r < kept; ++r) note_order(log, recent.readers[r], i);
    recent.writer = i;
    recent.reads = 0;
  }
}

void CoverageAnalysis::note_order(const WindowLog& log, std::uint32_t first, std::uint32_t second) {
  if (log.accesses()[first].thread == log.accesses()[second].thread) return;
  const Around& a = around_[first];
  const Around& b = around_[second];
  note_order(a.before, b.before);
  note_order(a.before, b.after);
  note_order(a.after, b.before);
  note_order(a.after, b.after);
}

void CoverageAnalysis::note_order(rt::Window first, rt::Window second) {
  if (first == rt::Window::count || second == rt::Window::count) return;
  bool& seen = seen_[pair_index(static_cast<std::size_t>(first), static_cast<std::size_t>(second))];
  if (seen) return;
  seen = true;
  out_.orders.emplace_back(first, second);
}

void SharedCoverage::add(std::array<Count, window_count>& counts, const WindowSet& windows) {
  for (std::size_t i = 0; i < window_count; ++i) {
    if (windows.has(static_cast<rt::Window>(i))) counts[i].fetch_add(1, relaxed);
  }
}

void SharedCoverage::add(const WindowSet& entered, const WindowSet& switched, const RunCoverage& run) {
  add(entered_, entered);
  add(switched_, switched);
  add(conflicted_, run.conflicted);
  for (const auto& [first, second] : run.orders) {
    orders_[pair_index(static_cast<std::size_t>(first), static_cast<std::size_t>(second))].fetch_add(1, relaxed);
  }
}

Coverage SharedCoverage::sums() const {
  Coverage out;
  out.windows.resize(window_count);
  for (std::size_t a = 0; a < window_count; ++a) {
    out.windows[a].entered = entered_[a].load(relaxed);
    out.windows[a].switched = switched_[a].load(relaxed);
    out.windows[a].conflicted = conflicted_[a].load(relaxed);
    for (std::size_t b = a; b < window_count; ++b) {
      PairCoverage pair = {static_cast<rt::Window>(a), static_cast<rt::Window>(b)};
      pair.forward = orders_[pair_index(a, b)].load(relaxed);
      pair.backward = orders_[pair_index(b, a)].load(relaxed);
      if (pair.forward + pair.backward == 0) continue;
      out.pairs.push_back(pair);
    }
  }
  for (const PairCoverage& pair : out.pairs) {
    for (const rt::Window window : {pair.first, pair.second}) {
      WindowCoverage& sums = out.windows[static_cast<std::size_t>(window)];
      ++sums.pairs;
      if (pair.both()) ++sums.pairs_in_both;
      if (pair.first == pair.second) break;
    }
  }
  return out;
}

}  // namespace jitterbug
