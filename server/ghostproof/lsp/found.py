"""A proof that was found for a document, and where it stands once the user has typed on: never at a stale place."""

import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from ghostproof.lsp.anchor import Anchor
from ghostproof.lsp.documents import Documents, EditedDocument
from ghostproof.lsp.left import Left
from ghostproof.search.proof import Proof
from ghostproof.search.unfinished import Unfinished
from ghostproof.syntax.extent import Declaration, declaration_at
from ghostproof.syntax.lexical import mask

CLOSED = "A proof was found, but the file is not open any more. Nothing was changed."
NOT_FINISHED = "What was proved of it does not hold in the file as it is now. Nothing was changed."
CHANGED = "A proof was found, but its declaration has changed meanwhile. Nothing was changed."
REFUSED = "A proof was found, but Lean does not accept it in the file as it has become meanwhile. Nothing was changed."
# Nothing, or what stands at the margin: the next command, of which the first word is being typed.
_NEXT = re.compile(r"(?:[^\S\n]*\n)+\S|\Z")
# Who types faster than Lean answers is asked to prove again.
MOST_ROUNDS = 8


@dataclass
class Target:
    """The declaration of an open document that is being proved.

    Attributes:
        text: of the document, when the search began.
    """

    document: EditedDocument
    text: str
    declaration: Declaration
    anchor: Anchor

    @staticmethod
    def of(document: EditedDocument, offset: int) -> "Target":
        """The declaration at an offset, which is followed through edits from now on, until it is dropped."""
        declaration = declaration_at(document.source.text, offset)
        anchor = Anchor(declaration.start, declaration.end)
        document.anchors.add(anchor)
        return Target(document, document.source.text, declaration, anchor)

    def drop(self) -> None:
        self.document.anchors.discard(self.anchor)

    @property
    def moved(self) -> int | None:
        """How far the declaration has moved down since; None where it is not what it was."""
        start, end = self.declaration.start, self.declaration.end
        text, anchor = self.document.source.text, self.anchor
        if anchor.lost or text[anchor.start : anchor.end] != self.text[start:end]:
            return None
        now = declaration_at(text, anchor.start)
        behind = mask(text)[0][anchor.end : now.end]
        return anchor.start - start if now.start == anchor.start and _NEXT.match(behind) else None


@dataclass
class Found:
    """A proof for a declaration, accepted by Lean in the text `verified`; or a part of one, which is so in none yet.

    Attributes:
        more: further down in the declaration more is missing, or something above is left, which is told in the end.
        left: for what no proof was found of all that is missing in the declaration.
    """

    target: Target
    proof: Proof | Unfinished
    verified: str
    more: bool = False
    left: tuple[Left, ...] = ()
    name: str = field(default_factory=lambda: str(uuid.uuid4()))

    async def place(
        self, documents: Documents, holds: Callable[[Path, str, Proof | Unfinished], Awaitable[bool]]
    ) -> Proof | Unfinished | str:
        """The proof at its place in the document as it is now, or why it has none.

        Args:
            holds: asks Lean again, where anything above the declaration's end is not what it was.
        """
        document = self.target.document
        for _ in range(MOST_ROUNDS):
            if documents.get(document.uri) is not document:
                return CLOSED
            version, text, moved = document.version, document.source.text, self.target.moved
            if moved is None or document.why_not:
                return CHANGED
            proof = self.proof.moved(moved)
            end = self.target.anchor.end
            if text[:end] == self.verified[:end]:
                return proof
            accepted = await holds(document.path, text, proof)
            if documents.holds(document, version):
                refused = NOT_FINISHED if isinstance(proof, Unfinished) else REFUSED
                return proof if accepted else refused
        return CHANGED

    @property
    def put_in(self) -> tuple[int, int] | None:
        """Where its declaration begins in the document with the proof in it, and where the proof ends.

        None where the document has no such declaration.
        """
        text, declaration = self.target.text, self.target.declaration
        *above, own = self.proof.edits
        until_end = text[declaration.start : own.start] + own.text
        made = until_end + text[own.end : declaration.end]
        expected = declaration.start + sum(len(edit.text) for edit in above)
        places = [found.start() for found in re.finditer(re.escape(made), self.target.document.source.text)]
        start = min(places, key=lambda place: abs(place - expected), default=None)
        return None if start is None else (start, start + len(until_end))
