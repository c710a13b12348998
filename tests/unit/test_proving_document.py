"""`docs/proving.md` says what `prove` and `repair` print and take; and what a person reads where there is no proof."""

import argparse
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from ghostproof.__main__ import main
from ghostproof.cli import parser
from ghostproof.errors import NoGoal
from ghostproof.render import Proofs, ProofsAsJson
from ghostproof.search.edit import Edit
from ghostproof.search.proof import Outcome, Proof
from ghostproof.search.unfinished import Unfinished
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.text import Position
from ghostproof.verify.small_values import Refuted
from ghostproof.verify.verdict import Candidate, Checked, Proved, Suggestion

DOCUMENT = Path(__file__).parents[2] / "docs" / "proving.md"
PATH = Path("A.lean")
HOLE = Spot(22, 27, "", 2, SpotKind.SORRY)
FOUND = Outcome(
    proof=Proof(HOLE, Suggestion.of(Checked(Candidate("simp", "prove"), Proved()))),
    goal="⊢ p",
    done=True,
)
LEMMA = "theorem k : q := h\n\n"
WITH_LEMMA = replace(FOUND, proof=FOUND.proof and replace(FOUND.proof, above=Edit(0, 0, LEMMA)))
PART = Outcome(goal="⊢ p", done=True, unfinished=Unfinished(HOLE, "constructor\n· simp\n· sorry", ("⊢ q",)))
FALSE = Outcome(goal="n : Nat\n⊢ n = 1", done=True, refuted=Refuted((("n", "0"),)))
NOWHERE = Outcome(done=True, error=NoGoal("There is no goal.", "Look elsewhere.\nOr here."))


def rows(heading: str) -> set[str]:
    """What stands in backquotes in the first column of the table below a heading."""
    section = DOCUMENT.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.split("\n") if line.startswith("| `")]
    return {word for line in lines for word in re.findall(r"`([^`]+)`", line.split("|")[1])}


def test_every_field_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    for outcome in (FOUND, FALSE, NOWHERE, PART, WITH_LEMMA):
        ProofsAsJson().show(PATH, Position(1, 2), outcome)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {field for each in told for field in each} == rows("`--json`")
    assert [each["proof"] for each in told] == ["simp", None, None, None, "simp"]
    assert told[-1]["above"] == [{"text": LEMMA, "start": 0, "end": 0}]
    assert all(("cure" in each) == (each["proof"] is None) for each in told)


def test_every_option_is_told() -> None:
    commands = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)).choices
    options = {name for name in commands["prove"]._option_string_actions if name.startswith("--")}
    told = {word.split()[0] for word in rows("Options")}
    assert told == options - {"--help", "--all"}
    assert "--all" in DOCUMENT.read_text("utf-8")
    repair = {name for name in commands["repair"]._option_string_actions if name.startswith("--")}
    assert told - {"--lemmas"} == repair - {"--help"}  # a repair stays where it is


def test_a_part_of_a_proof_is_called_unfinished(capsys: pytest.CaptureFixture[str]) -> None:
    ProofsAsJson().show(PATH, Position(1, 2), PART)
    assert json.loads(capsys.readouterr().out)["unfinished"] == {
        "proof": "constructor\n  · simp\n  · sorry",
        "start": 22,
        "end": 27,
    }
    Proofs(1).show(PATH, Position(1, 2), PART)
    said = capsys.readouterr().out
    assert said.startswith("✗ A.lean")
    assert "unfinished, with 1 left to be proved:\n    constructor\n    · simp\n    · sorry\n" in said


@pytest.mark.parametrize("outcome", [FALSE, NOWHERE, Outcome(done=True, tried=3), Outcome(done=True, exhausted=True)])
def test_whoever_gets_no_proof_reads_what_to_do(outcome: Outcome, capsys: pytest.CaptureFixture[str]) -> None:
    Proofs(1).show(PATH, Position(1, 2), outcome)
    said = capsys.readouterr().out
    assert outcome.cure
    assert "  → " + outcome.cure.replace("\n", "\n    ") + "\n" in said


def test_interrupted_before_it_began_it_ends_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "ghostproof.cli", Interrupted("ghostproof.cli"))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130


def test_a_lemma_is_shown_above_the_proof(capsys: pytest.CaptureFixture[str]) -> None:
    Proofs(1).show(PATH, Position(1, 2), WITH_LEMMA)
    assert capsys.readouterr().out.endswith("\n    theorem k : q := h\n    \n    simp\n")
