#!/usr/bin/python3
"""Checks the rules of the tree that a compiler does not: who includes whom, what
runtime/ may say, reasons of memory orders, windows and safeguards, sizes, links.

usage: check_style.py ROOT

Prints one line `path:line: what is wrong` per offence, in order of path. Exit
code: 0 none, 1 some, 2 the tree or its layers cannot be read.
"""

import fnmatch
import os
import pathlib
import re
import sys

HOUSES = ["runtime", "harness", "stressors", "fuzz", "examples", "bazel"]
LINES_MAX = {".h": 250, ".cc": 400}
FUNCTION_LINES_MAX = 60
COLUMNS_MAX = 120
# README.md shows the way; what has to be said at length has a page of its own.
README_LINES_MAX = 150

INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')
# What only the seam may touch. Names of the scheduler may contain them: enter_syscall().
SEAM_ONLY = re.compile(
    r"std::(atomic|thread|jthread|this_thread|mutex|shared_mutex|recursive_mutex|condition_variable|counting_semaphore"
    r"|latch|barrier|random_device)\b"
    r"|\bthread_local\b|\b(steady|system|high_resolution)_clock\b|\b(usleep|nanosleep|syscall|rand|time)\s*\("
    r"|\bpthread_\w+"
)
ORDER = re.compile(r"[(,]\s*(?:rt::|std::memory_order_)?(relaxed|acquire|release|acq_rel|seq_cst)\s*[),]")
REASON = re.compile(
    r"publishes (\S.* )?to \S|pairs with \S|ordered by \S|owner-only word|stale is fine: \S|(^|\s)statistic(\W|$)"
)
# A flag may say that this path is not the window's, no more.
WINDOW_LINE = re.compile(r"(if \(\w+\) )?os::race_window\(Window::\w+\);")
LABEL = re.compile(r"//\s*\(([A-Z]\d+)\)")
PAIRED_LABELS = re.compile(r"pairs with (\([A-Z]\d+\)(?:, \([A-Z]\d+\))*)")
WINDOW_USE = re.compile(r"race_window\((?:rt::)?Window::(\w+)\)")
SAFEGUARD_USE = re.compile(r"upheld\((?:rt::)?Safeguard::(\w+)\)")
WINDOW_ENTRY = re.compile(r'RT_WINDOW\("[^"]*", (\w+),')
SAFEGUARD_ENTRY = re.compile(r"RT_SAFEGUARD\((\w+),")
# The text of a link may begin on an earlier line.
PAGE_LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE_SPAN = re.compile(r"`[^`]*`")
NO_FUNCTION = re.compile(r"\s*(namespace|class|struct|union|enum|extern)\b|\s*(//|#|public:|private:|protected:)")


class LayersError(Exception):
    """layers.txt cannot be read; the message says where."""


def read_layers(text):
    """(who, what) pairs in order: a folder or pattern, and what it may include."""
    layers = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        who, colon, what = line.partition(":")
        if not colon or not who or " " in who:
            raise LayersError(f"ci/layers.txt:{number}: expected `WHO: WHAT ...`")
        if "*" not in who and not all("." not in name for name in [who] + what.split()):
            raise LayersError(f"ci/layers.txt:{number}: only tests may be named, or include, by file")
        layers.append((who, what.split()))
    return layers


def fits(who, path):
    return is_test(path) and fnmatch.fnmatch(path, who) if "*" in who else folder_of(path) == who


def folder_of(path):
    return path.rpartition("/")[0]


def is_test(path):
    return path.endswith("_test.cc") or path.startswith("runtime/os/contract_world")


def split_comment(line):
    """Code and comment of a line. A `//` without a blank before it, as in a label or an address, starts none."""
    match = re.search(r"(^|\s)//", line)
    return (line[: match.start()], line[match.start() :]) if match else (line, "")


class File:
    def __init__(self, path, text):
        self.path = path
        self.lines = text.splitlines()
        self.split = [split_comment(line) for line in self.lines]


