"""The editing session that the bench replays: the same each time, and what it ends with is the file."""

from itertools import islice

from bench.editing import FILE, goals_at, session, spot_at, tactic_lines

TEXT = FILE.read_text("utf-8")


def test_the_file_is_typed_to_its_end() -> None:
    rests = list(session(TEXT, visits=0))
    assert TEXT.startswith(rests[-1].text)
    assert TEXT[len(rests[-1].text) :].strip() in ("", "end Replay", "Replay")
    assert sum(spot_at(rest) is not None for rest in rests) > 200


def test_visits_go_to_proofs_and_leave_lean_behind() -> None:
    lines = tactic_lines(TEXT)
    assert len(lines) > 150
    assert all(TEXT[start:end].strip() == TEXT[start:end] != "" for start, end in lines)
    typed = len(list(session(TEXT, visits=0)))
    changes = list(session(TEXT, visits=40))[typed:]
    assert len(changes) > 40
    assert any(spot_at(rest) for rest in changes)
    assert all(len(rest.text) > len(TEXT) - 80 for rest in changes)


def test_a_session_is_the_same_each_time() -> None:
    first, second = session(TEXT, visits=5), session(TEXT, visits=5)
    assert list(islice(first, 600)) == list(islice(second, 600))


def test_goals_come_from_the_text_above() -> None:
    rest = next(rest for rest in session(TEXT, visits=0) if spot_at(rest) and "intro h" in rest.text)
    spot = spot_at(rest)
    assert spot is not None
    (goal,) = goals_at(rest.text, spot)
    assert goal.startswith("x : α\nxs : List α\n")
    assert goal.endswith("⊢ x ∈ rev xs ↔ x ∈ xs")
