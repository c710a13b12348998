"""Goals about machine words are closed without the compiler's word for it. On both checkers."""

import pytest

from ghostproof.config import SuggestConfig
from ghostproof.lean.toolchain import Project
from ghostproof.suggest.job import Snapshot, Suggester
from ghostproof.suggest.sources.automation import AutomationSource
from ghostproof.suggest.sources.portfolio import FORMS, Over
from ghostproof.verify.checker import Checker
from support.marked import place
from support.patience import BUDGET_S

pytestmark = pytest.mark.lean

# What the portfolio has for words, and its general closers.
TRIED = tuple(f for f in FORMS if f.about or f.over is Over.WORD or f.text in ("simp", "simp_all", "grind", "rfl"))


async def tried(checker: Checker, project: Project, statement: str) -> Snapshot:
    hole = place(f"theorem t {statement} := by\n  ⟦sorry⟧\n")
    suggester = Suggester([AutomationSource(TRIED, ())], SuggestConfig())
    job = suggester.start(checker, project.root / "Words.lean", hole.text, [hole.spot], BUDGET_S)
    return await job.wait(lambda s: s.done, 2 * BUDGET_S)


@pytest.mark.parametrize(
    "statement",
    [
        "(a : UInt8) : a.toNat < 256",
        "(a b : UInt8) (h : a ≤ b) (h2 : b < 10) : a.toNat + b.toNat < 20",
        "(a b : UInt16) (h : a < b) : a ≠ b",
        "(a b c : UInt32) (h : a < b) (h2 : b < c) : a < c",
        "(x y : BitVec 8) : x + y - y = x",
        "(x y : BitVec 8) : ~~~(x &&& y) = ~~~x ||| ~~~y",
        "(x y : BitVec 8) (h : x < y) : ¬ y ≤ x",
    ],
)
async def test_a_goal_about_words_is_closed(checker: Checker, project: Project, statement: str) -> None:
    known = await tried(checker, project, statement)
    assert [s.text for s in known.suggestions if s.kind == "proved"] != [], known.why_none


async def test_why_bv_decide_is_not_offered_is_told_where_nothing_else_goes(checker: Checker, project: Project) -> None:
    known = await tried(checker, project, "(f : BitVec 8 → BitVec 8) (x : BitVec 8) : f x * x = x &&& f x")
    assert [s for s in known.suggestions if s.kind == "proved"] == []
    assert known.suggestions or "`bv_decide`" in known.why_none
    assert known.suggestions or "Lean.ofReduceBool" in known.why_none
