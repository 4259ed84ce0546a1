#pragma once
// Which sanitizer this is compiled with: compilers spell the question differently.

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RT_ASAN 1
#elif __has_feature(thread_sanitizer)
#define RT_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define RT_ASAN 1
#elif defined(__SANITIZE_THREAD__)
#define RT_TSAN 1
#endif

namespace rt {

#ifdef RT_TSAN
inline constexpr bool races_are_reported = true;
#else
inline constexpr bool races_are_reported = false;
#endif

#ifdef RT_ASAN
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = races_are_reported;
#endif

}  // namespace rt
