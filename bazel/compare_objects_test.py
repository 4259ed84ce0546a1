#!/usr/bin/python3 -B
"""compare_objects.py takes two orders of operands for the same only where they are."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import compare_objects


def ordered(*body):
    return compare_objects.same_operands_in_order(list(body))


class SameOperands(unittest.TestCase):
    def test_a_question_for_equality_has_no_order(self):
        for use in ("jne    <f+0x28>", "je     <f+0x28>", "sete   %al", "cmovne %eax,%ebx"):
            one = ordered("mov    %eax,%ebx", "cmp    %ebx,%r13d", use, "ret")
            other = ordered("mov    %eax,%ebx", "cmp    %r13d,%ebx", use, "ret")
            self.assertEqual(one, other, use)

    def test_any_other_question_has(self):
        for use in ("jl     <f+0x28>", "ja     <f+0x28>", "setbe  %al", "cmovge %eax,%ebx", "ret"):
            self.assertNotEqual(ordered("cmp    %ebx,%r13d", use), ordered("cmp    %r13d,%ebx", use), use)

    def test_so_has_a_second_question_of_the_same_comparison(self):
        uses = ("je     <f+0x28>", "jl     <f+0x40>")
        self.assertNotEqual(ordered("cmp    %ebx,%r13d", *uses), ordered("cmp    %r13d,%ebx", *uses))

    def test_other_registers_and_memory_are_not_the_same(self):
        use = "jne    <f+0x28>"
        self.assertNotEqual(ordered("cmp    %ebx,%r13d", use), ordered("cmp    %ebx,%r12d", use))
        self.assertNotEqual(ordered("cmp    %ebx,(%rdi)", use), ordered("cmp    (%rdi),%ebx", use))


if __name__ == "__main__":
    unittest.main()
