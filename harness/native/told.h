#pragma once
// What a run on real threads says of itself before it is over: lines of words separated by tabs.

namespace jitterbug::told {

inline constexpr const char* finding = "finding";      // NUMBER INVARIANT SENTENCE
inline constexpr const char* accepted = "accepted";    // the scheduler gives up, and is right
inline constexpr const char* stands = "stands";        // STATE: it hangs, and was asked where
inline constexpr const char* parameter = "parameter";  // NAME VALUE
inline constexpr const char* window = "window";        // THREAD NAME: the last one it passed

}  // namespace jitterbug::told
