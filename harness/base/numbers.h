#pragma once
// Numbers as a person reads them, and what they come down to.

#include <cstdint>
#include <string>
#include <vector>

namespace jitterbug {

std::string rate(double per_second);         // "950", "12.3 k", "4.56 M"
std::string elapsed(double seconds);         // "0.004 s", "12.3 s", "2m05s", "1h02m"
std::string hex_digest(std::uint64_t digest);  // 16 digits
std::string plural(std::uint64_t n, const char* one, const char* many);  // "1 schedule", "2 schedules"

double median(std::vector<double> values);  // 0: of none

}  // namespace jitterbug
