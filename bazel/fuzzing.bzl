"""Programs that libFuzzer drives, and tests that run them over their corpora.

Only the program is linked with the engine; its libraries are compiled for a sanitizer, and
those with GUIDES_FUZZERS among their options also for coverage. See sanitizers.bzl.
"""

load("//bazel:cc.bzl", "cc_binary")
load("//bazel:sanitizers.bzl", "SANITIZER_OPTIONS", "sanitized_binary", "sanitized_test")

def cc_fuzzer(name, srcs = [], deps = [], **kwargs):
    """A program with libFuzzer's main(), for people: <name>_asan and <name>_tsan, built on demand.

    Args:
      name: base name.
      srcs: C++ sources.
      deps: C++ dependencies; one of them or srcs defines LLVMFuzzerTestOneInput.
      **kwargs: of the cc_binary <name>_program.
    """
    cc_binary(
        name = name + "_program",
        srcs = srcs,
        linkopts = ["-fsanitize=fuzzer"],
        linkstatic = True,
        tags = ["manual"],
        deps = deps,
        **kwargs
    )
    for sanitizer in ["asan", "tsan"]:
        sanitized_binary(
            name = name + "_" + sanitizer,
            binary = name + "_program",
            sanitizer = sanitizer + "-fuzzer",
            tags = ["manual"],
        )

def cc_fuzz_test(name, corpus, srcs = [], deps = [], sanitizers = ["asan"], size = "small", args = [], **kwargs):
    """A cc_fuzzer, and a test that gives it each file of a corpus once: <name>, or <name>_tsan.

    Args:
      name: base name.
      corpus: files.
      srcs: C++ sources.
      deps: C++ dependencies.
      sanitizers: of "asan" and "tsan", those to test with.
      size: of the tests.
      args: of the program, before the corpus.
      **kwargs: of the cc_binary.
    """
    cc_fuzzer(name, srcs, deps, **kwargs)
    for sanitizer in sanitizers:
        sanitized_test(
            name = name if sanitizer == "asan" else name + "_" + sanitizer + "_test",
            size = size,
            args = args + ["$(location %s)" % file for file in corpus],
            binary = name + "_program",
            data = corpus + ["//bazel:tsan.supp"],
            env = SANITIZER_OPTIONS[sanitizer],
            sanitizer = sanitizer + "-fuzzer",
            tags = ["fuzz-test", "san:" + sanitizer],
        )
