"""A test that passes when libraries refuse to be linked into one program."""

def _link_must_fail_impl(ctx):
    archives = []
    for dep in ctx.attr.deps:
        for linker_input in dep[CcInfo].linking_context.linker_inputs.to_list():
            for library in linker_input.libraries:
                archive = library.static_library or library.pic_static_library
                if archive and archive not in archives:
                    archives.append(archive)
    launcher = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(launcher, """#!/bin/bash
log=$(clang++-19 -x c++ - -x none -Wl,--whole-archive {archives} -Wl,--no-whole-archive \\
  -Wl,--unresolved-symbols=ignore-all -lboost_context -lpthread -o "$TEST_TMPDIR/program" 2>&1 <<<'int main() {{}}')
code=$?
echo "$log"
((code != 0)) || {{ echo "FAIL: these libraries can be linked into one program"; exit 1; }}
grep -q -- {expected} <<<"$log" || {{ echo "FAIL: the linker does not say" {expected}; exit 1; }}
""".format(
        archives = " ".join([a.short_path for a in archives]),
        expected = "'" + ctx.attr.must_fail_with + "'",
    ), is_executable = True)
    return [DefaultInfo(executable = launcher, runfiles = ctx.runfiles(files = archives))]

link_must_fail_test = rule(
    implementation = _link_must_fail_impl,
    test = True,
    attrs = {
        "deps": attr.label_list(providers = [CcInfo], mandatory = True),
        "must_fail_with": attr.string(mandatory = True),
    },
)
