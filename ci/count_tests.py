#!/usr/bin/python3
"""Prints "N passed, N failed" for a build event file of `bazel test`.

Counts test targets. A test that was not built, or was built and not run, has
failed. When Bazel fails for a reason that no test shows, the build counts as one
failure. The exit code is Bazel's, or 1 if something failed or nothing was tested.
"""

import argparse
import json
import sys


def verdicts(lines):
    """Label of each test target -> Bazel's verdict; NO_STATUS: it was not run."""
    status = {}
    for line in lines:
        event = json.loads(line)
        kind = event.get("id", {})
        if "targetConfigured" in kind and "_test rule" in event.get("configured", {}).get("targetKind", ""):
            status.setdefault(kind["targetConfigured"]["label"], "NO_STATUS")
        elif "testSummary" in kind:
            status[kind["testSummary"]["label"]] = event.get("testSummary", {}).get("overallStatus", "NO_STATUS")
    return status


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bazel-exit-code", type=int, default=0)
    parser.add_argument("events")
    options = parser.parse_args()
    code = options.bazel_exit_code

    with open(options.events, encoding="utf-8") as lines:
        status = verdicts(lines)
    failed = sorted(label for label in status if status[label] != "PASSED")
    passed = len(status) - len(failed)
    tests_failed = 3
    explained = code == tests_failed and failed or any(status[label] == "NO_STATUS" for label in failed)
    for label in failed:
        print(f"FAILED {label}")
    if code and not explained:
        failed.append("the build")
        print(f"FAILED the build: bazel ended with exit code {code}")
    print(f"{passed} passed, {len(failed)} failed")
    return code or (0 if passed and not failed else 1)


if __name__ == "__main__":
    sys.exit(main())
