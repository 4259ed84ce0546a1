// jitterbug list

#include <algorithm>
#include <iterator>

#include "harness/report/listing.h"
#include "harness/tool/report_to.h"
#include "harness/tool/verb.h"

namespace jitterbug {
namespace {

std::string names_of_listings() {
  std::string names;
  for (std::size_t i = 0; i < std::size(listing_names); ++i) {
    if (i > 0) names += i + 1 == std::size(listing_names) ? " or " : ", ";
    names += listing_names[i];
  }
  return names;
}

class ListVerb final : public Verb {
 public:
  const char* name() const override { return "list"; }
  const char* sentence() const override { return "what the tool knows"; }
  int rank() const override { return 7; }

  void declare(CLI::App& app) override {
    app.add_option("what", what_, names_of_listings())->required();
    app.add_flag("--json", json_, "as one JSON object");
  }

  void read() override {
    const bool known = std::find(std::begin(listing_names), std::end(listing_names), what_) != std::end(listing_names);
    if (!known) throw UsageError("no list of '" + what_ + "': " + names_of_listings());
  }

  Exit run(char**) override {
    const Listing listing = make_listing(what_);
    print(json_ ? listing_json(listing) : listing_text(listing));
    return Exit::good;
  }

 private:
  std::string what_;
  bool json_ = false;
};

const RegisteredVerb registered(std::make_unique<ListVerb>());

}  // namespace
}  // namespace jitterbug
