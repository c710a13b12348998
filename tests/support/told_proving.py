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
    """Answers a search when it is told to; what was cancelled is counted.

    `one_by_one`: it has to be told anew for each search. `vain` says at which lines, counted from 0, no proof is found;
    `lines` are those that were searched for.
    """

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
        self.vain: dict[int, Outcome] = {}
        self.lines: list[int] = []
        self.one_by_one = False
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
        line = text.count("\n", 0, spots[0].start)
        self.lines.append(line)
        self.searching.set()
        for each in self.reports:
            report(each)
        try:
            await self.go_on.wait()
            if self.one_by_one:
                self.go_on.clear()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.ended.set()
        missing = self.vain.get(line, self.missing)
        if missing is not None:
            return missing
        accepted = Suggestion.of(Checked(Candidate(self.script, "prove"), Proved()))
        start = text.rfind("theorem", 0, spots[0].start)
        above = Edit(start, start, self.lemma) if self.lemma else None
        return Outcome(Proof(spots[0], accepted, above=above), done=True)


class Writer:
    """What an editor does with a document: types in it, and puts in what it is answered."""

    def __init__(self, editor: Editor, text: str) -> None:
        self.editor, self.text = editor, text

    async def type(self, old: str, new: str) -> None:
        source = SourceText(self.text)
        start = self.text.index(old)
        where = [source.utf16_position(offset) for offset in (start, start + len(old))]
        self.editor.change(where[0], where[1], new)
        self.text = self.text.replace(old, new, 1)
        await self.editor.ask("textDocument/hover", at(0, 0))  # it has been read

    async def put_in(self, answer: Json) -> None:
        """Take an answer's edit over."""
        made = self.insert(answer)
        self.take_over(answer["version"], answer["edit"]["changes"][URI])
        self.text = made
        await self.editor.ask("textDocument/hover", at(0, 0))  # it has been read

    def take_over(self, version: int, edits: Json) -> None:
        """Tell the server that edits were made, as one change with several parts."""
        changes = [{"range": each["range"], "text": each["newText"]} for each in edits[::-1]]
        document = {"uri": URI, "version": version + 1}
        self.editor.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def insert(self, answer: Json) -> str:
        source, text = SourceText(self.text), self.text
        for change in reversed(answer["edit"]["changes"][URI]):
            start, end = (
                source.offset_from_utf16(change["range"][side]["line"], change["range"][side]["character"])
                for side in ("start", "end")
            )
            text = text[:start] + change["newText"] + text[end:]
        return text


class Client(Writer):
    """What an editor does around a proof that is told: it asks, types on, and hears the answer."""

    def __init__(self, proving: ToldProving, editor: Editor, text: str = TEXT) -> None:
        super().__init__(editor, text)
        self.proving = proving

    async def begin(self, line: int = 3, character: int = 3) -> None:
        _, self.waiting = self.editor.start("ghostproof/prove", at(line, character))
        await self.proving.searching.wait()

    async def end(self) -> Json:
        self.proving.go_on.set()
        return (await self.waiting)["result"]
