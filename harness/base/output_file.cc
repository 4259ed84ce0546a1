#include "harness/base/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "harness/base/errors.h"

namespace jitterbug {
namespace {

[[noreturn]] void refuse(const std::string& path, const char* why) {
  throw UsageError("cannot write '" + path + "': " + why);
}

mode_t default_mode() {
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

}  // namespace

OutputFile::OutputFile(std::string path) : path_(std::move(path)), target_(path_) {
  if (path_.empty()) refuse(path_, "the path is empty");
  if (path_ == "-") {
    descriptor_ = STDOUT_FILENO;
    return;
  }
  struct stat info;
  mode_ = default_mode();
  if (stat(path_.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) refuse(path_, "it is a directory");
    if (access(path_.c_str(), W_OK) != 0) refuse(path_, std::strerror(errno));
    if (!S_ISREG(info.st_mode)) {  // a device or a pipe is written to, never replaced
      descriptor_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
      if (descriptor_ < 0) refuse(path_, std::strerror(errno));
      return;
    }
    mode_ = info.st_mode & 07777;
    // Through a link, the file it leads to is replaced, not the link.
    if (char* real = realpath(path_.c_str(), nullptr)) {
      target_ = real;
      std::free(real);
    }
  }
  replaced_ = true;
  if (!make_temporary()) refuse(path_, std::strerror(errno));
  // It was there to try: a process that is killed leaves none behind.
  drop_temporary();
}

bool OutputFile::make_temporary() {
  temporary_ = target_ + ".XXXXXX";
  descriptor_ = mkostemp(temporary_.data(), O_CLOEXEC);
  if (descriptor_ < 0) {
    temporary_.clear();
    return false;
  }
  fchmod(descriptor_, mode_);
  return true;
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0 && descriptor_ != STDOUT_FILENO) close(descriptor_);
}

void OutputFile::drop_temporary() {
  close(descriptor_);
  descriptor_ = -1;
  unlink(temporary_.c_str());
  temporary_.clear();
}

void OutputFile::give_up() {
  const int error = errno;
  if (!temporary_.empty()) drop_temporary();
  throw ToolError("cannot write '" + path_ + "': " + std::strerror(error));
}

void OutputFile::write(std::string_view text) {
  if (replaced_ && !make_temporary()) give_up();
  while (!text.empty()) {
    const ssize_t n = ::write(descriptor_, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) give_up();
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  if (!replaced_) return;
  if (rename(temporary_.c_str(), target_.c_str()) != 0) give_up();
  close(descriptor_);
  descriptor_ = -1;
  temporary_.clear();
}

}  // namespace jitterbug
