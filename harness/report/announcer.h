#pragma once
// Says at once what a campaign finds, one line each, so that it is known even if
// the campaign is killed the moment after.

#include <set>
#include <string>

#include "harness/report/progress.h"
#include "harness/run/record.h"

namespace jitterbug {

class Announcer {
 public:
  enum class Where { standard_output, standard_error };
  // The progress line makes way; it must outlive this.
  Announcer(Where where, ProgressLine& line) : where_(where), line_(line) {}

  // Announces the first finding of each oracle and sentence, as the report shows
  // them. Returns when the line has left the process. Throws ToolError.
  void found(const Finding& finding);

  bool said_anything() const { return !said_.empty(); }

 private:
  Where where_;
  ProgressLine& line_;
  std::set<std::string> said_;
};

}  // namespace jitterbug
