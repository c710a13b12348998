"""A goal about numbers that a file has declared itself, which needs two lemmas about their sum."""

from ghostproof.search.strategy import Goal
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from support.told_definitions import family, function, told

ABOVE = """inductive N where
  | z : N
  | s : N → N

def plus : N → N → N
  | .z, m => m
  | .s n, m => .s (plus n m)
"""
NUMBERS = tuple(Hypothesis(name, "N", inductive="N", recursive=True) for name in "ab")
PLUS = Function("plus", True, ("plus a b", "plus b a"), ("N", "N"), "N")
KNOWN = told(function("plus", "N → N → N"), family("N", z="", s="N"))
GOAL = Goal(
    0, MainGoal("a b : N\n⊢ plus a b = plus b a", "plus a b = plus b a", "Eq", (), NUMBERS, (PLUS,)), ABOVE, known=KNOWN
)  # fmt: skip
