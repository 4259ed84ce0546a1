"""Variants of the tool whose scheduler has one patch applied.

A patch touches one source file. The patched copy is the binary's own source, so
that its object comes first at the link: it defines every symbol of the original,
and the linker never takes the original out of its archive. (Were it to, every
symbol would be defined twice and the link would fail.) A variant thus costs one
compilation and one link.

A patch fits if it applies to the source in the tree and the result compiles. One that
does not fit stops no build: the variant is made of the source as it is, and says that
it is none (patch_misfit() in variant.h). fit_patch.py decides.
"""

load("//bazel:cc.bzl", "cc_binary")

# Row of the defect catalogue -> the source its patch is written against.
PATCHES = {
    "N1": "//runtime/sched:callback.cc",
    "N2": "//runtime/sched:thread.cc",
    "N3": "//runtime/sched:inject.cc",
    "N4": "//runtime/sched:thread.cc",
    "N5": "//runtime/sched:polling.cc",
    "N6": "//runtime/sched:polling.cc",
    "N7": "//runtime/sched:find_runnable.cc",
    "N8": "//runtime/sched:extra_ms.cc",
    "N9": "//runtime/sched:stop.cc",
    "N10": "//runtime/sched:callback.cc",
    "N11": "//runtime/sched:wake.cc",
    "N12": "//runtime/sched:sysmon.cc",
    "N13": "//runtime/sched:spawn.cc",
    "N14": "//runtime/sched:callback.cc",
    "N15": "//runtime/sched:handoff.cc",
    "N16": "//runtime/sched:callback.cc",
    "N17": "//runtime/sched:global_queue.cc",
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
    "S5c": "//runtime/sched:handoff.cc",
    "S5d": "//runtime/sched:handoff.cc",
    "U2": "//runtime/api:wait_group.cc",
}

# Of them, those that no oracle catches: see Detector in catalog.h.
ONLY_SANITIZERS_SEE = ["U2"]

def _patched_source_impl(ctx):
    source = ctx.file.source
    patched = ctx.actions.declare_file(ctx.attr.row + "/" + source.short_path)
    fit = ctx.actions.declare_file(ctx.attr.row + "/fit.h")
    scheduler = ctx.attr._scheduler[CcInfo].compilation_context
    ctx.actions.run(
        executable = ctx.executable._fit_patch,
        tools = [ctx.file.patch],
        arguments = [ctx.attr.row, source.path, ctx.file.patch.path, patched.path, fit.path] +
                    ["-D" + d for d in scheduler.defines.to_list()],
        inputs = depset([source], transitive = [scheduler.headers]),
        outputs = [patched, fit],
        env = {"PATH": "/usr/local/bin:/usr/bin:/bin"},
        mnemonic = "Patch",
        progress_message = "Patching for " + ctx.attr.row,
    )
    return [DefaultInfo(files = depset([patched, fit])), OutputGroupInfo(fit = depset([fit]))]

# The files <row>/<path of the source> and <row>/fit.h; the latter is its output group fit.
patched_source = rule(
    implementation = _patched_source_impl,
    attrs = {
        "row": attr.string(mandatory = True),
        "source": attr.label(allow_single_file = True, mandatory = True),
        # A .patch, or a program that edits its standard input.
        "patch": attr.label(allow_single_file = True, mandatory = True),
        # Whose headers the patched source includes.
        "_scheduler": attr.label(default = "//runtime/api:api.simulated"),
        "_fit_patch": attr.label(default = "//harness/defect:fit_patch", executable = True, cfg = "exec"),
    },
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
        local_defines = [
            "JITTERBUG_VARIANT='\"%s\"'" % row,
            "JITTERBUG_FIT='\"harness/defect/%s/fit.h\"'" % row,
        ],
        deps = deps + ["//harness/defect:variant"],
        **kwargs
    )

def patched_variants(name, tools):
    """Emits <tool>_<row> for each patch that exists, and for each tool a filegroup <tool>_variants.

    Args:
      name: of the filegroup of them all.
      tools: tool -> what it is made of, the scheduler included.
    """
    for row in PATCHES:
        patched_source(
            name = row + "_source",
            row = row,
            source = PATCHES[row],
            patch = "patches/" + row + ".patch",
        )
        native.filegroup(
            name = row + "_fit",
            srcs = [row + "_source"],
            output_group = "fit",
        )
        for tool, deps in tools.items():
            patched_binary(tool + "_" + row, row, deps)
    for tool in tools:
        native.filegroup(
            name = tool + "_variants",
            srcs = [":%s_%s" % (tool, row) for row in PATCHES],
        )
    native.filegroup(
        name = name,
        srcs = [":%s_variants" % tool for tool in tools],
    )
