#pragma once
// What the tool knows: the lists of `jitterbug list`.

#include <string>
#include <string_view>
#include <vector>


namespace jitterbug {

// One list. Each entry has a value for each key; the first key identifies it.
struct Listing {
  std::string name;                  // "windows"
  std::vector<std::string> keys;     // of the JSON objects
  std::vector<std::string> shown;    // those a person sees, in order
  std::vector<std::vector<std::string>> entries;
};

inline constexpr std::string_view listing_names[] = {"windows",    "safeguards", "stressors", "workloads",
                                                     "strategies", "oracles",    "noise",     "build"};

// `name` is one of listing_names.
Listing make_listing(std::string_view name);

std::string listing_text(const Listing& listing);
std::string listing_json(const Listing& listing);  // {"windows":[{...}]}

}  // namespace jitterbug
