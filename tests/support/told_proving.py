"""A search for a whole proof that answers when it is told to, and an editor around one."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from ghostproof.config import Config
from ghostproof.proving import Proving
from ghostproof.search.edit import Edit
from ghostproof.search.proof import Outcome, Proof
from ghostproof.search.unfinished import Unfinished
from ghostproof.syntax.spot import Spot
from ghostproof.text import SourceText
from ghostproof.verify.verdict import Candidate, Checked, Proved, Suggestion
from support.lsp_editor import URI, Editor, Json, ToldApp, at

TEXT = "def p := True\n\ntheorem a : p := by\n  sorry\n\ntheorem b : p := by\n  sorry\n"


class ToldProving(Proving):
    """Answers a search when it is told to; what was cancelled is counted."""

    def __init__(self) -> None:
        self.app = ToldApp(Config())
        super().__init__(self.app.config, self.app.workspace, self.app.learning)
        self.app.proving = self
        self.searching = asyncio.Event()
        self.go_on = asyncio.Event()
        self.ended = asyncio.Event()
        self.cancelled = 0
        self.script = "intro h\nsimp"
        self.lemma = ""
        self.missing: Outcome | None = None
        self.reports: list[Outcome] = []
        self.accepts = True
        self.rechecked: list[str] = []

    async def recheck(self, path: Path, text: str, proof: Proof) -> Proof | None:
        self.rechecked.append(proof.put_into(text))
        return proof if self.accepts else None

    async def holds(self, path: Path, text: str, part: Unfinished) -> bool:
        self.rechecked.append(part.put_into(text))
        return self.accepts

    async def prove(
        self,
        path: Path,
        text: str,
        spots: Sequence[Spot],
        budget_s: float,
        report: Callable[[Outcome], None] = lambda outcome: None,
    ) -> Outcome:
        self.searching.set()
        for each in self.reports:
            report(each)
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.ended.set()
        if self.missing is not None:
            return self.missing
        accepted = Suggestion.of(Checked(Candidate(self.script, "prove"), Proved()))
        start = text.rindex("theorem", 0, spots[0].start)
        above = Edit(start, start, self.lemma) if self.lemma else None
        return Outcome(Proof(spots[0], accepted, above=above), done=True)


class Client:
    """What an editor does around a proof: it asks, types on, and puts in what it is answered."""

    def __init__(self, proving: ToldProving, editor: Editor) -> None:
        self.proving, self.editor, self.text = proving, editor, TEXT

    async def begin(self, line: int = 3, character: int = 3) -> None:
        _, self.waiting = self.editor.start("ghostproof/prove", at(line, character))
        await self.proving.searching.wait()

    async def type(self, old: str, new: str) -> None:
        source = SourceText(self.text)
        start = self.text.index(old)
        where = [source.utf16_position(offset) for offset in (start, start + len(old))]
        self.editor.change(where[0], where[1], new)
        self.text = self.text.replace(old, new, 1)
        await self.editor.ask("textDocument/hover", at(0, 0))  # it has been read

    async def end(self) -> Json:
        self.proving.go_on.set()
        return (await self.waiting)["result"]

    def insert(self, answer: Json) -> str:
        source, text = SourceText(self.text), self.text
        for change in reversed(answer["edit"]["changes"][URI]):
            start, end = (
                source.offset_from_utf16(change["range"][side]["line"], change["range"][side]["character"])
                for side in ("start", "end")
            )
            text = text[:start] + change["newText"] + text[end:]
        return text
