"""What an evaluation hides, and what it lets be learned from: nothing of the hidden proof, nothing from below."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ghostproof.errors import BadInput
from ghostproof.evaluation.above import Above
from ghostproof.evaluation.project import LeanFile, in_order, theorems_of
from ghostproof.evaluation.theorem import HiddenTheorem
from ghostproof.evaluation.trying import rank_of
from ghostproof.learning.learned import Learned
from ghostproof.learning.steps import TacticStep
from ghostproof.syntax.header import read_imports
from ghostproof.syntax.theorems import written_theorems
from ghostproof.text import SourceText
from support.library import LIBRARY

# The order of names is not that of imports; `Ab.Aa` and `Ab.Bb` have nothing to do with each other.
FILES = {
    "Ab/Zz.lean": "theorem zz.a : True := by\n  trivial\n\ntheorem zz.b : True := by\n  exact zz.a\n",
    "Ab/Aa.lean": "import Ab.Zz\n\nnamespace zz\n\ntheorem c : True := by\n  have h := b\n  exact h\n\nend zz\n",
    "Ab/Bb.lean": "module\n\npublic import Ab.Zz\n\ntheorem d : True := zz.b\n",
    "Ab.lean": "import Ab.Aa\nimport Ab.Bb\n\ntheorem e : True ∧ True := ⟨zz.c, d⟩\ntheorem f : True := by trivial\n",
}


def files(texts: dict[str, str]) -> list[LeanFile]:
    return in_order([LeanFile(Path("/project") / name, name, text) for name, text in texts.items()])


def library() -> list[LeanFile]:
    names = (path.relative_to(LIBRARY).as_posix() for path in LIBRARY.rglob("*.lean") if ".lake" not in path.parts)
    return files({name: (LIBRARY / name).read_text("utf-8") for name in names})


def steps_of(file: LeanFile) -> Iterator[TacticStep]:
    """A step on every line of every proof, about a goal that all have in common."""
    source = SourceText(file.text)
    for theorem in written_theorems(file.text):
        first, last = (source.position(at).line + 1 for at in (theorem.value, theorem.end))
        start = (source.position(theorem.start).line + 1, 1)
        for line in range(first, last + 1):
            yield TacticStep(
                file.name, theorem.full_name, "", (line, 3), (line, 9), f"exact {theorem.full_name}{line}",
                ("n : Nat\n⊢ n = n",), (), decl_start=start,
            )  # fmt: skip


def test_files_come_behind_what_they_import() -> None:
    assert [file.name for file in files(FILES)] == ["Ab/Zz.lean", "Ab/Aa.lean", "Ab/Bb.lean", "Ab.lean"]
    below_a_folder = files({f"src/{name}": text for name, text in FILES.items()})
    assert [file.module for file in below_a_folder] == ["src.Ab.Zz", "src.Ab.Aa", "src.Ab.Bb", "src.Ab"]


def test_files_that_import_each_other_are_refused() -> None:
    with pytest.raises(BadInput, match="circle"):
        files({"A.lean": "import B\n", "B.lean": "import A\n"})


def test_a_hidden_theorem_has_nothing_of_its_proof_or_from_below() -> None:
    for file in library():
        text, theorems = file.text, list(written_theorems(file.text))
        hidden = list(theorems_of([file]))
        assert [one.full_name for one in hidden] == [one.full_name for one in theorems]
        for one, written in zip(hidden, theorems, strict=True):
            statement = text[: written.value].rstrip()
            assert one.text == f"{statement} := by\n  sorry\n"
            assert one.text[one.hole :] == "sorry\n"
            assert one.spots[0].start == one.hole
            assert one.text.split("\n")[one.line - 1].startswith(text[written.start :].split("\n")[0][:20])


def test_what_the_person_did_is_known() -> None:
    found = {one.full_name: one for one in theorems_of(files(FILES))}
    assert {name: one.lemmas for name, one in found.items()} == {
        "zz.a": (),
        "zz.b": ("zz.a",),
        "zz.c": ("zz.b",),
        "d": ("zz.b",),
        "e": ("zz.c", "d"),
        "f": (),
    }
    assert {name: one.next_tactics for name, one in found.items()} == {
        "zz.a": ("trivial",),
        "zz.b": ("exact zz.a",),
        "zz.c": ("have h := b",),
        "d": ("exact zz.b",),
        "e": ("exact ⟨zz.c, d⟩",),
        "f": ("trivial",),
    }


def is_above(step: TacticStep, theorem: HiddenTheorem, order: list[str]) -> bool:
    if step.file_path == theorem.file:
        return step.decl_start[0] < theorem.line and step.full_name != theorem.full_name
    return order.index(step.file_path) < order.index(theorem.file)


def kept(learned: Learned, order: list[str]) -> list[TacticStep]:
    return [step for name in order for step in learned.store.steps(name)]


@pytest.mark.parametrize("turns", ["down", "up", "about"])
def test_nothing_is_learned_from_the_hidden_proof_or_from_below(tmp_path: Path, turns: str) -> None:
    ordered = library()
    order = [file.name for file in ordered]
    steps = {file.name: list(steps_of(file)) for file in ordered}
    everything = [step for name in order for step in steps[name]]
    importers = {
        file.name: {other.name for other in ordered for one in read_imports(other.text).imports
                    if one.module == file.module} for file in ordered
    }  # fmt: skip
    theorems = list(theorems_of(ordered))[::7]
    if turns == "up":
        theorems.reverse()
    elif turns == "about":
        theorems = [*theorems[::2], *theorems[1::2]]
    above = Above(tmp_path / "above.sqlite", steps, order)
    try:
        for theorem in theorems:
            above.move(theorem)
            learned = above.learned(theorem.path)
            found = kept(learned, order)
            assert found == [step for step in everything if is_above(step, theorem, order)]
            assert not [step for step in found if step.file_path in importers[theorem.file]]
            assert learned.name(theorem.path) == theorem.file
            # What is asked for near the goal comes from there, and the weights of features from nothing else.
            near = learned.store.near("n : Nat\n⊢ n = n", 10_000)
            assert all(is_above(one.step, theorem, order) for one in near)
            assert learned.store.size().steps == len(found)
    finally:
        above.close()


def test_a_proof_on_the_line_of_the_next_theorem_is_not_above_it(tmp_path: Path) -> None:
    """A step that ends where the theorem begins belongs to no other one for sure."""
    [file] = files({"A.lean": "theorem a : True := by\n  trivial\ntheorem b : True := by\n  trivial\n"})
    a, b = theorems_of([file])
    step = TacticStep("A.lean", "b", "", (2, 3), (3, 1), "trivial", ("⊢ True",), (), decl_start=(1, 1))
    above = Above(tmp_path / "above.sqlite", {"A.lean": [step]}, ["A.lean"])
    try:
        above.move(b)
        assert kept(above.learned(b.path), ["A.lean"]) == []
        above.move(a)
        assert kept(above.learned(a.path), ["A.lean"]) == []
    finally:
        above.close()


def test_the_persons_next_tactic_is_found_among_what_is_shown() -> None:
    shown = ["simp [f]\nomega", "induction s with\n| nil => _\n| cons a t ih => _", "cases s <;> rfl"]
    assert rank_of(["simp [f]"], shown, {"s"}) == 1
    assert rank_of(["induction s with\n| nil => rfl\n| cons b u h => exact h"], shown, {"s"}) == 2
    assert rank_of(["cases s <;> simp", "cases s"], [*shown, "cases s"], {"s"}) == 4
    assert rank_of(["cases s <;> rfl", "cases s"], shown, {"s"}) == 3
    assert rank_of(["cases s"], shown, {"s"}) is None
    assert rank_of(["omega"], shown, {"s"}) is None
    assert rank_of([], shown, {"s"}) is None


STEPS = """\
theorem a (p q : Prop) (hp : p) (hq : q) : p ∧ q := by
  have both : p ∧ q := by
    constructor <;> assumption
  constructor
  · have h := hp
    exact h
  · simp
    all_goals skip
  -- The end.

