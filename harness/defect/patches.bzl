"""Variants of the tool whose scheduler has one patch applied.

A patch touches one source file. The patched copy is the binary's own source, so
that its object comes first at the link: it defines every symbol of the original,
and the linker never takes the original out of its archive. (Were it to, every
symbol would be defined twice and the link would fail.) A variant thus costs one
compilation and one link.
"""

load("//bazel:cc.bzl", "cc_binary")

# Row of the defect catalogue -> the source its patch is written against.
PATCHES = {
    "N1": "//runtime/sched:callback.cc",
    "N2": "//runtime/sched:thread.cc",
    "N3": "//runtime/sched:inject.cc",
    "N4": "//runtime/sched:thread.cc",
    "N5": "//runtime/sched:find_runnable.cc",
    "N6": "//runtime/sched:find_runnable.cc",
    "N7": "//runtime/sched:find_runnable.cc",
    "N8": "//runtime/sched:extra_ms.cc",
    "N9": "//runtime/sched:stop.cc",
    "N10": "//runtime/sched:callback.cc",
    "N11": "//runtime/sched:wake.cc",
    "N12": "//runtime/sched:sysmon.cc",
    "N13": "//runtime/sched:spawn.cc",
    "N14": "//runtime/sched:callback.cc",
    "N15": "//runtime/sched:thread.cc",
    "N16": "//runtime/sched:callback.cc",
    "N17": "//runtime/sched:find_runnable.cc",
    "S1a": "//runtime/sched:extra_ms.cc",
    "S1b": "//runtime/sched:extra_ms.cc",
    "S2a": "//runtime/sched:callback.cc",
    "S2b": "//runtime/sched:extra_ms.cc",
    "S2e": "//runtime/sched:callback.cc",
    "S4a": "//runtime/sched:wake.cc",
    "S4b": "//runtime/sched:wake.cc",
    "S4c": "//runtime/sched:find_runnable.cc",
    "S4e": "//runtime/sched:inject.cc",
    "S4g": "//runtime/sched:find_runnable.cc",
    "S4i": "//runtime/sched:find_runnable.cc",
    "S4k": "//runtime/sched:wake.cc",
    "S5a": "//runtime/sched:inject.cc",
    "S5c": "//runtime/sched:thread.cc",
    "S5d": "//runtime/sched:thread.cc",
    "U2": "//runtime/api:wait_group.cc",
}

def _patched_source(row, label):
    """Applies the patch of a row to a copy of its source: <row>_source."""
    native.genrule(
        name = row + "_source",
        srcs = [
            label,
            "patches/" + row + ".patch",
        ],
        outs = [row + "/" + label[2:].replace(":", "/")],
        # No fuzz: a patch that no longer fits exactly must be looked at.
        cmd = " && ".join([
            "cp -f $(location %s) $@" % label,
            "chmod u+w $@",
            "patch --quiet --fuzz=0 --no-backup-if-mismatch --reject-file=- $@ < $(location patches/%s.patch)" % row,
        ]),
        message = "Patching for " + row,
    )

def patched_binary(name, row, deps, srcs = [], rule = cc_binary, **kwargs):
    """A program whose scheduler has the patch of a row applied, as linked_patch() then says.

    Args:
      name: of the program.
      row: of the defect catalogue; its patch exists.
      deps: what it is made of, the scheduler included.
      srcs: sources of the program that no dep has.
      rule: that makes it: cc_binary, or one that is called like it.
      **kwargs: passed on.
    """
    rule(
        name = name,
        srcs = srcs + [
            "//harness/defect:" + row + "_source",
            "//harness/defect:variant.cc",
        ],
        local_defines = ["JITTERBUG_VARIANT='\"%s\"'" % row],
        deps = deps + ["//harness/defect:variant"],
        **kwargs
    )

def patched_variants(name, deps):
    """Emits cc_binary jitterbug_<row> for each patch that exists, and a filegroup of them.

    Args:
      name: of the filegroup.
      deps: what the tool is made of, the scheduler included.
    """
    rows = [row for row in PATCHES if native.glob(["patches/" + row + ".patch"], allow_empty = True)]
    for row in rows:
        _patched_source(row, PATCHES[row])
        patched_binary("jitterbug_" + row, row, deps)
    native.filegroup(
        name = name,
        srcs = [":jitterbug_" + row for row in rows],
    )
