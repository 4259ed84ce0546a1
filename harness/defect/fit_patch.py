#!/usr/bin/python3
"""Applies the patch of a row to a copy of its source, if it fits.

usage: fit_patch.py ROW SOURCE PATCH PATCHED FIT [COMPILER OPTION ...]

PATCH is a .patch, or a program that edits its standard input. PATCHED gets the patched source, or the source as it is when the patch does not apply
exactly, or its result does not compile. FIT gets a header that says which: a comment
with what was complained of, and `patch_misfit`, empty if the patch fits.

Exit code: 0 whether or not it fits, 2 the files cannot be read or written.
"""

import pathlib
import subprocess
import sys

SHOWN = 20  # lines of complaint


def complaint_of(done):
    return "" if done.returncode == 0 else (done.stdout + done.stderr).decode(errors="replace") or "it failed"


def applied(patch, patched):
    """What is complained of; empty: nothing. No fuzz: what does not fit exactly has to be looked at."""
    if patch.endswith(".patch"):
        command = ["patch", "--quiet", "--fuzz=0", "--no-backup-if-mismatch", "--reject-file=-", patched]
        return complaint_of(subprocess.run(command, stdin=open(patch, "rb"), capture_output=True, check=False))
    done = subprocess.run([patch], stdin=open(patched, "rb"), capture_output=True, check=False)
    pathlib.Path(patched).write_bytes(done.stdout)
    return "" if done.returncode == 0 else done.stderr.decode(errors="replace") or "it finds nothing to edit"


def compiled(patched, options):
    """What the compiler complains of; empty: nothing."""
    command = ["clang++-19", "-std=c++20", "-fsyntax-only", "-w", "-I.", *options, patched]
    return complaint_of(subprocess.run(command, capture_output=True, check=False))


def main(arguments):
    if len(arguments) < 5:
        print(__doc__, file=sys.stderr)
        return 2
    row, source, patch, patched, fit = arguments[:5]
    text = pathlib.Path(source).read_bytes()
    pathlib.Path(patched).write_bytes(text)
    misfit, complaint = "", applied(patch, patched)
    if complaint:
        misfit = f"the patch of {row} does not apply to {source}"
    elif complaint := compiled(patched, arguments[5:]):
        misfit = f"{source} does not compile with the patch of {row}"
    if misfit:
        pathlib.Path(patched).write_bytes(text)
    # A comment that ends in a backslash would go on in the next line.
    comment = "".join("// " + line.rstrip("\\ ") + "\n" for line in complaint.splitlines()[:SHOWN])
    pathlib.Path(fit).write_text(f'{comment}inline constexpr char patch_misfit_text[] = "{misfit}";\n')
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as error:
        print(f"fit_patch.py: {error}", file=sys.stderr)
        sys.exit(2)
