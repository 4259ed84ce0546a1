"""Finds the race windows in the sources of a library and of all it depends on."""

_SourcesInfo = provider(fields = {"sources": "depset of C++ sources and headers"})

def _collect_impl(target, ctx):
    own = [f for a in ["srcs", "hdrs"] for f in getattr(ctx.rule.files, a, []) if f.short_path.startswith("runtime/")]
    below = [d[_SourcesInfo].sources for d in getattr(ctx.rule.attr, "deps", []) if _SourcesInfo in d]
    return [_SourcesInfo(sources = depset(own, transitive = below))]

_collect = aspect(implementation = _collect_impl, attr_aspects = ["deps"])

def _window_sites_impl(ctx):
    sources = depset(transitive = [d[_SourcesInfo].sources for d in ctx.attr.deps])
    arguments = ctx.actions.args()
    arguments.add(ctx.outputs.out)
    arguments.add_all(sources)
    ctx.actions.run(
        executable = ctx.executable._script,
        inputs = sources,
        outputs = [ctx.outputs.out],
        arguments = [arguments],
        env = {"PATH": "/usr/local/bin:/usr/bin:/bin"},
        mnemonic = "WindowSites",
    )

window_sites = rule(
    doc = "Writes a C++ source that defines window_sites() (window_sites.h).",
    implementation = _window_sites_impl,
    attrs = {
        "deps": attr.label_list(aspects = [_collect]),
        "out": attr.output(mandatory = True),
        "_script": attr.label(
            default = "//harness/report:window_sites.sh",
            allow_single_file = True,
            executable = True,
            cfg = "exec",
        ),
    },
)
