#include "harness/tool/tool.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iostream>

#include "harness/base/interrupt.h"
#include "harness/run/backend.h"
#include "harness/tool/verb.h"

namespace jitterbug {
namespace {

std::vector<std::unique_ptr<Verb>>& registry() {
  static std::vector<std::unique_ptr<Verb>> all;
  return all;
}

// "hunt, score, replay or list"
std::string names_of_verbs() {
  std::string names;
  for (std::size_t i = 0; i < verbs().size(); ++i) {
    if (i > 0) names += i + 1 == verbs().size() ? " or " : ", ";
    names += verbs()[i]->name();
  }
  return names;
}

void check_verb(const std::string& typed) {
  const bool known =
      std::any_of(verbs().begin(), verbs().end(), [&](const auto& verb) { return verb->name() == typed; });
  if (!typed.empty() && typed[0] != '-' && !known) throw UsageError("no verb '" + typed + "': " + names_of_verbs());
}

// Null: help was asked for, and shown.
Verb* parse(CLI::App& app, int argc, char** argv) {
  check_verb(argc > 1 ? argv[1] : "");
  app.require_subcommand(1);
  for (const auto& verb : verbs()) verb->declare(*app.add_subcommand(verb->name(), verb->sentence()));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    app.exit(e, std::cout, std::cerr);
    return nullptr;
  } catch (const CLI::ParseError& e) {
    std::string message = e.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    throw UsageError(message);
  }
  const std::string chosen = app.get_subcommands().front()->get_name();
  return std::find_if(verbs().begin(), verbs().end(), [&](const auto& verb) { return verb->name() == chosen; })->get();
}

int complain(const std::exception& error, Exit code) {
  std::fprintf(stderr, "jitterbug: %s\n", error.what());
  return static_cast<int>(code);
}

}  // namespace

RegisteredVerb::RegisteredVerb(std::unique_ptr<Verb> verb) {
  const auto before = [](const std::unique_ptr<Verb>& a, const std::unique_ptr<Verb>& b) {
    return a->rank() < b->rank();
  };
  registry().insert(std::upper_bound(registry().begin(), registry().end(), verb, before), std::move(verb));
}

const std::vector<std::unique_ptr<Verb>>& verbs() { return registry(); }

int run_tool(int argc, char** argv) {
  try {
    CLI::App app("Hunts races in a G/M/P scheduler, in a deterministic simulation and on real threads.", "jitterbug");
    Verb* verb = parse(app, argc, argv);
    if (verb == nullptr) return static_cast<int>(Exit::good);
    verb->read();
    return static_cast<int>(verb->run(argv));
  } catch (const UsageError& error) {
    return complain(error, Exit::usage);
  } catch (const ImpossibleError& error) {
    return complain(error, Exit::impossible);
  } catch (const std::exception& error) {
    return complain(error, Exit::tool);
  }
}

}  // namespace jitterbug
