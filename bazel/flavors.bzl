"""Compiles one set of runtime sources once per flavour."""

load("//bazel:cc.bzl", "cc_library")
load("//bazel:sanitizers.bzl", "GUIDES_FUZZERS")
load("//bazel:seam_cost.bzl", "seam_cost_test")

FLAVORS = ["production", "instrumented", "simulated"]

def _flavored(label, flavor):
    if ":" not in label:
        label += ":" + label.split("/")[-1]
    return label + "." + flavor

def runtime_library(name, srcs = [], hdrs = [], deps = [], **kwargs):
    """Emits <name>.production, <name>.instrumented and <name>.simulated.

    A library with sources also gets <name>.costs_nothing_test, and one .with_g++: its
    production code is the same with and without race windows and safeguards.

    Args:
      name: base name of the three libraries.
      srcs: C++ sources.
      hdrs: headers.
      deps: names of other runtime libraries, without a flavour.
      **kwargs: passed on to each cc_library.
    """
    kwargs.setdefault("visibility", ["//visibility:public"])
    for flavor in FLAVORS:
        cc_library(
            name = name + "." + flavor,
            srcs = srcs,
            hdrs = hdrs,
            copts = GUIDES_FUZZERS,
            deps = ["//runtime/os:os." + flavor] + [_flavored(d, flavor) for d in deps],
            **kwargs
        )
    if [s for s in srcs if s.endswith(".cc")]:
        seam_cost_test(
            name = name + ".costs_nothing_test",
            srcs = [s for s in srcs if s.endswith(".cc")],
            deps = [":" + name + ".production"],
        )
