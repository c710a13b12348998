"""Names in «»: what the automation proposes about them is written as Lean needs it. On the prober and on scratch."""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from ghostproof.config import SuggestConfig
from ghostproof.lean.toolchain import Project
from ghostproof.suggest.job import Suggester
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.automation import AutomationSource
from ghostproof.suggest.sources.portfolio import FORMS
from ghostproof.syntax.names import PLAIN_PART
from ghostproof.syntax.quoting import written
from ghostproof.syntax.spot import find_action_spots
from ghostproof.text import SourceText
from ghostproof.verify.checker import Checker
from support.patience import BUDGET_S

pytestmark = pytest.mark.lean

TREE = "inductive Tree where\n  | «end»\n  | «my node» (l r : Tree)\n\nopaque Good : Tree → Prop\n\n"
COUNT = "def «match» : Nat → Nat\n  | 0 => 0\n  | n + 1 => «match» n + 1\n\n"
BOX = "namespace Box.«a.b»\n\ndef «open» : List Nat → Nat\n  | [] => 0\n  | _ :: xs => «open» xs + 1\n\n"
CLOSED_BOX = BOX + "end Box.«a.b»\n\n"


# What is tried on a goal, without the combinations.
PLAIN = tuple(form for form in FORMS if form.tier < Tier.SLOW and "<;>" not in form.text)


@dataclass(frozen=True)
class Case:
    """A text with a `sorry`, and what stands in one of the suggestions for it."""

    name: str
    text: str
    expected: str


CASES = (
    Case("keyword", "theorem a («from» : Nat) (f : Nat → Prop) : f «from» := by\n  sorry\n", "induction «from»"),
    Case("blank", "theorem a («my var» : Nat) (f : Nat → Prop) : f «my var» := by\n  sorry\n", "induction «my var»"),
    Case("dot", "theorem a («a.b» : Nat) (f : Nat → Prop) : f «a.b» := by\n  sorry\n", "induction «a.b»"),
    Case("constructor", TREE + "theorem a (t : Tree) : Good t := by\n  sorry\n", "| «end» =>"),
    Case("part", TREE + "theorem a («from» : Tree) : Good «from» := by\n  sorry\n", "| «my node» l r"),
    Case("hypothesis", "theorem a (p : Prop) («open» : p) : p := by\n  sorry\n", "exact «open»"),
    Case("binder", "theorem a (f : Nat → Prop) : ∀ «end» : Nat, f «end» := by\n  sorry\n", "intro «end»"),
    Case("function", COUNT + "theorem a (n : Nat) : «match» n = n := by\n  sorry\n", "«match»"),
    Case("function in a namespace", BOX + "theorem a (x : Nat) : «open» [x] = x := by\n  sorry\n", "«open»"),
    Case(
        "function from outside",
        CLOSED_BOX + "theorem a (x : Nat) : Box.«a.b».«open» [x] = x := by\n  sorry\n",
        "Box.«a.b».open",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_what_is_proposed_is_quoted_and_accepted(checker: Checker, project: Project, case: Case) -> None:
    spots = find_action_spots(SourceText(case.text), case.text.index("sorry"))
    suggester = Suggester([AutomationSource(PLAIN, ())], SuggestConfig(closers=20, limit=50))
    job = suggester.start(checker, project.root / "Quoted.lean", case.text, spots, BUDGET_S)
    known = await job.wait(lambda s: s.done, 2 * BUDGET_S)
    assert known.error is None
    assert [s.text for s in known.suggestions if case.expected in s.text] != [], [s.text for s in known.suggestions]


# Words of programs, and of commands for these: nobody calls a variable so.
OF_PROGRAMS = re.compile(r"_|reserved|.*[!?]|.*_.*|(log|throw)Named.*|.*grind.*")


async def test_what_lean_reserves_is_quoted(embedded_root: Path) -> None:
    file = Path(__file__).with_name("Tokens.lean")
    asked = await asyncio.create_subprocess_exec(embedded_root / "bin" / "lean", file, stdout=asyncio.subprocess.PIPE)
    told, _ = await asked.communicate()
    words = {word for word in told.decode().split() if re.fullmatch(PLAIN_PART, word)}
    assert {"theorem", "by", "until"} <= words
    assert [word for word in sorted(words) if written(word) == word and not OF_PROGRAMS.fullmatch(word)] == []
