// Says who compiled it, how, and that the sources of its dependencies came along.

#include <cstdio>

#include "runtime/os/os.h"

int main() {
#if defined(__clang__)
  const char* compiler = "clang";
#else
  const char* compiler = "gcc";
#endif
#if defined(__OPTIMIZE__)
  const char* how = "optimised";
#else
  const char* how = "plain";
#endif
  const bool time_passes = rt::os::now() > 0;
  std::printf("%s %s %s %d\n", compiler, how, rt::os::flavor, time_passes);
}