theorem b : True := trivial
"""


def test_later_steps_are_hidden_with_what_follows_in_their_block() -> None:
    [file] = files({"A.lean": STEPS})
    a, b = theorems_of([file], steps=True)
    assert b.steps == ()
    assert [(step.line, step.tactics) for step in a.steps] == [
        (3, ("constructor <;> assumption", "constructor")),
        (4, ("constructor",)),
        (5, ("have h := hp",)),
        (6, ("exact h",)),
        (7, ("simp",)),
        (8, ("all_goals skip",)),
    ]
    texts = [step.text for step in a.steps]
    assert all("theorem b" not in text and text.count("sorry") == 1 for text in texts)
    assert all(step.spots[0].start == step.hole and step.spots[0].is_placeholder for step in a.steps)
    assert texts[0].endswith(
        "by\n    sorry\n  constructor\n  · have h := hp\n    exact h\n  · simp\n    all_goals skip\n"
    )
    assert texts[1].endswith("constructor <;> assumption\n  sorry\n")
    assert texts[2].endswith("constructor\n  · sorry\n  · simp\n    all_goals skip\n")
    assert texts[3].endswith("  · have h := hp\n    sorry\n  · simp\n    all_goals skip\n")


def test_every_step_of_the_library_has_its_place() -> None:
    theorems = list(theorems_of(library(), steps=True))
    found = [step for theorem in theorems for step in theorem.steps]
    assert len(found) > len(theorems)
    for theorem in theorems:
        for step in theorem.steps:
            assert step.spots[0].start == step.hole
            assert step.text.startswith(theorem.text[: theorem.hole - len(" by\n  sorry")])
