"""Tests that run plain and under sanitizers, side by side in one `bazel test //...`."""

load("//bazel:cc.bzl", "with_googletest")

_FLAGS = {
    "none": ([], []),
    "tsan": (["-fsanitize=thread"], ["-fsanitize=thread"]),
    "asan": (["-fsanitize=address"], ["-fsanitize=address"]),
    "ubsan": (
        ["-fsanitize=undefined", "-fno-sanitize-recover=all"],
        ["-fsanitize=undefined", "-fsanitize-link-c++-runtime"],
    ),
    # For programs that libFuzzer drives, see fuzzing.bzl. They live on speed.
    "asan-fuzzer": (["-O2", "-fsanitize=address"], ["-fsanitize=address"]),
    "tsan-fuzzer": (["-O2", "-fsanitize=thread"], ["-fsanitize=thread"]),
}

# Options for code whose coverage guides a fuzzer. Not all of it: what the harness does
# is noise to a search for what the scheduler does. No comparisons: mutations of plans do
# not guess numbers.
_COVERED = ["-fsanitize-coverage=inline-8bit-counters,pc-table"]
GUIDES_FUZZERS = select({
    "//bazel:is_asan-fuzzer": _COVERED,
    "//bazel:is_tsan-fuzzer": _COVERED,
    "//conditions:default": [],
})
_READABLE_STACKS = ["-gline-tables-only", "-O1", "-fno-omit-frame-pointer"]

SANITIZERS = sorted(_FLAGS.keys())

_ASAN = "strict_init_order=1:strip_path_prefix=/proc/self/cwd/"

# For the env of a test that AddressSanitizer shall find uses of frames after their
# return in. It copies frames for that, for each stack anew, and a simulated run has a
# hundred stacks: copies would make up nine tenths of the time of most tests.
FINDS_USE_AFTER_RETURN = {"ASAN_OPTIONS": "detect_stack_use_after_return=1:" + _ASAN}

# For the env of a test in which many processes die and their reports are not read: a
# report's names take a second to look up.
REPORTS_GO_UNREAD = {"ASAN_OPTIONS": "detect_stack_use_after_return=0:symbolize=0:" + _ASAN}

SANITIZER_OPTIONS = {
    "tsan": {"TSAN_OPTIONS": "exitcode=66:second_deadlock_stack=1:history_size=4:" +
                             "strip_path_prefix=/proc/self/cwd/:suppressions=bazel/tsan.supp"},
    "asan": {"ASAN_OPTIONS": "detect_stack_use_after_return=0:" + _ASAN},
    "ubsan": {"UBSAN_OPTIONS": "print_stacktrace=1:strip_path_prefix=/proc/self/cwd/"},
}

_SETTINGS = [
    "//command_line_option:copt",
    "//command_line_option:linkopt",
    "//command_line_option:strip",
    "//bazel:sanitizer",
]

def _transition_impl(settings, attr):
    # Unchanged settings share their objects with every other target of the build.
    if attr.sanitizer == "none":
        return settings
    copts, linkopts = _FLAGS[attr.sanitizer]
    return {
        "//command_line_option:copt": settings["//command_line_option:copt"] + _READABLE_STACKS + copts,
        "//command_line_option:linkopt": settings["//command_line_option:linkopt"] + linkopts,
        "//command_line_option:strip": "never",
        "//bazel:sanitizer": attr.sanitizer,
    }

sanitizer_transition = transition(
    implementation = _transition_impl,
    inputs = _SETTINGS,
    outputs = _SETTINGS,
)

def _sanitized_binary_impl(ctx):
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = program, target_file = ctx.executable.binary, is_executable = True)
    data = ctx.attr.binary[0][DefaultInfo].default_runfiles  # a list, because a transition is attached
    return [DefaultInfo(executable = program, runfiles = ctx.runfiles([ctx.executable.binary]).merge(data))]

