"""What a session promises on every Lean, said once: the tests of each Lean call it with a session of theirs."""

from collections.abc import Mapping
from pathlib import Path

from ghostproof.lean.document import Severity
from ghostproof.lean.session import LeanSession
from ghostproof.text import Position

PROOF = "theorem t (𝕜 p : Prop) (h : 𝕜 ∧ p) : p ∧ 𝕜 := by\n  constructor\n  · exact h.2\n  · sorry\n"
LEMMAS = 60
ROUNDS = 5


async def barriers_are_about_their_text(
    session: LeanSession, file: Path, lemma: str, statement: str, edits: Mapping[str, int]
) -> None:
    """A barrier is neither early nor about an older text.

    Args:
        lemma: stands above many times; `{}` is its number.
        statement: what is proved, up to `by`.
        edits: tactics that replace each other, with the number of errors of each.
    """
    above = "".join(lemma.format(i) for i in range(LEMMAS))
    for round_ in range(ROUNDS):
        for tactic, errors in edits.items():
            text = f"{above}{statement}\n  {tactic}\n#check {round_}\n"
            found = await session.barrier(file, await session.set_text(file, text))
            assert sum(d.is_error for d in found) == errors, tactic
            assert [d.message for d in found if d.severity is Severity.INFORMATION] == [f"{round_} : Nat"]


async def unsolved_goals_are_known_as_such(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "theorem t (𝕜 : Prop) : 𝕜 → 𝕜 := by\n  intro h\n")
    (error,) = await session.barrier(file, version)
    assert error.unsolved
    assert error.start == Position(0, 32)


async def goals_are_read_at_a_position(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, PROOF)
    await session.barrier(file, version)
    assert await session.goals(file, version, Position(3, 4)) == ("case right\n𝕜 p : Prop\nh : 𝕜 ∧ p\n⊢ 𝕜",)
    assert await session.goals(file, version, Position(0, 2)) is None
    done = await session.set_text(file, PROOF.replace("sorry", "exact h.1"))
    await session.barrier(file, done)
    assert await session.goals(file, done, Position(3, 13)) == ()
