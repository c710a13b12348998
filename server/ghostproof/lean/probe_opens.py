"""What a program of ours has been told of the files, and how a hole in one of them is opened there.

The program keeps a snapshot behind each command; of a changed text only what stands behind the last good one is sent.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ghostproof.lean.probe import ProbeAnswer, ProbeProcess, ProbeRequest
from ghostproof.lean.probe_document import Fault, Part, ProbeDocument
from ghostproof.lean.probe_session import Capacity
from ghostproof.lean.setup_file import FileSetup

# What stands in the hole while the text around it is elaborated.
HOLE = "sorry"

Setup = Callable[[Path, str], Awaitable[FileSetup]]


async def no_setup(path: Path, text: str) -> FileSetup:
    """Of a file of no project."""
    return FileSetup()


@dataclass(frozen=True)
class OpenRequest:
    """A hole to be opened.

    Attributes:
        state: the number by which the program shall know it.
        filled: the file's text with `HOLE` in the hole.
        hole: offset of the hole.
        setup: options that the file has from its project.
    """

    path: Path
    state: int
    filled: str
    hole: int
    setup: FileSetup


@dataclass(frozen=True)
class OpenAnswer:
    """What the program has answered, about which part of the text.

    Attributes:
        faults: the errors in the file up to the declaration with the hole, and in that.
    """

    answer: ProbeAnswer
    part: Part
    faults: tuple[Fault, ...] = ()


class ProbeDocuments:
    """The files that one process knows, the least recently used of them forgotten."""

    def __init__(self, capacity: int = Capacity.documents) -> None:
        self._capacity = capacity
        self._documents: OrderedDict[Path, ProbeDocument] = OrderedDict()
        self._count = 0

    def forget(self) -> None:
        """The process that knew them is gone, or what it knows is in doubt."""
        for document in self._documents.values():
            document.forget()

    async def open(
        self,
        process: ProbeProcess,
        wanted: OpenRequest,
        seconds: float,
        asked: Callable[[ProbeRequest], None] = lambda request: None,
    ) -> OpenAnswer:
        """Have the program elaborate a file up to a hole. It keeps what it has done, also where it was stopped.

        Args:
            seconds: longest time for that.
            asked: told of each request that is sent, so that it can be stopped.

        Raises:
            LeanDied, LeanTimeout: the process ended.
        """
        document = self._document(process, wanted.path)
        part = document.advance(wanted.filled, wanted.hole, to_end=False)
        opened = await self._ask(process, document, part, wanted, seconds, asked)
        if opened.answer.flag("more"):
            part = document.advance(wanted.filled, wanted.hole, to_end=True)
            opened = await self._ask(process, document, part, wanted, seconds, asked)
        return opened

    async def _ask(
        self,
        process: ProbeProcess,
        document: ProbeDocument,
        part: Part,
        wanted: OpenRequest,
        seconds: float,
        asked: Callable[[ProbeRequest], None],
    ) -> OpenAnswer:
        request = process.request(_fields(document, part, wanted))
        asked(request)
        answer = await process.wait(request, seconds)
        if "failure" in answer:
            document.forget()
        document.bounds += part.offsets(answer.numbers("ends"))
        document.faults += _faults(part, answer.parts("faults"))
        return OpenAnswer(answer, part, (*document.faults, *_faults(part, answer.parts("own"))))

    def _document(self, process: ProbeProcess, path: Path) -> ProbeDocument:
        document = self._documents.get(path)
        if document is None:
            self._count += 1
            document = self._documents[path] = ProbeDocument(self._count)
        self._documents.move_to_end(path)
        while len(self._documents) > self._capacity:
            process.send({"do": "drop", "docs": [self._documents.popitem(last=False)[1].number]})
        return document


def _faults(part: Part, found: Iterable[ProbeAnswer]) -> list[Fault]:
    """The errors that an answer lists, by their offsets in the file."""

    def offset(position: int) -> int:
        return part.offsets((position,))[0]

    return [Fault(offset(f.number("at")), offset(f.number("end")), f.text("message")) for f in found]


def _fields(document: ProbeDocument, part: Part, wanted: OpenRequest) -> Mapping[str, object]:
    """The request, as `probe/Requests.lean` reads it."""
    return {
        "do": "open",
        "doc": document.number,
        "state": wanted.state,
        "keep": part.keep,
        "from": part.start,
        "text": part.text,
        "hole": part.in_bytes(wanted.hole),
        "last": part.last,
        "options": [[name, value] for name, value in wanted.setup.options.items()],
    }
