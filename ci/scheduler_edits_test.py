#!/usr/bin/python3
"""scheduler_edits_test.py LAYERS: whoever edits the scheduler can hunt the edit.

Ordinary edits of runtime/sched, one after the other, each in a copy of the tree that
ci/layers.txt lies in: after each the hunter builds, and hunts. Edits that change nothing
must also pass. An edit whose place is gone is named; it has to be replaced by another one.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# What was done, the file, a pattern that occurs in it once, what stands there afterwards, and
# whether the scheduler still does what it did.
EDITS = [
    ("two statements are exchanged", "schedule.cc",
     r"(  mp->leave_action = action;\n)(  mp->leave_argument = argument;\n)", r"\2\1", True),
    ("a local variable has another name", "inject.cc", r"for_others", "surplus", True),
    ("a counter is added", "park.cc",
     r"(void Sched::ready\(G\* gp\) \{\n)", r"\1  static os::Atomic<int> readied{0};\n  readied.fetch_add(1, relaxed);  // statistic\n", True),
    ("a function is split", "park.cc",
     r"void Sched::put_local\(P\* pp, G\* gp, bool next\) \{ put_all_global\(pp->queue.put\(gp, next\)\); \}",
     "static GQueue overflow_of(P* pp, G* gp, bool next) { return pp->queue.put(gp, next); }\n\n"
     "void Sched::put_local(P* pp, G* gp, bool next) { put_all_global(overflow_of(pp, gp, next)); }", True),
    ("a condition is written the other way round", "wake.cc",
     r"if \(pp == nullptr\) spinners_", "if (!(pp != nullptr)) spinners_", True),
    ("a comment is dropped", "handoff.cc", r"// No M searches and no P is idle[^\n]*\n", "", True),
    ("lines are inserted at the top of a file", "wake.cc",
     r"(namespace rt \{\n)", r"\1\n// A remark.\nstatic_assert(sizeof(void*) >= 4);\n", True),
    ("a race window is dropped", "schedule.cc",
     r"  os::race_window\(Window::execute_m_before_status\);\n", "", True),
    ("a race window is passed twice", "handoff.cc",
     r"(  os::race_window\(Window::nextp_before_wake\);\n)", r"\1\1", True),
    ("a memory order is stronger", "schedule.cc",
     r"gp->m.store\(mp, release\);", "gp->m.store(mp, seq_cst);", True),
    ("a check is added", "handoff.cc",
     r"(void Sched::handoff_p\(P\* pp\) \{\n)", r'\1  check(pp != nullptr, "handoff_p: there is a P");\n', True),
    ("an early return is added", "inject.cc",
     r"(  if \(pp == nullptr\) return;\n  while)", r"  if (list.empty() && pp == nullptr) return;\n\1", True),
    ("a function takes a parameter more", "park.cc",
     r"void Sched::yield\(\) \{ leave\(&SchedActions::yield, nullptr\); \}",
     "static void* nothing(int) { return nullptr; }\n\nvoid Sched::yield() { leave(&SchedActions::yield, nothing(0)); }",
     True),
    ("a wake is forgotten", "park.cc",
     r"(put_local\(mp->p.get\(\), gp, next\);  // \(A1\)\n)  wake_p\(\);\n", r"\1", False),
    ("a condition is wrong", "wake.cc",
     r"if \(spinners_.count\(\) != 0\) return;", "if (spinners_.count() == 0) return;", False),
    ("a request is lost", "wake.cc", r"      spinners_.request\(held\);  // \(W2\)\n", "", False),
]

HUNT = ["bazel-bin/harness/jitterbug", "hunt", "--stressor", "wake_storm,syscall_storm,naps", "--schedules", "600",
        "--jobs", "2", "--quiet"]


def copy_of(tree, where):
    listed = subprocess.run(["git", "-C", tree, "ls-files", "-z"], check=True, capture_output=True).stdout
    for name in listed.decode().split("\0"):
        source = pathlib.Path(tree, name)
        if not name or not source.is_file():
            continue
        target = pathlib.Path(where, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def bazel(tree, output, *words):
    return subprocess.run(["bazel", "--output_user_root=" + output, *words], cwd=tree, capture_output=True, text=True)


def try_edit(tree, output, edit):
    """What is wrong after the edit; empty: nothing."""
    what, name, pattern, replacement, harmless = edit
    path = pathlib.Path(tree, "runtime/sched", name)
    before = path.read_text()
    after, places = re.subn(pattern, replacement, before)
    if places == 0:
        return f"{name} has no place for it any more: /{pattern}/"
    path.write_text(after)
    try:
        built = bazel(tree, output, "build", "--noshow_progress", "//harness:jitterbug")
        if built.returncode != 0:
            return "the hunter does not build:\n" + built.stderr[-3000:]
        ran = subprocess.run(HUNT, cwd=tree, capture_output=True, text=True)
        if ran.returncode not in (0, 1):
            return f"the hunt ends with exit code {ran.returncode}:\n{ran.stderr[-2000:]}"
        if harmless and ran.returncode != 0:
            return "it changes nothing, and the hunt finds something:\n" + ran.stdout[-2000:]
        if not harmless and ran.returncode == 0:
            return "the hunt misses it:\n" + ran.stdout[-500:]
        return ""
    finally:
        path.write_text(before)


def main():
    tree = pathlib.Path(sys.argv[1]).resolve().parent.parent
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        copy, output = scratch + "/tree", scratch + "/output"
        copy_of(tree, copy)
        try:
            for edit in EDITS:
                complaint = try_edit(copy, output, edit)
                wrong += complaint != ""
                print(("FAIL" if complaint else "ok  ") + "  " + edit[0] + (": " + complaint if complaint else ""), flush=True)
        finally:
            bazel(copy, output, "shutdown")
            subprocess.run(["chmod", "-R", "u+w", output])
    print(f"{len(EDITS) - wrong} of {len(EDITS)} edits can be hunted")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
