#!/usr/bin/python3
"""Edits a source of the scheduler as somebody does who works on it, without a change of
what it does: each function says that it was entered, takes one operation more, and has
other names for its local variables.

usage: edit_source.py < SOURCE > EDITED

Goes by the form of the code, not by its lines, so it edits whatever the source says by
then. Exit code: 0, or 1 when it finds nothing to edit.
"""

import re
import sys

FUNCTION = re.compile(r"^[A-Za-z].*?(\w+)\([^;]*\)( const)? \{$")
LOCAL = re.compile(r"^\s+(?:const )?(?:bool|auto|[MPG]\*|Instant|PStatus|std::u?int\d+_t) (\w+) = ")


def edited_function(lines):
    name = FUNCTION.match(lines[0]).group(1)
    body = "\n".join(lines[1:])
    for local in dict.fromkeys(m.group(1) for m in map(LOCAL.match, lines) if m):
        body = re.sub(rf"(?<![\w.>:]){local}(?!\w)", local + "_renamed", body)
    return [
        lines[0],
        f'  std::fprintf(stderr, "{name}\\n");',
        "  static_cast<void>(os::now());",
        body,
    ]


def edited(text):
    """The text, and how many functions were edited."""
    out, functions, lines = [], 0, text.splitlines()
    while lines:
        if not FUNCTION.match(lines[0]) or "}" not in lines:
            out.append(lines.pop(0))
            continue
        end = lines.index("}") + 1
        out += edited_function(lines[:end])
        lines = lines[end:]
        functions += 1
    return "#include <cstdio>\n" + "\n".join(out) + "\n", functions


def main():
    text, functions = edited(sys.stdin.read())
    sys.stdout.write(text)
    return 0 if functions > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
