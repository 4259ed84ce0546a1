"""C++ rules of this project: the native ones, with the standard library precompiled."""

_UNWATCHED = ["-fno-sanitize=thread"]

def _precompiled(label, variable, kwargs):
    return dict(
        kwargs,
        copts = kwargs.get("copts", []) + ["$(%s)" % variable],
        deps = kwargs.get("deps", []) + [label],
        toolchains = [label],
    )

def with_googletest(**kwargs):
    """Arguments of a native C++ rule whose sources are tests."""
    return _precompiled("//bazel:googletest", "GOOGLETEST", kwargs)

def cc_library(name, watched = True, **kwargs):
    """A cc_library.

    Args:
      name: of the library.
      watched: whether ThreadSanitizer looks into it.
      **kwargs: passed on.
    """
    if watched:
        kwargs = _precompiled("//bazel:standard_library", "STANDARD_LIBRARY", kwargs)
    else:
        kwargs["copts"] = kwargs.get("copts", []) + _UNWATCHED
        kwargs = _precompiled("//bazel:standard_library_unwatched", "STANDARD_LIBRARY", kwargs)
    native.cc_library(name = name, **kwargs)

def cc_binary(name, **kwargs):
    native.cc_binary(name = name, **_precompiled("//bazel:standard_library", "STANDARD_LIBRARY", kwargs))

def cc_test(name, **kwargs):
    native.cc_test(name = name, **with_googletest(**kwargs))
