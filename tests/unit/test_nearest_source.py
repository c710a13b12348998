"""The source that proposes what worked nearby, from a database to proposals; nothing of it leaves the machine."""

import ast
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ghostproof.learning.learned import Learned, open_learned
from ghostproof.learning.steps import TacticStep
from ghostproof.learning.store import Neighbour
from ghostproof.learning.transfer import Here
from ghostproof.suggest.source import Context, Tier
from ghostproof.suggest.sources.nearest import PROPOSED, NearestSource, likely_texts
from support.scripted_checker import FILE, SPOT, TEXT, state_of

ROOT = Path(__file__).parents[2]
GOAL = "xs ys : List Nat\n⊢ size (xs ++ ys) = size xs + size ys"
STEP = TacticStep(
    "Old.lean", "old", "theorem old", (1, 3), (1, 9), "induction xs <;> simp_all [size]", (GOAL,), (), decl_start=(1, 1)
)
HERE = "as bs : List Nat\n⊢ size (as ++ bs) = size as + size bs"


@pytest.fixture
def learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Learned]:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path))
    made = open_learned(tmp_path, 1000)
    assert made is not None
    yield made
    made.store.close()


async def proposals(source: NearestSource, goal: str) -> list[tuple[str, Tier]]:
    inquiry = source.begin(state_of(goal), Context(FILE, TEXT, SPOT))
    return [(proposal.candidate.text, proposal.tier) async for proposal in inquiry.propose()]


async def test_what_closed_the_same_goal_is_tried_first(learned: Learned) -> None:
    learned.store.replace("Old.lean", "1", [STEP, replace(STEP, tactic="omega", goals_before=("a b : Nat\n⊢ a = b",))])
    found = await proposals(NearestSource(lambda path: learned), HERE)
    assert found[0] == ("induction as <;> simp_all [size]", Tier.HINT)


async def test_goals_that_are_less_alike_come_with_the_portfolio(learned: Learned) -> None:
    learned.store.replace("Old.lean", "1", [STEP])
    found = await proposals(NearestSource(lambda path: learned), HERE.replace("size bs", "size bs + size bs"))
    assert found[0] == ("induction as <;> simp_all [size]", Tier.INSTANT)


async def test_an_evaluation_says_what_may_be_learned_from(learned: Learned) -> None:
    below = replace(STEP, tactic="simp", start=(9, 3), end=(9, 7))
    learned.store.replace("Old.lean", "1", [STEP, below])
    source = NearestSource(lambda path: learned, lambda step, context: step.start < (5, 1))
    assert [text for text, _ in await proposals(source, HERE)] == ["induction as <;> simp_all [size]"]


async def test_without_anything_learned_nothing_is_proposed(learned: Learned) -> None:
    assert await proposals(NearestSource(lambda path: learned), HERE) == []
    assert await proposals(NearestSource(lambda path: None), HERE) == []


async def test_a_database_that_can_not_be_read_is_no_failure_of_the_search(learned: Learned) -> None:
    learned.store.close()
    assert await proposals(NearestSource(lambda path: learned), HERE) == []


async def test_no_more_is_proposed_than_is_worth_a_check(learned: Learned) -> None:
    many = [replace(STEP, tactic=f"exact lemma{n}", start=(n, 3)) for n in range(1, 200)]
    learned.store.replace("Old.lean", "1", many)
    found = await proposals(NearestSource(lambda path: learned), HERE)
    assert 0 < len(found) <= PROPOSED
    assert len({text for text, _ in found}) == len(found)


def test_what_several_neighbours_did_is_likelier() -> None:
    once = Neighbour(replace(STEP, tactic="simp"), 0.6)
    often = [Neighbour(replace(STEP, tactic="omega"), likeness) for likeness in (0.5, 0.5, 0.5)]
    assert [text for text, _ in likely_texts([once, *often], Here(HERE))] == ["omega", "simp"]


async def test_nothing_opens_a_connection(learned: Learned, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *where: opened.append(where))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *where, **more: opened.append(where))
    learned.store.replace("Old.lean", "1", [STEP])
    assert await proposals(NearestSource(lambda path: learned), HERE)
    assert opened == []


def test_learning_imports_nothing_that_could() -> None:
    able = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "aiohttp", "asyncio.streams", "requests", "httpx"}
    for path in (ROOT / "server" / "ghostproof" / "learning").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.partition(".")[0] for name in names} & able, path.name
            called = node.attr if isinstance(node, ast.Attribute) else ""
            assert called not in {"open_connection", "create_connection", "create_server", "start_server"}, path.name
