"""A digest of the sources a library is made of, as a header: two programs can tell whether
they were built from the same state of it."""

_FilesInfo = provider(fields = {"files": "depset of the sources and headers of a target and all it depends on"})

def _collect_impl(_target, ctx):
    own = [
        f
        for attribute in ["srcs", "hdrs"]
        for f in getattr(ctx.rule.files, attribute, [])
        if f.is_source
    ]
    below = [d[_FilesInfo].files for d in getattr(ctx.rule.attr, "deps", []) if _FilesInfo in d]
    return [_FilesInfo(files = depset(own, transitive = below, order = "postorder"))]

_collect = aspect(implementation = _collect_impl, attr_aspects = ["deps"])

def _source_digest_impl(ctx):
    header = ctx.actions.declare_file(ctx.label.name + ".h")
    files = depset(transitive = [d[_FilesInfo].files for d in ctx.attr.deps])
    ctx.actions.run_shell(
        inputs = files,
        outputs = [header],
        command = "digest=$(sha256sum -- \"$@\" | sort -k 2 | sha256sum) && " +
                  "printf 'inline constexpr char %s_text[] = \"%s\";\\n' {} \"${{digest:0:16}}\" >{}".format(
                      ctx.label.name,
                      header.path,
                  ),
        arguments = [f.path for f in files.to_list()],
        mnemonic = "SourceDigest",
        progress_message = "Digesting the sources of %s" % ctx.label,
    )
    return [DefaultInfo(files = depset([header]))]

# <name>.h defines the C string <name>_text: 16 hexadecimal digits.
source_digest = rule(
    implementation = _source_digest_impl,
    attrs = {"deps": attr.label_list(aspects = [_collect], mandatory = True)},
)
