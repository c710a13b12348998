"""The log of use: what is told of suggestions by what the document becomes, how it is kept, and what it sums up to."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ghostproof.cli import run
from ghostproof.config import Config, LearnConfig
from ghostproof.learning.usage import UsageLog, events, usage_path
from ghostproof.learning.usage_summary import SourceUse, UsageSummary, quantile, summary
from ghostproof.lsp.usage import WATCHED_S, UsageWatch
from ghostproof.syntax.spot import Spot, SpotKind
from support.lsp_editor import FULL, Editor, ToldApp, proved

TEXT = "theorem a : p := by\n  sorry\n"
SPOT = Spot(22, 27, "", 2, SpotKind.SORRY)
TAKEN = TEXT.replace("sorry", "simp_all")


class Watch:
    """A watch with a clock of the test's own, and what it wrote."""

    def __init__(self) -> None:
        self.now = 100.0
        self.written: list[dict[str, Any]] = []
        self.watch = UsageWatch(lambda event: self.written.append(dict(event)), lambda: self.now)
        self.text = TEXT

    def show(self, *texts: str) -> None:
        self.watch.shown("u", "ghost", self.text, SPOT, [proved(text) for text in texts], 7.5)

    def become(self, text: str, after_s: float = 1.0) -> None:
        self.now += after_s
        before, self.text = self.text, text
        self.watch.changed("u", before, text)

    @property
    def kinds(self) -> list[str]:
        return [event["event"] for event in self.written]


def test_what_is_shown_and_taken_is_told_with_its_times() -> None:
    watch = Watch()
    watch.show("omega", "simp_all")
    watch.become(TAKEN, 3.0)
    shown, accepted = watch.written
    assert (shown["event"], shown["door"], shown["suggestions"], shown["first_ms"]) == ("shown", "ghost", 2, 7.5)
    assert (accepted["event"], accepted["text"], accepted["rank"], accepted["after_s"]) == (
        "accepted",
        "simp_all",
        1,
        3.0,
    )
    assert shown["texts"] == ["omega", "simp_all"]
    assert accepted["id"] == shown["id"]
    assert accepted["source"] == "simp_all"


def test_the_same_list_is_shown_once_and_nothing_is_no_list() -> None:
    watch = Watch()
    watch.show("simp")
    watch.show("simp")
    watch.show()
    watch.show("simp", "omega")
    assert watch.kinds == ["shown", "shown"]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(TEXT.replace("sorry", "simp_al"), 1.0), (TAKEN, 1.0)], []),
        ([(TEXT.replace("sorry", "ring"), 1.0)], []),
        ([("-- above\n" + TAKEN, 1.0)], []),
        ([(TAKEN, 1.0), ("-- above\n" + TAKEN, 1.0), ("-- above\n" + TAKEN + "-- below\n", 1.0)], ["accepted"]),
        ([(TAKEN, 1.0), (TAKEN.replace("simp_all", "simp_all [f]"), 1.0)], ["accepted"]),
        ([(TAKEN, 1.0), (TAKEN.replace("simp_all", "simp"), 1.0)], ["accepted", "edited"]),
        ([(TAKEN, 1.0), (TAKEN.replace("simp_all", ""), 1.0)], ["accepted", "deleted"]),
        ([(TAKEN, 1.0), (TEXT, 1.0)], ["accepted", "deleted"]),
        ([(TAKEN, 1.0), ("", 1.0)], ["accepted", "deleted"]),
        ([(TAKEN, 1.0), (TAKEN.replace("simp_all", ""), WATCHED_S)], ["accepted"]),
        ([(TAKEN, 1.0), (TEXT, 1.0), (TAKEN, 1.0)], ["accepted", "deleted"]),
    ],
    ids=[
        "typed to its end",
        "another text",
        "changed elsewhere",
        "kept",
        "gone on behind it",
        "edited",
        "deleted",
        "undone",
        "all deleted",
        "deleted later",
        "taken once",
    ],
)
def test_what_becomes_of_a_suggestion(steps: list[tuple[str, float]], expected: list[str]) -> None:
    watch = Watch()
    watch.show("simp_all")
    for text, after_s in steps:
        watch.become(text, after_s)
    assert watch.kinds[1:] == expected


