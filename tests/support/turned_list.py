"""A goal about a list that is turned around twice, by functions that a file has declared itself."""

from ghostproof.search.strategy import Goal
from ghostproof.verify.checker import Function, Hypothesis, MainGoal

LIST = "List α"
APP = Function("app", True, ("app xs []",), (LIST, LIST), LIST)
REV = Function("rev", True, ("rev xs",), (LIST,), LIST)
XS = Hypothesis("xs", LIST, False, "List", True)
GOAL = Goal(0, MainGoal("xs : List α\n⊢ rev (rev xs) = xs", "rev (rev xs) = xs", "Eq", (), (XS,), (REV, APP)), "")
