#pragma once

#include <cstdint>

namespace rt {

// Who owns a P; see p.h.
enum class PStatus : std::uint32_t { idle, running, syscall };

}  // namespace rt
