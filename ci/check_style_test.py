#!/usr/bin/python3 -B
"""check_style.py reports each kind of offence, at its line, and nothing else."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import check_style

# A tree without offences. Each test spoils one file of it.
CLEAN = {
    "ci/layers.txt": """
# comment
runtime/os:
runtime/base: runtime/os
runtime/queue: runtime/base
runtime/*_test.cc: harness/sim/testing.h
harness/sim: runtime/os
stressors: runtime/base
""",
    "runtime/os/os.h": "#pragma once\n#if defined(RT_FLAVOR_PRODUCTION)\n#endif\n",
    "runtime/os/production.cc": '#include <thread>\n#include "runtime/os/os.h"\nthread_local int slot;\n',
    "runtime/os/contract.h": "#pragma once\n  { a.store(v, release) } -> std::same_as<void>;\n",
    "runtime/os/windows.inc": '// the list\nRT_WINDOW("4.1", tail_publish, "a thief", "-")\n',
    "runtime/os/safeguards.inc": 'RT_SAFEGUARD(look_twice, "work waits")\n',
    "runtime/base/limits.h": '#pragma once\n#include "runtime/os/os.h"\n',
    "runtime/queue/queue.h": '#pragma once\n#include "runtime/base/limits.h"\n#include "runtime/queue/slot.h"\n',
    "runtime/queue/slot.h": "#pragma once\n",
    "runtime/queue/queue.cc": """#include "runtime/queue/queue.h"

// std::atomic is for the seam alone.
void Queue::put(G* g) {
  enter_syscall();
  slot_.store(g, relaxed);  // (Q1) ordered by (Q2)
  os::race_window(Window::tail_publish);
  tail_.store(tail + 1, release);  // (Q2) pairs with (T1)
  if (last) os::race_window(Window::tail_publish);
  if (os::upheld(Safeguard::look_twice)) {
    os::race_window(Window::tail_publish);
    look();
  }
}

G* Queue::take() {
  const auto tail = tail_.load(acquire);  // (T1) pairs with (Q2)
  const auto all = count_.load(relaxed);  // statistic
  release(gp);
}
""",
    "runtime/queue/queue_test.cc": '#include "harness/sim/testing.h"\nstd::atomic<int> n;\nauto x = n.load(relaxed);\n',
    "harness/sim/testing.h": '#pragma once\n#include "runtime/os/os.h"\n',
    "stressors/storm.cc": '#include "runtime/base/limits.h"\nauto x = word.load(relaxed);\n',
}


def offences(changes):
    """What is wrong with the clean tree after these files were replaced; None deletes."""
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        for name, text in {**CLEAN, **changes}.items():
            if text is None:
                continue
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return check_style.check_tree(root)


def in_queue(*lines):
    """The clean queue.cc with lines added at its end; they begin at line 21."""
    return {"runtime/queue/queue.cc": CLEAN["runtime/queue/queue.cc"] + "".join(line + "\n" for line in lines)}


class CheckStyle(unittest.TestCase):
    maxDiff = None

    def expect(self, changes, *expected):
        self.assertEqual(offences(changes), list(expected))

    def expect_in_queue(self, line, what):
        self.expect(in_queue(line), f"runtime/queue/queue.cc:21: {what}")

    def test_a_clean_tree_is_clean(self):
        self.expect({})

    def test_layers(self):
        self.expect(
            {"runtime/os/production.cc": '\n#include "harness/tool/tool.h"\n'},
            "runtime/os/production.cc:2: runtime/os may not include harness/tool/tool.h: see ci/layers.txt",
        )
        self.expect_in_queue(
            '#include "harness/sim/testing.h"',
            "runtime/queue may not include harness/sim/testing.h: see ci/layers.txt",
        )
        # What tests may include is not for others; of a folder, tests may be given one header.
        self.expect(
            {"runtime/queue/queue_test.cc": '#include "harness/sim/machine.h"\n'},
            "runtime/queue/queue_test.cc:1: runtime/queue may not include harness/sim/machine.h: see ci/layers.txt",
        )
        # A folder without a line includes nothing.
        self.expect(
            {"harness/tool/a.cc": '#include "runtime/os/os.h"\n'},
            "harness/tool/a.cc:1: harness/tool may not include runtime/os/os.h: see ci/layers.txt",
        )
        self.expect_in_queue('#include "slot.h"', '"slot.h" is no path from the root: system headers go in <>')

    def test_layers_that_name_nothing(self):
        layers = CLEAN["ci/layers.txt"] + "runtime/queue: runtime/gone\n"
        self.expect({"ci/layers.txt": layers}, "ci/layers.txt:1: runtime/gone does not exist")
        header, source = "runtime/queue: runtime/base/limits.h\n", "runtime/queue/queue.cc: runtime/base\n"
        for text in ["runtime\n", "runtime queue: x\n", ": x\n", header, source]:
            with self.assertRaises(check_style.LayersError):
                offences({"ci/layers.txt": text})

    def test_circles_of_folders(self):
        layers = CLEAN["ci/layers.txt"] + "runtime/base: runtime/queue\n"
        circle = "a circle of folders: runtime/base -> runtime/queue -> runtime/base"
        self.expect(
            {"ci/layers.txt": layers, "runtime/base/check.h": '#pragma once\n#include "runtime/queue/slot.h"\n'},
            f"runtime/base/check.h:2: {circle}",
            f"runtime/queue/queue.h:2: {circle}",
        )
        # A test closes none.
        self.expect({"ci/layers.txt": layers, "runtime/base/check_test.cc": '#include "runtime/queue/slot.h"\n'})

    def test_a_tree_without_sources_is_no_clean_tree(self):
        with self.assertRaises(check_style.LayersError):
            offences({name: None for name in CLEAN if name != "ci/layers.txt"})

    def test_what_only_the_seam_may_touch(self):
        for code, named in [
            ("std::atomic<int> n;", "std::atomic"),
            ("std::thread t;", "std::thread"),
            ("thread_local int n;", "thread_local"),
            ("auto t = std::chrono::steady_clock::now();", "steady_clock"),
            ("usleep(5);", "usleep("),
            ("long n = syscall(SYS_futex);", "syscall("),
            ("pthread_self();", "pthread_self"),
            ("std::mutex m;", "std::mutex"),
        ]:
            self.expect_in_queue(code, f"`{named}` belongs to runtime/os: go through rt::os")

    def test_one_flavour_switch(self):
        for path in ["runtime/queue/slot.h", "runtime/os/production.h"]:
            self.expect(
                {path: "#pragma once\n#ifdef RT_FLAVOR_SIMULATED\n"},
                f"{path}:2: only runtime/os/os.h knows of flavours",
            )

    def test_memory_orders(self):
        what = (
            "a memory order without its reason: publishes X to f(), pairs with, ordered by, owner-only word, "
            "stale is fine: why, or statistic"
        )
        for line in [
            "n.load(relaxed);",
            "n.load(rt::acquire);",
            "os::fence(seq_cst);",
            "n.cas_weak(expected, 1, acq_rel, relaxed);",
            "n.load(relaxed);  // reads n",
            "n.load(relaxed);  // stale is fine",
            "n.load(relaxed);  // publishes",
        ]:
            self.expect_in_queue(line, what)
        for line in [
            "n.load(relaxed);  // stale is fine: seen in the next round",
            "n.store(1, release);  // publishes to take()",
            "n.store(1, release);  // publishes g to take()",
            "n.load(relaxed);  // owner-only word",
            "lock_list(acquire_it);",
        ]:
            self.expect(in_queue(line))

    def test_pairs_are_reciprocal(self):
        self.expect_in_queue(
            "n.load(acquire);  // (T2) pairs with (Q2)", "(T2) pairs with (Q2), which does not say so"
        )

    def test_windows_stand_alone(self):
        alone = "a race window is one statement on a line of its own"
        self.expect_in_queue("  f(); os::race_window(Window::tail_publish);", alone)
        self.expect_in_queue("  if (n > 0) os::race_window(Window::tail_publish);", alone)
        self.expect_in_queue("  os::race_window(window);", alone)
        self.expect(
            in_queue("  if (n > 0)", "    os::race_window(Window::tail_publish);"),
            "runtime/queue/queue.cc:22: a race window is under no condition of its own",
        )

    def test_windows_and_safeguards_are_used(self):
        self.expect(
            {
                "runtime/os/windows.inc": CLEAN["runtime/os/windows.inc"] + 'RT_WINDOW("4.2", gone, "x", "-")\n',
                "runtime/os/safeguards.inc": 'RT_SAFEGUARD(forgotten, "x")\n' + CLEAN["runtime/os/safeguards.inc"],
                # Neither a test nor a comment is a use.
                "runtime/queue/slot_test.cc": "os::race_window(Window::gone);\n",
                "runtime/queue/slot.h": "#pragma once\n// os::upheld(Safeguard::forgotten)\n",
            },
            "runtime/os/safeguards.inc:1: safeguard forgotten is nowhere in the scheduler",
            "runtime/os/windows.inc:3: window gone is nowhere in the scheduler",
        )
        self.expect({"runtime/os/windows.inc": None}, "runtime/os/windows.inc:1: is missing")

    def test_sizes(self):
        self.expect(
            {"runtime/queue/slot.h": "#pragma once\n" + "int n;\n" * 250},
            "runtime/queue/slot.h:251: 251 lines, at most 250 are readable",
        )
        self.expect({"harness/sim/a.cc": "int n;\n" * 400})
        self.expect(
            {"harness/sim/a.cc": "int n;\n" * 401}, "harness/sim/a.cc:401: 401 lines, at most 400 are readable"
        )
        self.expect({"harness/sim/a.cc": "x" * 121 + "\n"}, "harness/sim/a.cc:1: 121 columns, at most 120 are readable")
        for line in ["int n; ", "\tint n;"]:
            what = "harness/sim/a.cc:1: a tab, or blanks at the end of the line"
            self.expect({"harness/sim/a.cc": line + "\n"}, what)
        self.expect({"harness/sim/a.h": "int n;\n"}, "harness/sim/a.h:1: a header without #pragma once")

    def test_functions(self):
        def function(indent, lines):
            return f"{indent}void f() {{\n" + f"{indent}  g();\n" * (lines - 2) + f"{indent}}}\n"

        self.expect({"harness/sim/a.cc": function("", 60)})
        self.expect(
            {"harness/sim/a.cc": "\n" + function("", 61)},
            "harness/sim/a.cc:2: a function of 61 lines, at most 60 are readable",
        )
        self.expect(
            {"harness/sim/a.cc": "class A {\n" + function("  ", 61) + "};\n"},
            "harness/sim/a.cc:2: a function of 61 lines, at most 60 are readable",
        )
        self.expect({"harness/sim/a.cc": "class A {\n" + function("  ", 50) + function("  ", 50) + "};\n"})
        self.expect({"harness/sim/a.cc": "namespace a {\n" + "int n;\n" * 70 + "}\n"})

    def test_links(self):
        page = "# The page\n\n## One, two: `three`\n\nSee [a](b.md), [b](#the-page), [c](https://go.dev/x).\n"
        self.expect({"docs/a.md": page, "docs/b.md": "# B\n[up](../README.md) [down](a.md#one-two-three)\n", "README.md": "\n"})
        self.expect({"docs/a.md": page}, "docs/a.md:5: the link b.md leads nowhere")
        self.expect(
            {"README.md": "[a](docs/a.md#gone) [b](runtime/queue) [c](runtime/queue/queue.h#gone)\n", "docs/a.md": "# A\n"},
            "README.md:1: docs/a.md has no heading #gone",
            "README.md:1: runtime/queue/queue.h has no heading #gone",
        )
        self.expect({"README.md": "[a link of\ntwo lines](gone.md)\n"}, "README.md:2: the link gone.md leads nowhere")
        # Neither code nor a heading inside it counts.
        self.expect({"fuzz/README.md": "```\n# [a](gone.md)\n```\n`[a](gone.md)`\n"})
        self.expect(
            {"fuzz/README.md": "```\n# A\n```\n[a](#a)\n"}, "fuzz/README.md:4: fuzz/README.md has no heading #a"
        )

    def test_the_readme_is_short(self):
        self.expect({"README.md": "\n" * 150, "docs/long.md": "\n" * 500})
        self.expect(
            {"README.md": "\n" * 151}, "README.md:151: 151 lines, at most 150 are read: the rest goes to docs/"
        )


if __name__ == "__main__":
    unittest.main()
