#include "harness/report/announcer.h"

#include <cstdio>

#include "harness/base/errors.h"
#include "harness/report/text.h"

namespace jitterbug {

void Announcer::found(const Finding& finding) {
  if (!said_.insert(finding_key(finding.record, AtWindows::alike)).second) return;
  line_.clear();
  std::FILE* to = where_ == Where::standard_output ? stdout : stderr;
  std::fputs(announcement_text(finding).c_str(), to);
  if (std::fflush(to) != 0) throw ToolError("cannot announce a finding");
}

}  // namespace jitterbug
