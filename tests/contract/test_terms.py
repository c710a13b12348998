"""Where a term is asked for, a tactic that gives one is that term; both checkers judge it where it stands."""

from dataclasses import dataclass

import pytest

from ghostproof.lean.toolchain import Project
from ghostproof.search.place import block_spot
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import Checker, Limits
from ghostproof.verify.verdict import Candidate, Cause, Inconclusive, Proved
from support.marked import place

pytestmark = pytest.mark.lean

LIMITS = Limits(seconds=60.0)


def spot_of(marked: str) -> tuple[str, Spot]:
    """The text and the spot of its marked `sorry`, which is a term."""
    hole = place(marked)
    line = hole.text.rfind("\n", 0, hole.spot.start) + 1
    return hole.text, Spot(hole.spot.start, hole.spot.end, "by ", hole.spot.start - line + 3, SpotKind.TERM)


@dataclass(frozen=True)
class Case:
    """A text, what proves it with what then stands in it, and what does not."""

    name: str
    text: str
    proofs: tuple[tuple[str, str], ...]
    none: tuple[str, ...] = ()


CASES = (
    Case(
        "a body",
        "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p := ⟦sorry⟧\n",
        (("exact ⟨h.2, h.1⟩", ":= ⟨h.2, h.1⟩\n"), ("exact h.symm", ":= h.symm\n"), ("simp_all", ":= by simp_all\n")),
        ("exact h", "exact t p q h", "exact ⟨h.2, h⟩"),
    ),
    Case(
        "a part of a term",
        "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := ⟨⟦sorry⟧, hq⟩\n",
        (("exact hp", ":= ⟨hp, hq⟩\n"), ("exact id (by simp_all)", ":= ⟨id (by simp_all), hq⟩\n")),
        ("exact hq", "exact fun"),
    ),
    Case(
        "an axiom and an unproved lemma above",
        "axiom wrong : 1 = 2\ntheorem bad : 2 = 1 := by\n  sorry\n\ntheorem t : 1 = 2 := ⟦sorry⟧\n",
        (),
        ("exact wrong", "exact bad.symm"),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_term_is_judged_where_it_comes_to_stand(checker: Checker, project: Project, case: Case) -> None:
    text, spot = spot_of(case.text)
    state = await checker.open(project.root / "Terms.lean", text, spot)
    for tactic, written in case.proofs:
        assert written in spot.fill(text, tactic)
        verdict = (await checker.check(state, Candidate(tactic, "test"), LIMITS)).verdict
        untold = isinstance(verdict, Inconclusive) and verdict.cause is Cause.AXIOMS and checker.name == "scratch"
        assert isinstance(verdict, Proved) or untold, (tactic, verdict)
    for tactic in case.none:
        verdict = (await checker.check(state, Candidate(tactic, "test"), LIMITS)).verdict
        assert not isinstance(verdict, Proved), tactic


async def test_a_term_below_its_by_is_judged_alike(checker: Checker, project: Project) -> None:
    """Whole proofs are laid out like that."""
    text, term = spot_of("theorem t (p q : Prop) (h : p ∧ q) : q ∧ p := ⟦sorry⟧\n")
    spot = block_spot(text, term)
    state = await checker.open(project.root / "Terms.lean", text, spot)
    assert ":= h.symm\n" in spot.fill(text, "exact h.symm")
    assert ":= by\n  simp_all\n" in spot.fill(text, "simp_all")
    for tactic in ("exact h.symm", "simp_all"):
        assert isinstance((await checker.check(state, Candidate(tactic, "test"), LIMITS)).verdict, Proved)
