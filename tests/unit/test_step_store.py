"""The database of steps: what is near, what a file's new text costs, what goes when there is too much."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ghostproof.learning.database import remove
from ghostproof.learning.steps import TacticStep
from ghostproof.learning.store import StepStore, store_path


def step(goal: str, tactic: str = "simp", line: int = 1, file: str = "A.lean") -> TacticStep:
    return TacticStep(file, "t", "theorem t", (line, 3), (line, 9), tactic, (goal,), (), decl_start=(line, 1))


APPEND = step("xs ys : List Nat\n⊢ (xs ++ ys).length = xs.length + ys.length", "induction xs", 1)
ADD = step("a b : Nat\n⊢ a + b = b + a", "omega", 2)
ORDER = step("a b : Nat\nh : a < b\n⊢ ¬b < a", "exact Nat.lt_asymm h", 3)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StepStore]:
    made = StepStore(tmp_path / "learned" / "a.sqlite", 100)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("goal", "nearest"),
    [
        pytest.param("as bs : List Nat\n⊢ (as ++ bs).length = as.length + bs.length", APPEND, id="the same"),
        pytest.param("a b c : List Nat\n⊢ (a ++ b).length ≤ a.length + b.length + c.length", APPEND, id="like it"),
        pytest.param("m n k : Nat\n⊢ m + n + k = k + n + m", ADD, id="a sum"),
        pytest.param("m n : Nat\nk : m < n\nl : n < 5\n⊢ ¬n < m", ORDER, id="with a hypothesis more"),
    ],
)
def test_the_nearest_step_is_found(store: StepStore, goal: str, nearest: TacticStep) -> None:
    store.replace("A.lean", "1", [APPEND, ADD, ORDER])
    found = store.near(goal, 3)
    assert found[0].step == nearest
    assert [n.likeness for n in found] == sorted((n.likeness for n in found), reverse=True)


def test_the_same_goal_is_all_alike_and_another_is_not(store: StepStore) -> None:
    store.replace("A.lean", "1", [APPEND, ADD])
    found = {n.step.tactic: n.likeness for n in store.near(APPEND.main_goal.replace("xs", "as"), 5)}
    assert found["induction xs"] == pytest.approx(1)
    assert found.get("omega", 0) < 0.2


def test_nothing_is_near_where_nothing_is_known(store: StepStore) -> None:
    assert store.near(ADD.main_goal, 5) == []
    store.replace("A.lean", "1", [APPEND])
    assert store.near("⊢ nothing ∘ like ∘ it", 5) == []


def test_a_new_text_of_a_file_takes_the_place_of_the_old_one(store: StepStore) -> None:
    store.replace("A.lean", "1", [APPEND, ADD])
    moved = replace(ADD, start=(7, 3), end=(7, 9), decl_start=(7, 1))
    store.replace("A.lean", "2", [moved, ORDER])
    assert store.steps("A.lean") == sorted([moved, ORDER], key=lambda s: s.start)
    assert store.digests() == {"A.lean": "2"}
    assert [n.step for n in store.near(APPEND.main_goal, 9) if n.likeness > 0.5] == []
    assert store.near(ADD.main_goal, 1)[0].step == moved


def test_equal_steps_are_as_many_as_there_are(store: StepStore) -> None:
    twice = [ADD, replace(ADD, start=(9, 3), end=(9, 9))]
    store.replace("A.lean", "1", twice)
    assert store.steps("A.lean") == twice
    store.replace("A.lean", "2", twice[:1])
    assert store.steps("A.lean") == twice[:1]


def test_a_file_that_is_gone_is_forgotten(store: StepStore) -> None:
    store.replace("A.lean", "1", [ADD])
    store.replace("B.lean", "1", [replace(ORDER, file_path="B.lean")])
    store.forget("A.lean")
    assert set(store.digests()) == {"B.lean"}
    assert store.near(ADD.main_goal, 1)[0].step.file_path == "B.lean"
    assert (store.size().files, store.size().steps) == (1, 1)


def test_what_was_harvested_longest_ago_goes_first(tmp_path: Path) -> None:
    store = StepStore(tmp_path / "learned" / "a.sqlite", 4)
    for number, name in enumerate(("A.lean", "B.lean", "A.lean", "C.lean")):
        store.replace(name, str(number), [replace(ADD, file_path=name, start=(n, 1)) for n in range(1, 3)])
    assert set(store.digests()) == {"A.lean", "C.lean"}
    assert store.size().steps == 4
    store.close()


def test_a_file_with_more_steps_than_are_kept_leaves_its_last_ones(tmp_path: Path) -> None:
    store = StepStore(tmp_path / "learned" / "a.sqlite", 3)
    store.replace("A.lean", "1", [replace(ADD, start=(n, 1)) for n in range(1, 9)])
    assert [s.start[0] for s in store.steps("A.lean")] == [6, 7, 8]
    store.close()


def test_it_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "learned" / "a.sqlite"
    one = StepStore(path, 100)
    one.replace("A.lean", "1", [ADD])
    one.close()
    other = StepStore(path, 100)
    assert other.steps("A.lean") == [ADD]
    other.close()


def test_two_processes_may_have_it_open(tmp_path: Path) -> None:
    path = tmp_path / "learned" / "a.sqlite"
    one, other = StepStore(path, 100), StepStore(path, 100)
    one.replace("A.lean", "1", [ADD])
    assert other.near(ADD.main_goal, 1)[0].step == ADD
    other.replace("B.lean", "1", [replace(ORDER, file_path="B.lean")])
    assert set(one.digests()) == {"A.lean", "B.lean"}
    one.close()
    other.close()


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + b"\xff" * 5000, b""])
def test_what_is_no_database_is_made_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "learned" / "a.sqlite"
    path.parent.mkdir(mode=0o700)
    path.write_bytes(content)
    store = StepStore(path, 100)
    store.replace("A.lean", "1", [ADD])
    assert store.steps("A.lean") == [ADD]
    store.close()


def test_another_versions_database_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "learned" / "a.sqlite"
    path.parent.mkdir(mode=0o700)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    store = StepStore(path, 100)
    assert store.digests() == {}
    store.close()


def test_a_project_has_a_database_of_its_own_that_can_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path))
    one, other = store_path(tmp_path / "one" / "lib"), store_path(tmp_path / "other" / "lib")
    assert one != other
    assert one.parent == other.parent == tmp_path / "learned"
    StepStore(one, 10).close()
    remove(one)
    assert list(one.parent.iterdir()) == []
    remove(one)
