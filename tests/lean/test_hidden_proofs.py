"""What imported modules hide, by a real Lean: a theorem of theirs counts if its proof does, and never else.

Each module of the library is there for one way to be mistaken about a proof that is not to be seen from outside.
"""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ghostproof.config import Config, LeanConfig
from ghostproof.verify.checker import Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate, Inconclusive, Proved, Rejected, Verdict
from ghostproof.workspace import find_lean, make_probe
from support import marked
from support.library import BUILT, compiled

pytestmark = [pytest.mark.lean, pytest.mark.slow]
LIMITS = Limits(seconds=120.0)

# Nothing that a checker knows by itself proves `Holds n`, and nothing makes it reducible.
BASE = """module
public noncomputable section
inductive Holds : Nat → Prop where
  | never (n : Nat) (impossible : False) : Holds n
"""
PROVED = "theorem {name} (n : Nat) : n * 37 + n = 38 * n := by\n  omega\n"
OPEN = "theorem {name} (n : Nat) : Holds n := by\n  sorry\n"

LIBRARY = {
    "Base": BASE,
    "Plain": "module\npublic import Base\npublic section\n"
    + PROVED.format(name="plain_good")
    + OPEN.format(name="plain_open")
    + "theorem plain_on_open (n : Nat) : Holds (n + 1) := plain_open _\n"
    + "axiom believed (n : Nat) : Holds n\n"
    + "theorem plain_on_axiom (n : Nat) : Holds (n + 2) := believed _\n"
    + "theorem plain_on_sorry_inside (n : Nat) : Holds n := by\n  have h : False := by sorry\n  exact h.elim\n"
    + "private theorem of_its_own (n : Nat) : Holds n := sorry\n"
    + "theorem plain_on_private (n : Nat) : Holds n := of_its_own n\n"
    + "def amount : Nat := sorry\n"
    + "theorem amount_same : amount + 0 = amount := by\n  simp\n"
    + "def chosen : {n : Nat // Holds n} := ⟨3, sorry⟩\n"
    + "theorem plain_on_data : Holds chosen.val := chosen.property\n",
    "Above": "module\npublic import Base\nimport Plain\npublic section\n"
    + "theorem above_good (n : Nat) : n * 37 + n + 0 = 38 * n := plain_good n\n"
    + "theorem above_on_open (n : Nat) : Holds n := plain_open n\n",
    # The same private name as in `Plain`, proved here.
    "Namesake": "module\npublic import Base\nimport Plain\npublic noncomputable section\n"
    + "private theorem of_its_own (n : Nat) : n * 37 + n = 38 * n := by\n  omega\n"
    + "theorem on_namesake (n : Nat) : n * 37 + n = 38 * n := of_its_own n\n",
    # What follows is tampered with when it is compiled.
    "Torn": "module\npublic import Base\npublic section\n" + PROVED.format(name="torn"),
    "Bare": "module\npublic import Base\npublic section\n" + PROVED.format(name="bare"),
    "Swapped": "module\npublic import Base\npublic section\n" + PROVED.format(name="swapped"),
    "Renewed": "module\npublic import Base\npublic section\n" + PROVED.format(name="renewed"),
}
NEEDS = ("Plain", "Above", "Namesake", "Torn", "Bare", "Swapped", "Renewed")
HEADER = "module\n" + "".join(f"public import {name}\n" for name in NEEDS)
NUMBERS = HEADER + "theorem t (n : Nat) : n * 37 + n = 38 * n := by\n  ⟦sorry⟧\n"
HOLDS = HEADER + "theorem t (n : Nat) : Holds (n + 2) := by\n  ⟦sorry⟧\n"
DATA = HEADER + "theorem t : Holds chosen.val := by\n  ⟦sorry⟧\n"
AMOUNT = HEADER + "theorem t : amount + 0 = amount := by\n  ⟦sorry⟧\n"
OWN = HEADER + (
    "theorem mine (n : Nat) : Holds (n + 2) := plain_on_open _\ntheorem t (n : Nat) : Holds (n + 2) := by\n  ⟦sorry⟧\n"
)


