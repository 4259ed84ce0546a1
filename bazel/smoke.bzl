"""Runs of programs that no other test runs: benchmarks, and what is built for people."""

load("//bazel:sanitizers.bzl", "SANITIZER_OPTIONS", "sanitized_test")

def smoke_test(name, program, args, brings = "none", size = "small", tags = [], **kwargs):
    """A test in which a program does little and has to end well, or badly if must_fail_with says so.

    Args:
      name: of the test.
      program: a binary, as it is.
      args: of the program.
      brings: the sanitizer that the program is built with.
      size: of the test.
      tags: of the test; "san:<sanitizer>" is added.
      **kwargs: of the sanitized_test.
    """
    sanitized_test(
        name = name,
        size = size,
        args = args,
        binary = program,
        data = ["//bazel:tsan.supp"],
        env = SANITIZER_OPTIONS.get(brings, {}),
        sanitizer = "none",
        tags = tags + ["san:" + brings],
        **kwargs
    )