# A program as one sanitizer has it, beside the ordinary one, and what it needs at run time.
sanitized_binary = rule(
    implementation = _sanitized_binary_impl,
    executable = True,
    attrs = {
        "binary": attr.label(cfg = sanitizer_transition, executable = True, mandatory = True),
        "sanitizer": attr.string(values = SANITIZERS, mandatory = True),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)

# Why a launcher:
#  * This Bazel announces TEST_PREMATURE_EXIT_FILE but never looks at it: a test that
#    reaches _exit(0) half-way would count as passed.
#  * `trap :` keeps the shell alive on SIGTERM, so that the test can say where it hangs.
#  * must_fail_with turns the verdict round: the seeded error has to be found.
_LAUNCHER = """#!/bin/bash
trap : TERM
cd "${{TEST_SRCDIR:-$0.runfiles}}/{workspace}" || exit 99
expected={expected}
output=/dev/stdout
[[ -n $expected ]] && output=$TEST_TMPDIR/output
"./{binary}" "$@" >"$output" 2>&1 &
pid=$!
wait $pid; code=$?
while kill -0 $pid 2>/dev/null; do wait $pid; code=$?; done
if [[ -n $expected ]]; then
  cat "$output"
  if ((code != 0)) && grep -qE -- "$expected" "$output"; then
    rm -f "$TEST_PREMATURE_EXIT_FILE" "$XML_OUTPUT_FILE"
    echo "OK: failed as expected (exit code $code)"
    exit 0
  fi
  echo "FAIL: expected a failure that says /$expected/, got exit code $code"
  exit 98
fi
if ((code == 0)) && [[ -n $TEST_PREMATURE_EXIT_FILE && -e $TEST_PREMATURE_EXIT_FILE ]]; then
  echo "FAIL: exit code 0, but the tests did not run to their end"
  exit 97
fi
exit $code
"""

def _quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"

def _sanitized_test_impl(ctx):
    launcher = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(launcher, _LAUNCHER.format(
        workspace = ctx.workspace_name,
        binary = ctx.executable.binary.short_path,
        expected = _quoted(ctx.attr.must_fail_with),
    ), is_executable = True)
    binary = ctx.attr.binary[0]  # a list, because a transition is attached
    runfiles = ctx.runfiles(files = ctx.files.data + ctx.files.programs + [ctx.executable.binary])
    return [
        DefaultInfo(executable = launcher, runfiles = runfiles.merge(binary[DefaultInfo].default_runfiles)),
        testing.TestEnvironment(ctx.attr.env),
    ]

sanitized_test = rule(
    implementation = _sanitized_test_impl,
    test = True,
    attrs = {
        "binary": attr.label(cfg = sanitizer_transition, executable = True, mandatory = True),
        "sanitizer": attr.string(values = SANITIZERS, mandatory = True),
        "must_fail_with": attr.string(),
        "env": attr.string_dict(),
        "data": attr.label_list(allow_files = True),
        "programs": attr.label_list(cfg = sanitizer_transition, allow_files = True),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)

_OF_THE_TEST = ["size", "timeout", "shard_count", "args", "local"]

def sched_test(
        name,
        srcs,
        deps = [],
        sanitizers = ["none", "tsan", "asan"],
        must_fail_with = {},
        tags = [],
        data = [],
        programs = [],
        env = {},
        main = "@com_google_googletest//:gtest_main",
        **kwargs):
    """One test program, built and run once per sanitizer: <name>, <name>_tsan, <name>_asan, <name>_ubsan.

    Args:
      name: base name.
      srcs: sources of the test.
      deps: C++ dependencies; all of them are rebuilt for each sanitizer.
      sanitizers: of "none", "tsan", "asan", "ubsan".
      must_fail_with: sanitizer -> extended regular expression; the test passes
        when the program fails and says so. For errors that are there on purpose.
      tags: of each test; "san:<sanitizer>" is added. "nightly" keeps it out of scripts/test.
      data: files the program reads.
      programs: programs it runs; they are built like the test.
      env: environment of the program, added to the sanitizer's options.
      main: the library with main(); None if the sources have one.
      **kwargs: size, timeout, shard_count, args, local go to the tests, the rest to the cc_binary.
    """
    of_the_test = {k: kwargs.pop(k) for k in _OF_THE_TEST if k in kwargs}
    native.cc_binary(
        name = name + "_program",
        testonly = True,
        srcs = srcs,
        tags = ["manual"],
        **with_googletest(
            deps = deps + ["//bazel:sanitizer_hooks"] + ([main] if main else []),
            **kwargs
        )
    )
    for sanitizer in sanitizers:
        options = dict(SANITIZER_OPTIONS.get(sanitizer, {}))
        options.update(env)
        sanitized_test(
            name = name if sanitizer == "none" else name + "_" + sanitizer,
            binary = name + "_program",
            data = data + ["//bazel:tsan.supp"],
            programs = programs,
            env = options,
            must_fail_with = must_fail_with.get(sanitizer, ""),
            sanitizer = sanitizer,
            tags = tags + ["san:" + sanitizer],
            **of_the_test
        )