def check_layers(file, layers):
    allowed = {what for who, whats in layers if fits(who, file.path) for what in whats}
    own = folder_of(file.path)
    for number, line in enumerate(file.lines, 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(1)
        if target.split("/")[0] not in HOUSES:
            yield number, f'"{target}" is no path from the root: system headers go in <>'
        elif folder_of(target) != own and target not in allowed and folder_of(target) not in allowed:
            yield number, f"{own} may not include {target}: see ci/layers.txt"


def circle_in(arrows):
    """Folders that include each other, the first one again at the end; empty: there are none."""
    done, trail = set(), []

    def follow(folder):
        if folder in trail:
            return trail[trail.index(folder) :] + [folder]
        if folder in done:
            return []
        trail.append(folder)
        for target in sorted(arrows.get(folder, {})):
            if circle := follow(target):
                return circle
        trail.pop()
        done.add(folder)
        return []

    return next(filter(None, map(follow, sorted(arrows))), [])


def check_circles(files):
    """What folders include, tests apart, has no circle: names the first include of each arrow of one."""
    arrows = {}
    for file in files.values():
        own = folder_of(file.path)
        if is_test(file.path) or own.startswith("bazel"):
            continue
        for number, line in enumerate(file.lines, 1):
            match = INCLUDE.match(line)
            if match and folder_of(match.group(1)) != own:
                arrows.setdefault(own, {}).setdefault(folder_of(match.group(1)), (file.path, number))
    circle = circle_in(arrows)
    for own, target in zip(circle, circle[1:]):
        yield *arrows[own][target], "a circle of folders: " + " -> ".join(circle)


def check_seam(file):
    """runtime/ outside the seam, and the one flavour switch."""
    for number, (code, _) in enumerate(file.split, 1):
        if "RT_FLAVOR" in code and file.path != "runtime/os/os.h":
            yield number, "only runtime/os/os.h knows of flavours"
        if file.path.startswith("runtime/os/") or is_test(file.path):
            continue
        match = SEAM_ONLY.search(code)
        if match:
            yield number, f"`{match.group(0).strip()}` belongs to runtime/os: go through rt::os"


def check_orders(file):
    # The contract of the seam lists operations; it performs none.
    if is_test(file.path) or file.path == "runtime/os/contract.h":
        return
    for number, (code, comment) in enumerate(file.split, 1):
        if ORDER.search(code) and not REASON.search(comment):
            yield number, "a memory order without its reason: publishes X to f(), pairs with, ordered by, " \
                "owner-only word, stale is fine: why, or statistic"


def check_windows(file):
    if file.path.startswith("runtime/os/"):
        return
    before = "{"
    for number, (code, _) in enumerate(file.split, 1):
        code = code.strip()
        if not code:
            continue
        if "race_window" in code and not WINDOW_LINE.fullmatch(code):
            yield number, "a race window is one statement on a line of its own"
        elif "race_window" in code and before[-1] not in ";{}:":
            yield number, "a race window is under no condition of its own"
        before = code


def check_uses(files):
    """Each window and each safeguard of the vocabulary is somewhere in the scheduler."""
    scheduler = [
        f for path, f in files.items()
        if path.startswith("runtime/") and not path.startswith("runtime/os/") and not is_test(path)
    ]
    code = "\n".join(code for f in scheduler for code, _ in f.split)
    for list_file, entry, use, what in [
        ("runtime/os/windows.inc", WINDOW_ENTRY, WINDOW_USE, "window"),
        ("runtime/os/safeguards.inc", SAFEGUARD_ENTRY, SAFEGUARD_USE, "safeguard"),
    ]:
        used = set(use.findall(code))
        if list_file not in files:
            yield list_file, 1, "is missing"
            continue
        for number, line in enumerate(files[list_file].lines, 1):
            match = entry.match(line)
            if match and match.group(1) not in used:
                yield list_file, number, f"{what} {match.group(1)} is nowhere in the scheduler"


def check_pairs(files):
    """`(X) pairs with (Y)` is said by both."""
    said = {}
    for file in files.values():
        for number, (_, comment) in enumerate(file.split, 1):
            label, paired = LABEL.search(comment), PAIRED_LABELS.search(comment)
            if file.path.startswith("runtime/") and label and paired:
                for other in re.findall(r"[A-Z]\d+", paired.group(1)):
                    said.setdefault((label.group(1), other), (file.path, number))
    for (label, other), (path, number) in said.items():
        if (other, label) not in said:
            yield path, number, f"({label}) pairs with ({other}), which does not say so"


def function_ends(file):
    """(first line, lines) of functions outside and inside classes, as the formatter leaves them."""
    for indent in ("", "  "):
        start = None
        for number, line in enumerate(file.lines, 1):
            if line.rstrip() == indent + "}" and start:
                yield start, number - start + 1
                start = None
            elif line.startswith(indent) and line[len(indent) :][:1] not in ("", " ", "}"):
                start = None if NO_FUNCTION.match(line) else number


def check_sizes(file):
    lines_max = LINES_MAX.get(pathlib.PurePosixPath(file.path).suffix)
    if lines_max and len(file.lines) > lines_max:
        yield len(file.lines), f"{len(file.lines)} lines, at most {lines_max} are readable"
    for number, line in enumerate(file.lines, 1):
        if len(line) > COLUMNS_MAX and not file.path.endswith(".inc"):
            yield number, f"{len(line)} columns, at most {COLUMNS_MAX} are readable"
        if line != line.rstrip() or "\t" in line:
            yield number, "a tab, or blanks at the end of the line"
    for start, lines in function_ends(file):
        if lines > FUNCTION_LINES_MAX:
            yield start, f"a function of {lines} lines, at most {FUNCTION_LINES_MAX} are readable"
    if file.path.endswith(".h") and "#pragma once" not in file.lines:
        yield 1, "a header without #pragma once"


def prose(page):
    """(number, line) of what is not code."""
    code = False
    for number, line in enumerate(page.lines, 1):
        if line.lstrip().startswith("```"):
            code = not code
        elif not code:
            yield number, line


def headings(page):
    """What `#` in a link may name: each heading, in the spelling that GitHub gives it."""
    titles = [line.lstrip("#").strip() for _, line in prose(page) if re.match(r"#+ ", line)]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def check_links(page, pages, root):
    """What a page links to exists; links out of the tree are not followed."""
    for number, line in prose(page):
        for target in PAGE_LINK.findall(CODE_SPAN.sub("", line)):
            if re.match(r"\w+:", target):
                continue
            path, _, heading = target.partition("#")
            there = os.path.normpath(os.path.join(folder_of(page.path), path)) if path else page.path
            if not (root / there).exists():
                yield number, f"the link {target} leads nowhere"
            elif heading and (there not in pages or heading not in headings(pages[there])):
                yield number, f"{there} has no heading #{heading}"


def check_page(page, pages, root):
    yield from check_links(page, pages, root)
    if page.path == "README.md" and len(page.lines) > README_LINES_MAX:
        yield len(page.lines), f"{len(page.lines)} lines, at most {README_LINES_MAX} are read: the rest goes to docs/"


def check_file(file, layers):
    yield from check_sizes(file)
    if file.path.startswith("bazel/"):
        return
    yield from check_layers(file, layers)
    if file.path.startswith("runtime/"):
        yield from check_seam(file)
        yield from check_orders(file)
        yield from check_windows(file)


def read_tree(root):
    files = {}
    for house in HOUSES:
        for path in sorted((root / house).rglob("*")):
            if path.suffix in (".h", ".cc", ".inc") and path.is_file():
                name = path.relative_to(root).as_posix()
                files[name] = File(name, path.read_text(encoding="utf-8"))
    return files


def read_pages(root):
    paths = list(root.glob("*.md"))
    for folder in [*HOUSES, "docs", "ci", "scripts"]:
        paths += (root / folder).rglob("*.md")
    names = sorted(path.relative_to(root).as_posix() for path in paths)
    return {name: File(name, (root / name).read_text(encoding="utf-8")) for name in names}


def check_tree(root):
    """All offences as lines of text, in order."""
    layers = read_layers((root / "ci/layers.txt").read_text(encoding="utf-8"))
    files = read_tree(root)
    if not files:
        raise LayersError(f"{root} holds no sources")
    offences = [(file.path, number, what) for file in files.values() for number, what in check_file(file, layers)]
    offences += [*check_uses(files), *check_pairs(files), *check_circles(files)]
    pages = read_pages(root)
    offences += [(page.path, number, what) for page in pages.values() for number, what in check_page(page, pages, root)]
    for who, whats in layers:
        offences += [
            ("ci/layers.txt", 1, f"{name} does not exist")
            for name in [who] + whats
            if "*" not in name and not (root / name).exists()
        ]
    return [f"{path}:{number}: {what}" for path, number, what in sorted(offences)]


def main():
    if len(sys.argv) != 2:
        print("usage: check_style.py ROOT", file=sys.stderr)
        return 2
    try:
        offences = check_tree(pathlib.Path(sys.argv[1]))
    except (LayersError, OSError, UnicodeDecodeError) as error:
        print(f"check_style.py: {error}", file=sys.stderr)
        return 2
    for offence in offences:
        print(offence)
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
