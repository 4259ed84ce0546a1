#pragma once

#include <cstdint>

namespace rt {

// What a G does, and so who owns it; see g.h.
enum class GStatus : std::uint32_t { idle, runnable, running, syscall, waiting, dead };

}  // namespace rt
