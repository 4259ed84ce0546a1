#include "harness/schedule/whereabouts.h"

#include <algorithm>
#include <bit>

#include "harness/base/draw.h"
#include "harness/run/step_text.h"
#include "harness/strategy/conflict.h"

namespace jitterbug {
namespace {

constexpr std::size_t windows_count = static_cast<std::size_t>(rt::Window::count);

constexpr std::uint64_t mix(std::uint64_t h, std::uint64_t word) {
  return (std::rotl(h, 29) ^ word) * 0x9e3779b97f4a7c15u;
}

constexpr std::uint64_t anchor_key(ThreadId thread, rt::Window window, std::uint32_t occurrence) {
  return mix(mix(thread + 1, static_cast<std::uint64_t>(window)), occurrence);
}

constexpr std::uint64_t operation_key(std::uint64_t anchor, rt::engine::OpKind kind, std::uint64_t file,
                                      std::uint32_t nth) {
  return mix(mix(mix(anchor, static_cast<std::uint64_t>(kind)), file), nth);
}

std::string_view stem_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  return path.substr(0, path.find('.'));
}

}  // namespace

void Whereabouts::thread_started(ThreadId thread, std::string_view role) {
  if (threads_.size() <= thread) threads_.resize(thread + 1);
  count_ = std::max<std::size_t>(count_, thread + 1);
  Thread& t = threads_[thread];
  t.role = role;
  t.window = t.window_before = rt::Window::count;
  t.occurrence = 0;
  t.windows.assign(windows_count, 0);
  t.earlier_count = 0;
  t.since.clear();
  t.standing = 0;
  t.questions.fill(0);
  t.key = anchor_key(thread, t.window, 0);
}

void Whereabouts::announces(ThreadId thread, const Op& op) {
  Thread& t = threads_[thread];
  if (op.kind != rt::engine::OpKind::window) return count_operation(t, op);
  if (t.occurrence != 0) {
    std::copy_backward(t.earlier.begin(), t.earlier.end() - 1, t.earlier.end());
    t.earlier.front() = {t.window, t.occurrence};
    t.earlier_count = std::min(t.earlier_count + 1, windows_kept);
  }
  t.window_before = t.since.empty() ? t.window : rt::Window::count;
  t.window = op.window;
  t.occurrence = ++t.windows[static_cast<std::size_t>(op.window)];
  t.since.clear();
  t.standing = 0;
  t.key = anchor_key(thread, t.window, t.occurrence);
}

void Whereabouts::count_operation(Thread& t, const Op& op) {
  const std::uint32_t file = file_of(op.site.file());
  const auto same = [&](const Tally& tally) { return tally.kind == op.kind && tally.file == file; };
  auto at = std::find_if(t.since.begin(), t.since.end(), same);
  if (at == t.since.end()) at = t.since.insert(at, {op.kind, file, 0});
  ++at->count;
  t.on = rt::engine::name_of(word_of(op));
  t.standing = static_cast<std::size_t>(at - t.since.begin());
  const auto thread = static_cast<ThreadId>(&t - threads_.data());
  t.key = operation_key(anchor_key(thread, t.window, t.occurrence), op.kind, files_[file].hash, at->count);
}

// A header's path is another literal in each object file, so paths are compared by text. The
// literal that a file had last is compared first, by address.
std::uint32_t Whereabouts::file_of(const char* path) {
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (files_[i].path == path) return static_cast<std::uint32_t>(i);
  }
  const std::string_view stem = stem_of(path);
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (files_[i].stem == stem) {
      files_[i].path = path;
      return static_cast<std::uint32_t>(i);
    }
  }
  files_.push_back({path, std::string(stem), hash(stem)});
  return static_cast<std::uint32_t>(files_.size() - 1);
}

ThreadName Whereabouts::name(ThreadId thread) const {
  if (thread >= count_) return {"", thread};
  return {threads_[thread].role, thread};
}

Point Whereabouts::point(ThreadId thread) const {
  Point point;
  point.thread = name(thread);
  const Thread& t = threads_[thread];
  point.window = t.window;
  point.occurrence = t.occurrence;
  if (t.standing >= t.since.size()) return point;
  const Tally& tally = t.since[t.standing];
  point.kind = tally.kind;
  point.file = files_[tally.file].stem;
  point.nth = tally.count;
  point.on = to_text(t.on);
  return point;
}

std::optional<Point> Whereabouts::window_just_before(ThreadId thread) const {
  const Thread& t = threads_[thread];
  if (t.window_before == rt::Window::count || !t.since.empty()) return std::nullopt;
  Point point;
  point.thread = name(thread);
  point.window = t.window_before;
  point.occurrence = t.windows[static_cast<std::size_t>(t.window_before)];
  return point;
}

std::vector<Point> Whereabouts::windows_before(ThreadId thread) const {
  const Thread& t = threads_[thread];
  std::vector<Point> points;
  for (std::size_t i = 0; i < t.earlier_count; ++i) {
    points.push_back(Point{name(thread), t.earlier[i].first, t.earlier[i].second, rt::engine::OpKind::count, {}, 0});
  }
  return points;
}

std::uint64_t Whereabouts::key_of(const Point& point) {
  const std::uint64_t anchor = anchor_key(point.thread.id, point.window, point.occurrence);
  if (point.nth == 0) return anchor;
  return operation_key(anchor, point.kind, hash(point.file), point.nth);
}

}  // namespace jitterbug
