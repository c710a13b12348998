"""What reaches a terminal, a title or a log: nothing that acts, turns direction, or cannot be seen."""

import io
import json
import logging
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghostproof import render
from ghostproof.errors import GhostproofError
from ghostproof.lsp.code_action import title
from ghostproof.lsp.shown import offered
from ghostproof.suggest.job import Snapshot
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.text import Position, SourceText
from ghostproof.verify.checker import GoalState, MainGoal
from ghostproof.visible import VisibleFormatter, is_visible, json_line, visible, visible_lines
from support.lsp_editor import progress, proved

ESCAPES = {
    "escape": "\x1b[2J\x1b]0;owned\x07",
    "C1 control sequence": "\x9b31m",
    "carriage return": "sorry\rrfl",
    "backspace": "evil\b\b\b\b",
    "NUL": "a\0b",
    "delete": "a\x7fb",
    "right to left": "a\u202eb",
    "isolate": "a\u2067b",
    "zero width space": "a\u200bb",
    "joiner": "a\u200db",
    "byte order mark": "\ufeffa",
    "soft hyphen": "a\u00adb",
    "filler": "a\u3164b",
    "tag": "a\U000e0041b",
    "line separator": "a\u2028b",
    "next line": "a\u0085b",
    "half a character": "a\ud800b",
    "private terminal string": "\x90q\x9c",
}
LEAN = "∀ x ∈ s, ‖f x‖ ≤ ⟪a, b⟫ ∧ 𝕜 → ℝ≥0∞ · ⟨h₁, h'⟩ ▸ «a b» ✝ ⊢ ¬p ↦ ⦃α⦄ λ ₁ᵢ é ñ"


def drawn(text: str) -> bool:
    """Whether a terminal draws every character of the text and obeys none."""
    return all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in text)


@pytest.mark.parametrize("text", ESCAPES.values(), ids=ESCAPES.keys())
def test_what_hides_is_shown_by_its_number(text: str) -> None:
    assert not is_visible(text)
    assert drawn(visible(text))
    assert drawn(visible_lines(text))
    assert re.search(r"⟨U\+[0-9A-F]{4,6}⟩", visible(text))
    assert visible(visible(text)) == visible(text)


def test_what_lean_is_written_with_stays_as_it_is() -> None:
    assert is_visible(LEAN)
    assert visible(LEAN) == LEAN
    assert visible_lines(f"{LEAN}\n{LEAN}") == f"{LEAN}\n{LEAN}"
    assert visible("a\nb") == "a b"


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_shown(text: str) -> None:
    assert drawn(visible(text))
    assert "\n" not in visible(text)
    assert drawn(visible_lines(text))


@given(st.recursive(st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=5))
def test_json_says_the_same_and_is_harmless(value: object) -> None:
    line = json_line(json.dumps(value, ensure_ascii=False))
    assert drawn(line)
    assert json.loads(line) == value


@pytest.mark.parametrize("text", ESCAPES.values(), ids=ESCAPES.keys())
def test_nothing_hidden_is_offered(text: str) -> None:
    assert list(offered([proved(f"exact {text}"), proved("rfl")])) == [proved("rfl")]
    assert drawn(title(proved(text), Spot(0, 0, "", 2, SpotKind.TACTIC)))


@pytest.mark.parametrize("text", ESCAPES.values(), ids=ESCAPES.keys())
@pytest.mark.parametrize("as_json", [False, True])
def test_nothing_hidden_is_printed(capsys: pytest.CaptureFixture[str], text: str, as_json: bool) -> None:
    view = render.JsonReport() if as_json else render.TextReport()
    state = GoalState((f"{text} : Prop\n⊢ {text}",), MainGoal("", ""), "key")
    suggestions = (proved(f"exact {text}"), progress(f"cases {text}", f"case {text}\n⊢ {text}", "⊢ q"))
    snapshot = Snapshot(state=state, suggestions=suggestions, done=True, first_ms=1.0, checker="probe")
    path = Path(f"/tmp/{text.replace(chr(0), '')}.lean".encode(errors="replace").decode())
    view.show(path, SourceText(f"theorem {text} : p := by"), Position(0, 3), snapshot, None)
    view.failed(path, Position(0, 3), GhostproofError(text, text))
    render.error(GhostproofError(text, text))
    render.note(text)
    render.doctor([render.Examined("lean", False, text, text)], as_json=as_json)
    out, err = capsys.readouterr()
    assert out
    assert err
    assert drawn(out + err)


MARKUP = ["[red]x[/]", "simp [\\\\", "f [/bold]", "exact [bold]", ":smile:", "a \\[b\\\\\\", "[link=file:///x]y[/link]"]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_no_markup(capsys: pytest.CaptureFixture[str], text: str) -> None:
    view = render.TextReport()
    snapshot = Snapshot(
        state=GoalState((f"⊢ {text}",), MainGoal("", ""), "key"), suggestions=(proved(text),), done=True
    )
    view.show(Path("a.lean"), SourceText(f"theorem {text}"), Position(0, 0), snapshot, None)
    render.note(text)
    out, err = capsys.readouterr()
    assert out.count(text) == 4  # statement, goal, tactic, origin
    assert text in err


def test_a_log_is_harmless() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(VisibleFormatter("%(message)s"))
    handler.handle(logging.makeLogRecord({"msg": "a server says %r, %s", "args": ("x", "\x1b[2J\u202e")}))
    assert stream.getvalue() == "a server says 'x', ⟨U+001B⟩[2J⟨U+202E⟩\n"
