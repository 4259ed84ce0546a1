#include "harness/run/edits.h"

#include <charconv>

namespace jitterbug {
namespace {

// Reads one edit from the front of the text; what is left of it stays there.
class EditReader {
 public:
  explicit EditReader(std::string_view text) : rest_(text) {}

  std::optional<Edit> read() {
    Edit edit;
    if (!number(edit.at) || rest_.empty()) return std::nullopt;
    const char kind = rest_.front();
    rest_.remove_prefix(1);
    switch (kind) {
      case 'r':
        edit.kind = EditKind::run;
        return number(edit.value) && skip('x') ? length(edit, Edit::run_log2_max) : std::nullopt;
      case 'h': edit.kind = EditKind::hold; return length(edit, Edit::hold_log2_max);
      case 'w': edit.kind = EditKind::windows; return number(edit.value) ? std::optional(edit) : std::nullopt;
      default: return std::nullopt;
    }
  }
  bool skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool done() const { return rest_.empty(); }

 private:
  bool number(std::uint64_t& value) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc()) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return true;
  }
  std::optional<Edit> length(Edit& edit, std::uint32_t max) {
    std::uint64_t log2 = 0;
    if (!number(log2) || log2 > max) return std::nullopt;
    edit.length_log2 = static_cast<std::uint32_t>(log2);
    return edit;
  }

  std::string_view rest_;
};

std::string to_text(const Edit& edit) {
  const std::string at = std::to_string(edit.at);
  switch (edit.kind) {
    case EditKind::run: return at + "r" + std::to_string(edit.value) + "x" + std::to_string(edit.length_log2);
    case EditKind::hold: return at + "h" + std::to_string(edit.length_log2);
    case EditKind::windows: return at + "w" + std::to_string(edit.value);
  }
  return at;
}

}  // namespace

std::string to_text(const std::vector<Edit>& edits) {
  std::string text;
  for (const Edit& edit : edits) text += (text.empty() ? "" : ".") + to_text(edit);
  return text;
}

std::optional<std::vector<Edit>> parse_edits(std::string_view text, std::string& message) {
  std::vector<Edit> edits;
  EditReader reader(text);
  do {
    const std::string number = std::to_string(edits.size() + 1);
    const std::optional<Edit> edit = reader.read();
    if (!edit) {
      message = "edit " + number + " is not of the form STEPrWHOxLENGTH, STEPhLENGTH or STEPwSEED";
      return std::nullopt;
    }
    if (!edits.empty() && edit->at < edits.back().at) {
      message = "edit " + number + " is due before the one that it follows";
      return std::nullopt;
    }
    edits.push_back(*edit);
  } while (reader.skip('.'));
  if (reader.done()) return edits;
  message = "a point is expected after edit " + std::to_string(edits.size());
  return std::nullopt;
}

}  // namespace jitterbug
