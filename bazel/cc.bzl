"""C++ rules of this project: the native ones, with the standard library precompiled."""

def with_standard_library(copts = [], deps = [], **kwargs):
    """Arguments of a native C++ rule whose sources use the precompiled standard library."""
    return dict(
        kwargs,
        copts = copts + ["$(STANDARD_LIBRARY)"],
        deps = deps + ["//bazel:standard_library"],
        toolchains = ["//bazel:standard_library"],
    )

def with_googletest(copts = [], deps = [], **kwargs):
    """Arguments of a native C++ rule whose sources use the precompiled GoogleTest."""
    return dict(
        kwargs,
        copts = copts + ["$(GOOGLETEST)"],
        deps = deps + ["//bazel:googletest"],
        toolchains = ["//bazel:googletest"],
    )

def cc_library(name, **kwargs):
    native.cc_library(name = name, **with_standard_library(**kwargs))

def cc_binary(name, **kwargs):
    native.cc_binary(name = name, **with_standard_library(**kwargs))

def cc_test(name, **kwargs):
    native.cc_test(name = name, **with_googletest(**kwargs))
