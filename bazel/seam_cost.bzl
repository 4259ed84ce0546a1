"""Proves that race windows and safeguards leave no trace in production code."""

load("//bazel:foreign_build.bzl", "foreign_objects")

# The flags of an optimised production build.
_FLAGS = ["-O2", "-DNDEBUG", "-ffunction-sections", "-fdata-sections", "-fno-omit-frame-pointer", "-w"]

def seam_cost_test(name, srcs, deps, compilers = ["clang++-19", "g++"], opts = [], extra_srcs = [], expect = "same", tags = []):
    """Compiles srcs with the seam as it is and with windows and safeguards removed; compares machine code.

    The first compiler is the one of the build and gets each source by itself. Another one gets
    them as one unit: most of a compilation goes into the headers, and the claim is the same.

    Args:
      name: the test.
      srcs: production sources.
      deps: their libraries, in the production flavour.
      compilers: each is tried in turn.
      opts: options for the build that keeps the seam.
      extra_srcs: headers that opts include.
      expect: "same", or "different" to test the test.
      tags: of the test.
    """
    for compiler in compilers:
        prefix = name + ".with_" + compiler
        together = compiler != compilers[0]
        foreign_objects(
            name = prefix + ".kept",
            srcs = srcs + extra_srcs,
            compiler = compiler,
            opts = _FLAGS + opts,
            deps = deps,
            together = together,
            tags = ["manual"],
        )
        foreign_objects(
            name = prefix + ".removed",
            srcs = srcs + ["//bazel:without_seam.h"],
            compiler = compiler,
            opts = _FLAGS + ["-include", "bazel/without_seam.h"],
            deps = deps,
            together = together,
            tags = ["manual"],
        )
        kept = ":" + prefix + ".kept"
        removed = ":" + prefix + ".removed"
        native.sh_test(
            name = name if compiler == compilers[0] else prefix,
            size = "small",
            srcs = ["//bazel:compare_objects.py"],
            args = [
                "--expect=" + expect,
                "--kept",
                "$(locations %s)" % kept,
                "--removed",
                "$(locations %s)" % removed,
            ],
            data = [kept, removed],
            tags = tags,
        )
