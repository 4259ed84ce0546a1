"""Builds C++ with a compiler named on the spot, outside of Bazel's C++ toolchain.

For tests that set two compilers, or two sets of options, side by side in one run.
"""

_SourcesInfo = provider(fields = {
    "sources": "depset of the C++ sources of a target and all it depends on",
})

def _is_source(file):
    return file.extension in ["cc", "cpp"]

def _collect_impl(target, ctx):
    own = [f for f in getattr(ctx.rule.files, "srcs", []) if _is_source(f)]
    below = [d[_SourcesInfo].sources for d in getattr(ctx.rule.attr, "deps", []) if _SourcesInfo in d]
    return [_SourcesInfo(sources = depset(own, transitive = below, order = "postorder"))]

_collect = aspect(implementation = _collect_impl, attr_aspects = ["deps"])

def _compile(ctx, source, headers, flags):
    short = "together.cc" if ctx.attr.together else source.short_path
    object_file = ctx.actions.declare_file("%s.objects/%s.o" % (ctx.label.name, short))
    ctx.actions.run_shell(
        inputs = depset([source] + ctx.files.srcs, transitive = [headers]),
        outputs = [object_file],
        command = "exec \"$@\"",
        arguments = [ctx.attr.compiler, "-std=c++20"] + flags + ["-c", source.path, "-o", object_file.path],
        env = {"PATH": "/usr/local/bin:/usr/bin:/bin"},
        mnemonic = "ForeignCompile",
        progress_message = "Compiling %s with %s" % (source.short_path, ctx.attr.compiler),
    )
    return object_file

def _compile_all(ctx):
    contexts = [d[CcInfo].compilation_context for d in ctx.attr.deps]
    headers = depset(transitive = [c.headers for c in contexts])
    flags = ctx.attr.opts + ["-I."]
    for c in contexts:
        flags += ["-D" + d for d in c.defines.to_list()]
        for directory in c.quote_includes.to_list():  # where generated headers are
            flags += ["-iquote", directory]
        for directory in c.system_includes.to_list() + c.includes.to_list():
            flags += ["-isystem", directory]
    for directory in ctx.attr.includes:
        flags += ["-I", directory]
    sources = depset(
        [f for f in ctx.files.srcs if _is_source(f)],
        transitive = [d[_SourcesInfo].sources for d in ctx.attr.deps] if ctx.attr.with_sources_of_deps else [],
    ).to_list()
    if ctx.attr.together:
        unit = ctx.actions.declare_file(ctx.label.name + ".objects/together.cc")
        ctx.actions.write(unit, "".join(["#include \"%s\"\n" % s.path for s in sources]))
        headers = depset(sources, transitive = [headers])
        sources = [unit]
    return [_compile(ctx, source, headers, flags) for source in sources]

def _foreign_objects_impl(ctx):
    objects = _compile_all(ctx)
    return [DefaultInfo(files = depset(objects), runfiles = ctx.runfiles(files = objects))]

def _foreign_binary_impl(ctx):
    objects = _compile_all(ctx)
    binary = ctx.actions.declare_file(ctx.label.name)
    libraries = []
    for d in ctx.attr.deps:
        for i in d[CcInfo].linking_context.linker_inputs.to_list():
            libraries += i.user_link_flags
    ctx.actions.run_shell(
        inputs = objects,
        outputs = [binary],
        command = "exec \"$@\"",
        arguments = [ctx.attr.compiler] + ctx.attr.opts + [o.path for o in objects] +
                    ["-o", binary.path] + libraries + ctx.attr.linkopts,
        env = {"PATH": "/usr/local/bin:/usr/bin:/bin"},
        mnemonic = "ForeignLink",
        progress_message = "Linking %s with %s" % (binary.short_path, ctx.attr.compiler),
    )
    return [DefaultInfo(executable = binary, files = depset([binary]))]

_ATTRIBUTES = {
    "srcs": attr.label_list(allow_files = True),
    "deps": attr.label_list(providers = [CcInfo], aspects = [_collect]),
    "with_sources_of_deps": attr.bool(),
    "together": attr.bool(),
    "compiler": attr.string(mandatory = True),
    "opts": attr.string_list(),
    "linkopts": attr.string_list(),
    "includes": attr.string_list(),
}

_foreign_objects = rule(implementation = _foreign_objects_impl, attrs = _ATTRIBUTES)

_foreign_binary = rule(implementation = _foreign_binary_impl, executable = True, attrs = _ATTRIBUTES)

def foreign_objects(name, srcs, compiler, opts = [], deps = [], includes = [], together = False, **kwargs):
    """Compiles each C++ source to an object file; deps only lend their headers and defines.

    Args:
      name: the target; its files are the objects.
      srcs: sources, and headers that no dep has.
      compiler: a program on the path, such as "g++" or "clang++-19".
      opts: compiler options besides -std=c++20.
      deps: C++ libraries.
      includes: further include directories.
      together: all sources to one object file, as one translation unit.
      **kwargs: common attributes.
    """
    _foreign_objects(
        name = name,
        srcs = srcs,
        compiler = compiler,
        opts = opts,
        deps = deps,
        includes = includes,
        together = together,
        **kwargs
    )

def foreign_binary(name, compiler, srcs = [], opts = [], deps = [], includes = [], linkopts = [], **kwargs):
    """Links a program from its sources and those of everything it depends on.

    Args:
      name: the program.
      compiler: a program on the path, such as "g++" or "clang++-19".
      srcs: sources (labels or filegroups), and headers that no dep has.
      opts: compiler options besides -std=c++20, also given to the linker.
      deps: C++ libraries; their sources, and those of their deps, are compiled
        into the program with the same compiler and options.
      includes: further include directories.
      linkopts: linker options besides those of the deps and Boost.Context.
      **kwargs: common attributes.
    """
    _foreign_binary(
        name = name,
        srcs = srcs,
        compiler = compiler,
        opts = opts,
        deps = deps,
        with_sources_of_deps = True,
        includes = includes,
        linkopts = linkopts + ["-lboost_context", "-lpthread"],
        **kwargs
    )
