// Prints what print_digests prints, except that its digest depends on where the
// program and its objects lie: what compare_digests.sh is there to notice.

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <memory>

int main(int argc, char** argv) {
  const auto object = std::make_unique<int>(argc);
  const auto stack = reinterpret_cast<std::uintptr_t>(&argc);
  const auto heap = reinterpret_cast<std::uintptr_t>(object.get());
  std::printf("total %s 0 %016" PRIx64 "\n", argc == 3 ? argv[2] : "0",
              static_cast<std::uint64_t>(stack * 31 + heap));
}