def test_a_document_that_was_closed_is_not_watched_any_more() -> None:
    watch = Watch()
    watch.show("simp_all")
    assert watch.watch.watches("u")
    watch.watch.closed("u")
    assert not watch.watch.watches("u")
    watch.become(TAKEN)
    assert watch.kinds == ["shown"]


def test_the_log_is_private_plain_and_bounded(tmp_path: Path) -> None:
    path = tmp_path / "usage" / "usage.jsonl"
    log = UsageLog(path, most_bytes=1000)
    for number in range(100):
        log.write({"event": "shown", "id": number, "text": "∀ x"})
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_size <= 1000
    kept = [event["id"] for event in events(path)]
    assert kept == list(range(100 - len(kept), 100))
    assert len(kept) > 5
    assert [entry.name for entry in path.parent.iterdir()] == ["usage.jsonl"]


def test_lines_that_are_no_events_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "usage.jsonl"
    path.write_bytes(b'{"event": "shown"}\nno json\n[1]\n\xff\n{"event": "acc')
    assert list(events(path)) == [{"event": "shown"}]
    assert list(events(tmp_path / "none")) == []


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], UsageSummary()),
        (
            [
                {"event": "shown", "id": 1, "first_ms": 10},
                {"event": "shown", "id": 2, "first_ms": 30.0},
                {"event": "shown", "id": 3, "first_ms": None},
                {"event": "shown", "id": 4, "first_ms": 20},
                {"event": "accepted", "id": 1, "source": "simp"},
                {"event": "accepted", "id": 2, "source": "simp"},
                {"event": "accepted", "id": 4, "source": "model"},
                {"event": "edited", "id": 2},
                {"event": "deleted", "id": 2},
                {"event": "deleted", "id": 9},
                {"event": "unheard of"},
            ],
            UsageSummary(4, 3, 1, 0, 20, 30.0, {"model": SourceUse(1, 1), "simp": SourceUse(2, 1)}),
        ),
    ],
)
def test_summary(told: list[dict[str, object]], expected: UsageSummary) -> None:
    assert summary(told) == expected


def test_rates() -> None:
    found = UsageSummary(shown=8, accepted=4, edited=1, deleted=2)
    assert (found.kept, found.acceptance, UsageSummary().acceptance) == (1, 0.5, None)


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 5.0), (0.9, 9.0), (0.91, 10.0), (1.0, 10.0), (0.0, 1.0), (0.05, 1.0)]
)
def test_quantiles(share: float, expected: float) -> None:
    assert quantile([float(value) for value in range(10, 0, -1)], share) == expected


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return usage_path()


@pytest.fixture(params=[True, False], ids=["on", "off"])
async def editor(state: Path, request: pytest.FixtureRequest) -> AsyncIterator[Editor]:
    config = Config(learn=LearnConfig(log_use=request.param))
    app = ToldApp(config, [proved("simp_all")])
    made = Editor(lambda _: app, config)
    await made.initialize(FULL)
    yield made
    await made.finish()


@pytest.mark.parametrize("door", ["ghost", "action"])
async def test_the_server_logs_only_where_it_may(editor: Editor, state: Path, door: str) -> None:
    editor.open(TEXT)
    shown = await (editor.ghosts(1, 4) if door == "ghost" else editor.actions(1, 4))
    assert len(shown) == 1
    editor.change((1, 2), (1, 7), "simp_all")
    editor.change((1, 2), (1, 10), "", version=3)
    await editor.ask("textDocument/hover", {"textDocument": {"uri": "x:"}, "position": {"line": 0, "character": 0}})
    found = [(event["event"], event.get("door")) for event in events(state)]
    is_on = editor.server.session.config.learn.log_use
    assert found == ([("shown", door), ("accepted", None), ("deleted", None)] if is_on else [])


def test_stats_says_what_there_is(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stats"]) == 1
    assert "learn.log_use" in capsys.readouterr().err
    log = UsageLog(state)
    log.write({"event": "shown", "id": 1, "first_ms": 12})
    log.write({"event": "accepted", "id": 1, "source": "simp"})
    assert run(["stats"]) == 0
    said = capsys.readouterr().out
    assert "1 (100% of what was shown)" in said
    assert "12 ms (p50), 12 ms (p90)" in said
    assert run(["stats", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["acceptance"], told["kept"], told["sources"]) == (1.0, 1, {"simp": {"accepted": 1, "kept": 1}})
