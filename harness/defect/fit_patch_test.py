#!/usr/bin/python3
"""fit_patch.py tells patches that fit from those that do not apply, and from those
whose result does not compile."""

import pathlib
import subprocess
import tempfile
import unittest

SOURCE = """// One.
// Two.
// Three.
int answer() {
  int x = 42;
  return x;
}
// Four.
"""
PATCH = """--- a/source.cc
+++ b/source.cc
@@ -2,7 +2,7 @@
 // Two.
 // Three.
 int answer() {
-  int x = 42;
+  int x = ANSWER;
   return x;
 }
 // Four.
"""


class FitPatch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def fit(self, source, replacement):
        """The patched source, and the header that says how it fits."""
        (self.folder / "source.cc").write_text(source)
        (self.folder / "row.patch").write_text(PATCH.replace("ANSWER", replacement))
        names = [str(self.folder / n) for n in ("source.cc", "row.patch", "patched.cc", "fit.h")]
        subprocess.run(["harness/defect/fit_patch.py", "S1a", *names], check=True)
        return (self.folder / "patched.cc").read_text(), (self.folder / "fit.h").read_text()

    def test_a_patch_that_fits_is_applied(self):
        patched, fit = self.fit(SOURCE, "7")
        self.assertIn("int x = 7;", patched)
        self.assertIn('patch_misfit_text[] = "";', fit)

    def test_other_lines_around_it_are_a_misfit(self):
        source = SOURCE.replace("return x", "return x + 1")
        patched, fit = self.fit(source, "7")
        self.assertEqual(patched, source)
        self.assertRegex(fit, '= "the patch of S1a does not apply to .*source.cc"')
        self.assertIn("// 1 out of 1 hunk", fit)

    def test_a_line_further_down_is_none(self):
        patched, fit = self.fit("// A comment.\n" + SOURCE, "7")
        self.assertIn("int x = 7;", patched)
        self.assertIn('= "";', fit)

    def test_a_result_that_does_not_compile_is_a_misfit(self):
        patched, fit = self.fit(SOURCE, "a_name_that_is_gone")
        self.assertEqual(patched, SOURCE)
        self.assertRegex(fit, '= ".*source.cc does not compile with the patch of S1a"')
        self.assertIn("a_name_that_is_gone", fit)

    def test_the_header_compiles_whatever_was_complained_of(self):
        _, fit = self.fit(SOURCE, "a_name_that_is_gone \\\\")
        header = self.folder / "header.cc"
        header.write_text(fit + "static_assert(sizeof patch_misfit_text > 1);\n")
        subprocess.run(["clang++-19", "-std=c++20", "-Werror", "-Wall", "-fsyntax-only", str(header)], check=True)


if __name__ == "__main__":
    unittest.main()
