"""Headers that every source would read anew, read once for each configuration.

The standard library's headers take a second to read, most sources of this project a third
of that to compile, and a test run compiles each source for several sanitizers.
"""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "CPP_COMPILE_ACTION_NAME")
load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

# A source uses what is precompiled, and is compiled anew when that changes. The headers it
# was made of are the system's: Bazel is not told of them (-MMD), it did not declare them.
_USE = "-include-pch %s -Xclang -module-file-deps -MMD -Wno-unused-command-line-argument"

def _compile(ctx, toolchain, context, output):
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    flags = ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts + ctx.attr.copts
    flags = flags + ["-xc++-header", "-Xclang", "-fno-pch-timestamp"]
    for header in ctx.attr.headers:
        flags += ["-include", header]
    variables = cc_common.create_compile_variables(
        feature_configuration = features,
        cc_toolchain = toolchain,
        # Nothing, by standard input. Each file that is read here has to be found again, by
        # its full path, and a file of the project was in a sandbox that is gone by then.
        source_file = "-",
        output_file = output.path,
        user_compile_flags = flags,
        system_include_directories = depset(ctx.attr.directories),
        preprocessor_defines = context.defines,
    )
    what = dict(feature_configuration = features, action_name = CPP_COMPILE_ACTION_NAME)
    ctx.actions.run(
        inputs = depset(transitive = [context.headers, toolchain.all_files]),
        outputs = [output],
        executable = cc_common.get_tool_for_action(**what),
        arguments = cc_common.get_memory_inefficient_command_line(variables = variables, **what),
        env = cc_common.get_environment_variables(variables = variables, **what),
        mnemonic = "CppPrecompile",
        progress_message = "Precompiling " + str(ctx.label),
    )

def _precompiled_headers_impl(ctx):
    toolchain = find_cpp_toolchain(ctx)
    below = cc_common.merge_cc_infos(cc_infos = [d[CcInfo] for d in ctx.attr.deps])
    if toolchain.compiler != "clang":  # each source reads what it includes
        return [below, platform_common.TemplateVariableInfo({"PRECOMPILED": ""})]
    precompiled = ctx.actions.declare_file(ctx.label.name + ".pch")
    _compile(ctx, toolchain, below.compilation_context, precompiled)
    own = CcInfo(compilation_context = cc_common.create_compilation_context(headers = depset([precompiled])))
    return [
        cc_common.merge_cc_infos(direct_cc_infos = [own], cc_infos = [below]),
        platform_common.TemplateVariableInfo({"PRECOMPILED": _USE % precompiled.path}),
    ]

# A C++ dependency, and for the copts of what depends on it the Make variable PRECOMPILED.
#   headers: as in #include <...>.
#   directories: where those are that are not the compiler's own, by their full path.
#   copts: as of the sources that use it.
precompiled_headers = rule(
    implementation = _precompiled_headers_impl,
    attrs = {
        "headers": attr.string_list(mandatory = True),
        "directories": attr.string_list(),
        "copts": attr.string_list(),
        "deps": attr.label_list(providers = [CcInfo]),
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
    provides = [CcInfo, platform_common.TemplateVariableInfo],
)
