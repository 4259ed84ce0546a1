"""C++ rules of this project: the native ones, with the standard library precompiled."""

def _with(precompiled, copts = [], deps = [], **kwargs):
    return dict(
        kwargs,
        copts = copts + ["$(PRECOMPILED)"],
        deps = deps + [precompiled],
        toolchains = [precompiled],
    )

def with_googletest(**kwargs):
    """Arguments of a native C++ rule whose sources are tests."""
    return _with("//bazel:googletest", **kwargs)

def cc_library(name, watched = True, copts = [], **kwargs):
    """A cc_library.

    Args:
      name: of the library.
      watched: whether ThreadSanitizer looks into it.
      copts: compiler options.
      **kwargs: passed on.
    """
    if watched:
        kwargs = _with("//bazel:standard_library", copts, **kwargs)
    else:
        kwargs = _with("//bazel:standard_library_unwatched", copts + ["-fno-sanitize=thread"], **kwargs)
    native.cc_library(name = name, **kwargs)

def cc_binary(name, **kwargs):
    """A cc_binary."""
    native.cc_binary(name = name, **_with("//bazel:standard_library", **kwargs))

def cc_test(name, **kwargs):
    """A cc_test with GoogleTest, which it depends on."""
    native.cc_test(name = name, **with_googletest(**kwargs))
