#!/usr/bin/python3
"""Compares the machine code of two sets of object files, function by function.

Exit code 0 when they compare as expected. "same" also demands that no symbol of
the kept objects mentions the engine, and that there is something to compare.
"""

import argparse
import pathlib
import re
import subprocess
import sys

SECTION = re.compile(r"^Disassembly of section (\S+):$")
FUNCTION = re.compile(r"^(?:[0-9a-f]+ )?<(.+)>:$")
ENGINE = re.compile(r"\bengine\b")
COMPARISON = re.compile(r"^cmp(\w?)\s+(%\w+),(%\w+)$")
EQUALITY = re.compile(r"^(j|set|cmov)n?e\b")
CONDITIONAL = re.compile(r"^(j(?!mp)|set|cmov)")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def same_operands_in_order(body):
    """Instructions with the operands sorted where two registers are asked whether they are equal: g++ orders
    these by the numbers it has given to declarations, windows included."""
    ordered = list(body)
    for i, (line, use, after) in enumerate(zip(body, body[1:], body[2:] + [""])):
        match = COMPARISON.match(line)
        if match and EQUALITY.match(use) and not CONDITIONAL.match(after):
            ordered[i] = f"cmp{match.group(1)} " + ",".join(sorted(match.group(2, 3)))
    return ordered


def functions(object_file):
    """Name of each function -> its instructions and relocations."""
    code, section, body = {}, "", None
    for line in run("objdump", "-dr", "--no-addresses", "--no-show-raw-insn", object_file).splitlines():
        if match := SECTION.match(line):
            section = match.group(1)
        elif match := FUNCTION.match(line):
            body = code.setdefault((section, match.group(1)), [])
        elif body is not None and line.strip():
            body.append(line.strip())
    return {key: same_operands_in_order(body) for key, body in code.items()}


def data(object_file):
    """Contents of the sections that hold constants and variables."""
    dump = run("objdump", "-s", object_file)
    sections = re.split(r"^Contents of section (\S+):$", dump, flags=re.M)[1:]
    kinds = (".rodata", ".data", ".tdata", ".init_array")
    return {name: text for name, text in zip(sections[::2], sections[1::2]) if name.startswith(kinds)}


def object_name(path):
    """The part of an object's path that does not depend on the build it belongs to."""
    return re.sub(r"^.*\.objects/", "", str(path))


def differences(kept, removed):
    found, compared = [], 0
    left, right = ({object_name(p): p for p in paths} for paths in (kept, removed))
    for name in sorted(left.keys() ^ right.keys()):
        found.append(f"{name}: compiled in one build only")
    for name in sorted(left.keys() & right.keys()):
        for what, parts in (("function", functions), ("data", data)):
            a, b = parts(left[name]), parts(right[name])
            compared += len(a) if what == "function" else 0
            found += [f"{name}: {what} {key} differs" for key in sorted(a.keys() | b.keys(), key=str)
                      if a.get(key) != b.get(key)]
    return found, compared


def engine_symbols(objects):
    return [f"{object_name(path)}: {line.strip()}" for path in objects
            for line in run("nm", "-C", path).splitlines() if ENGINE.search(line)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--expect", choices=("same", "different"), default="same")
    parser.add_argument("--kept", nargs="+", type=pathlib.Path, required=True)
    parser.add_argument("--removed", nargs="+", type=pathlib.Path, required=True)
    options = parser.parse_args()

    found, compared = differences(options.kept, options.removed)
    found += [f"a reference to the engine: {symbol}" for symbol in engine_symbols(options.kept)]
    print("\n".join(found))
    print(f"{compared} functions of {len(options.kept)} objects compared, {len(found)} differences")
    if options.expect == "different":
        return 0 if found else 1
    if compared == 0:
        print("nothing was compared: the objects hold no function")
        return 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
