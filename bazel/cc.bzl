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

def cc_library(name, watched = True, precompiled = True, copts = [], **kwargs):
    """A cc_library.

    Args:
      name: of the library.
      watched: whether ThreadSanitizer looks into it.
      precompiled: False where a source sets macros that the system's headers ask for.
      copts: compiler options.
      **kwargs: passed on.
    """
    if not watched:
        copts = copts + ["-fno-sanitize=thread"]
    if precompiled:
        kwargs = _with("//bazel:standard_library" if watched else "//bazel:standard_library_unwatched", copts, **kwargs)
    else:
        kwargs = dict(kwargs, copts = copts)
    native.cc_library(name = name, **kwargs)

def cc_binary(name, **kwargs):
    """A cc_binary."""
    native.cc_binary(name = name, **_with("//bazel:standard_library", **kwargs))

def cc_test(name, **kwargs):
    """A cc_test with GoogleTest, which it depends on."""
    native.cc_test(name = name, **with_googletest(**kwargs))
