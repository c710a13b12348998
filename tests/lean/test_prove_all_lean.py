"""All that is missing in a declaration, over the protocol and with a real Lean: what it can't prove stays."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ghostproof.app import App
from ghostproof.config import Config, LeanConfig
from ghostproof.lean.toolchain import Toolchain
from judge.lean import Lean
from support.lsp_editor import FULL, Editor, at
from support.told_proving import Writer

pytestmark = pytest.mark.lean

# What the second says is false; the last is a value, which nobody but the user can choose.
MIXED = """\
structure Both (p r : Prop) where
  left : p
  right : r
  size : Nat

def both (p q r : Prop) (hp : p) (hr : r) : Both (p ∧ q) r where
  left := ⟨by sorry, by sorry⟩
  right := by
    sorry
  size := sorry
"""


@pytest.fixture
async def editor(embedded_root: Path) -> AsyncIterator[Editor]:
    made = Editor(App, Config(lean=LeanConfig(toolchain="embedded", document_s=300)))
    await made.initialize(FULL)
    made.open(MIXED)
    yield made
    await made.ask("shutdown", None)
    await made.finish()


async def test_what_can_be_proved_is_and_the_rest_is_told(editor: Editor, toolchain: Toolchain, tmp_path: Path) -> None:
    writer = Writer(editor, MIXED)
    answer = await editor.ask("ghostproof/prove", at(5, 5))
    while "edit" in answer:
        await writer.put_in(answer)
        answer = await editor.ask("ghostproof/prove", at(5, 5, after=answer["name"]))
    first, second, last = (line for line in writer.text.split("\n")[6:] if line.strip() != "right := by" and line)
    assert re.fullmatch(r"  left := ⟨by (?!sorry).+, by sorry⟩", first)
    assert re.fullmatch(r"    (?!sorry).+", second)
    assert last == "  size := sorry"
    head, false, value = answer["message"].split("\n")
    assert head == "Not proved:"
    assert false.startswith("line 7: This is false")
    assert value == "line 10: What is missing here is a value, not a proof."
    said = await Lean(toolchain.lean, tmp_path).read("Whole", writer.text)
    assert {message.text for message in said} == {"declaration uses `sorry`"}
