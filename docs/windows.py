#!/usr/bin/python3 -B
"""Writes docs/windows.md, the catalogue of race windows, from runtime/os/windows.inc.

usage: windows.py WINDOWS.INC

Prints the page. After an edit of the list:

    docs/windows.py runtime/os/windows.inc > docs/windows.md

Exit code: 0, or 2 where the list cannot be read; the message says at which line.
"""

import pathlib
import re
import sys

GROUP = re.compile(r"// (\d+)\. (.+)")
ENTRY = re.compile(r'RT_WINDOW\("(\d+)\.(\d+)", (\w+), "([^"|]+)", "([^"|]+)"\)')
ISSUE = re.compile(r"#(\d+)")

HEAD = """\
# The race windows

<!-- Written by docs/windows.py. After an edit of runtime/os/windows.inc:
     docs/windows.py runtime/os/windows.inc > docs/windows.md -->

A *window* is a place between two steps of the scheduler where another thread may undo what the first step
established. Each is one statement in `runtime/`, `os::race_window(Window::startm_id_reserve);`. It does nothing in
production; in the simulation the strategy may switch threads there, and on real threads noise may hold the thread
there ([flavours](flavours.md)). `jitterbug list windows` says at which lines each window is.

The number is a name that can be sorted: the group of this page, then a place in it. Numbers have gaps: a window of
Go's scheduler that this one lacks (there is no garbage collector, no preemption by signals) leaves its number unused.
The last column has the issue or the commit of the Go project in which the window was left open; `-`: it is known from
the algorithm only.
"""


class ListError(Exception):
    """windows.inc cannot be read; the message says where."""


def read(text):
    """(number and title of a group, its entries) in the order of the list."""
    groups = []
    for number, line in enumerate(text.splitlines(), 1):
        if group := GROUP.fullmatch(line):
            groups.append((group.groups(), []))
        elif line.startswith("RT_WINDOW"):
            entry = ENTRY.fullmatch(line)
            if not entry:
                raise ListError(f"line {number}: expected RT_WINDOW(\"1.2\", name, \"what goes wrong\", \"reference\")")
            if not groups or groups[-1][0][0] != entry.group(1):
                raise ListError(f"line {number}: window {entry.group(1)}.{entry.group(2)} is not below its group")
            groups[-1][1].append(entry.groups())
        elif line and not line.startswith("//"):
            raise ListError(f"line {number}: neither a comment nor an RT_WINDOW")
    return groups


def page(groups):
    lines = [HEAD]
    for (number, title), entries in groups:
        lines += [f"## {number}. {title}", "", "| | window | what goes wrong if it is left open | in Go |", "|---|---|---|---|"]
        for group, place, name, sentence, reference in entries:
            reference = ISSUE.sub(r"[#\1](https://go.dev/issue/\1)", reference)
            lines.append(f"| {group}.{place} | `{name}` | {sentence} | {reference} |")
        lines.append("")
    lines.append(f"{sum(len(entries) for _, entries in groups)} windows.")
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) != 2:
        print("usage: windows.py WINDOWS.INC", file=sys.stderr)
        return 2
    try:
        sys.stdout.write(page(read(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))))
    except (ListError, OSError) as error:
        print(f"windows.py: {sys.argv[1]}: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