@pytest.fixture(scope="module")
async def library(embedded_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hidden")
    (root / "lakefile.toml").write_text('name = "hidden"\n', "utf-8")
    for name, text in LIBRARY.items():
        (root / f"{name}.lean").write_text(text, "utf-8")
    said = await compiled(embedded_root / "bin" / "lean", root)
    assert not [words for words in said.values() if "error" in words], said
    built = root / BUILT
    # The shown part is newer than the hidden one: that is of another writing.
    later = (built / "Torn.olean").stat().st_mtime + 60
    os.utime(built / "Torn.olean", (later, later))
    (built / "Bare.olean.private").unlink()
    shutil.copyfile(built / "Renewed.olean.private", built / "Swapped.olean.private")
    return root


@pytest.fixture(scope="module")
async def checker(library: Path) -> AsyncIterator[ProbeChecker]:
    config = Config(lean=LeanConfig(toolchain="embedded", document_s=300.0))
    made = make_probe(await find_lean(library, config), config)
    yield made
    await made.close()


async def verdicts(checker: ProbeChecker, library: Path, text: str, *candidates: str) -> list[Verdict]:
    state = await marked.opened(checker, library / "Use.lean", text)
    return [(await checker.check(state, Candidate(one, "test"), LIMITS)).verdict for one in candidates]


async def test_a_hidden_proof_counts(checker: ProbeChecker, library: Path) -> None:
    found = await verdicts(checker, library, NUMBERS, "exact plain_good n", "rw [plain_good]", "exact above_good n")
    assert found == [Proved()] * 3


async def test_no_theorem_counts_whose_proof_is_open(checker: ProbeChecker, library: Path) -> None:
    names = ("plain_open", "plain_on_open", "plain_on_sorry_inside", "plain_on_private", "above_on_open")
    found = await verdicts(checker, library, HOLDS, *(f"exact {name} _" for name in names))
    assert [isinstance(verdict, Rejected) for verdict in found] == [True] * len(names), found
    assert all("not finished" in verdict.message for verdict in found if isinstance(verdict, Rejected))


async def test_steps_on_open_theorems_are_none(checker: ProbeChecker, library: Path) -> None:
    found = await verdicts(checker, library, HOLDS, "have h := plain_open n", "have h := plain_good n")
    assert isinstance(found[0], Rejected)
    assert not isinstance(found[1], Rejected)


async def test_an_axiom_behind_a_hidden_proof_is_named(checker: ProbeChecker, library: Path) -> None:
    (found,) = await verdicts(checker, library, HOLDS, "exact plain_on_axiom n")
    assert isinstance(found, Rejected)
    assert "believed" in found.message


async def test_values_that_are_not_there_prove_nothing(checker: ProbeChecker, library: Path) -> None:
    """What holds of any value is another matter: nothing but the type of the value in the statement is used."""
    found = await verdicts(checker, library, DATA, "exact plain_on_data", "exact chosen.property")
    assert isinstance(found[0], Inconclusive)
    assert found[1] == Proved()
    assert await verdicts(checker, library, AMOUNT, "rfl") == [Proved()]


async def test_private_theorems_of_one_name_are_two(checker: ProbeChecker, library: Path) -> None:
    assert await verdicts(checker, library, NUMBERS, "exact on_namesake n") == [Proved()]


async def test_a_lemma_of_the_file_rests_on_what_its_imports_hide(checker: ProbeChecker, library: Path) -> None:
    (found,) = await verdicts(checker, library, OWN, "exact mine n")
    assert isinstance(found, Rejected)


async def test_of_a_module_that_is_not_whole_nothing_is_known(checker: ProbeChecker, library: Path) -> None:
    names = ("torn", "bare", "swapped")
    found = await verdicts(checker, library, NUMBERS, *(f"exact {name} n" for name in names))
    assert [isinstance(verdict, Inconclusive) for verdict in found] == [True] * len(names), found


async def test_a_module_that_changes_is_not_known_any_more(
    checker: ProbeChecker, library: Path, embedded_root: Path
) -> None:
    """The new one has a `sorry` that what was imported before has not, or the other way round: nobody can tell."""
    assert await verdicts(checker, library, NUMBERS, "exact renewed n") == [Proved()]
    path = library / "Renewed.lean"
    path.write_text(path.read_text("utf-8").replace("omega", "sorry"), "utf-8")
    await compiled(embedded_root / "bin" / "lean", library, ("Renewed",))
    (found,) = await verdicts(checker, library, NUMBERS, "exact renewed n")
    assert isinstance(found, Inconclusive)
