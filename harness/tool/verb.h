#pragma once
// A verb of jitterbug is one file, and no list names it:
//
//   class List final : public Verb { ... };
//   const RegisteredVerb registered(std::make_unique<List>());
//
// It is known where its object is linked: the binary for real threads has fewer.

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/errors.h"

namespace jitterbug {

class Verb {
 public:
  virtual ~Verb() = default;
  virtual const char* name() const = 0;
  virtual const char* sentence() const = 0;
  virtual int rank() const = 0;  // in the help

  // In this order: says what its options are, makes sense of what was typed, does it. Each
  // throws what base/errors.h has; read() a UsageError, before anything has happened.
  virtual void declare(CLI::App& app) = 0;
  virtual void read() = 0;
  virtual Exit run(char** argv) = 0;
};

class RegisteredVerb {
 public:
  explicit RegisteredVerb(std::unique_ptr<Verb> verb);
};

// In order of rank.
const std::vector<std::unique_ptr<Verb>>& verbs();

}  // namespace jitterbug
