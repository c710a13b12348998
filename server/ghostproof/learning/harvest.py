"""Has Lean tell the tactic steps of files, by the prober's request `steps`.

It serves whoever wants a whole file at once, and whoever looks at one again and again while it changes: what Lean has
elaborated of it stays elaborated.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ghostproof.errors import GhostproofError
from ghostproof.lean.compiled import CompiledProgram
from ghostproof.lean.probe import ProbeAnswer, ProbeProcess, ProbeRequest
from ghostproof.lean.probe_document import Part, ProbeDocument
from ghostproof.lean.probe_opens import Setup
from ghostproof.lean.probe_script import assemble
from ghostproof.lean.probe_session import ProbeSession, Program
from ghostproof.lean.setup_file import FileSetup, Setups
from ghostproof.lean.toolchain import Project, script_command, with_flags
from ghostproof.learning.harvest_answer import HarvestedFile, steps_of
from ghostproof.learning.steps import TacticStep
from ghostproof.syntax.header import read_imports
from ghostproof.text import SourceText

# Files that the prober keeps elaborated for us: whoever edits goes back and forth between two.
_FILES_KEPT = 2


@dataclass
class _HarvestedDocument:
    """A file as the prober has harvested it. `steps` are those of its commands, each with the offset of its end."""

    document: ProbeDocument
    steps: list[tuple[int, TacticStep]] = field(default_factory=list)


class Harvester:
    """The steps of files of one project, through one prober. One file at a time.

    Args:
        setup: how a file with a text is set up.
        name: what a file is called in its steps.
        environment: names the Lean and the libraries.
        document_s: longest time for one answer, which has the steps of some commands.
        guest: the prober is somebody else's: it is never started, nor replaced by one with room for another import.
    """

    def __init__(
        self,
        session: ProbeSession,
        setup: Setup,
        name: Callable[[Path], str],
        environment: str,
        document_s: float = 60.0,
        *,
        guest: bool = False,
    ) -> None:
        self._session, self._setup, self._name = session, setup, name
        self.environment = environment
        self._document_s, self._guest = document_s, guest
        self._documents: OrderedDict[Path, _HarvestedDocument] = OrderedDict()
        self._process: ProbeProcess | None = None
        self._count = 0
        self._turn = asyncio.Lock()

    async def steps(self, path: Path, text: str) -> list[TacticStep]:
        """The steps of all finished proofs of a file, in its order. Cancelling it stops Lean; what is done is kept.

        Raises:
            LeanDied, LeanTimeout, ToolchainBroken: Lean does not say.
            GhostproofError: it says that it can't, or what the file imports is not there.
        """
        async with self._turn:
            source = SourceText(text)
            setup = await self._setup(path, source.text)
            imports = read_imports(source.text)
            session = self._session
            process = await (session.as_it_is if self._guest else session.with_room)(imports, setup.flags)
            if process is not self._process:
                self._process = process
                self._documents.clear()
            known = self._document(process, path)
            while await self._go_on(process, known, path, source, setup):
                pass
            return [step for _, step in known.steps]

    async def _go_on(
        self, process: ProbeProcess, known: _HarvestedDocument, path: Path, source: SourceText, setup: FileSetup
    ) -> bool:
        """Have the next commands elaborated; whether there are more."""
        part = known.document.advance(source.text, len(source.text), to_end=True)
        kept = known.document.bounds[-1] if known.document.bounds else 0
        known.steps = [(end, step) for end, step in known.steps if end <= kept]
        request = process.request(_fields(known.document, part, setup))
        answer = await self._answer(process, request)
        if answer.problem:
            self._documents.pop(path, None)
            raise GhostproofError(answer.problem)
        ends = part.offsets(answer.numbers("ends"))
        known.document.bounds += ends
        name = self._name(path)
        imports = tuple(one.module for one in read_imports(source.text).imports)
        about = HarvestedFile(name, imports, self.environment)
        known.steps += [(_end_of(step, source, ends), step) for step in steps_of(answer, part, source, about)]
        # One without a command more can't be gone on with: it is a command that takes longer than an answer may.
        return answer.flag("stopped") and bool(ends)

    async def _answer(self, process: ProbeProcess, request: ProbeRequest) -> ProbeAnswer:
        try:
            return await process.wait(request, self._document_s)
        except asyncio.CancelledError:
            # The prober may know more of the document than we do then; a request says how much of it counts.
            process.abandon(request)
            raise

    def _document(self, process: ProbeProcess, path: Path) -> _HarvestedDocument:
        known = self._documents.get(path)
        if known is None:
            self._count += 1
            known = self._documents[path] = _HarvestedDocument(ProbeDocument(self._count))
        self._documents.move_to_end(path)
        while len(self._documents) > _FILES_KEPT:
            gone = self._documents.popitem(last=False)[1].document.number
            process.send({"do": "drop", "harvested": [gone]})
        return known


def _end_of(step: TacticStep, source: SourceText, ends: list[int]) -> int:
    """The end of the command that a step stands in."""
    line, column = step.end
    at = source.line_start(line - 1) + column - 1
    return next((end for end in ends if end >= at), len(source.text))


def _fields(document: ProbeDocument, part: Part, setup: FileSetup) -> dict[str, object]:
    """The request, as `probe/Harvest.lean` reads it."""
    return {
        "do": "steps",
        "doc": document.number,
        "keep": part.keep,
        "from": part.start,
        "text": part.text,
        "last": part.last,
        "options": [[name, value] for name, value in setup.options.items()],
    }


def environment_of(project: Project) -> str:
    """A short text that is another one where goals are about another Lean, or other libraries."""
    manifest = project.root / "lake-manifest.json"
    libraries = hashlib.sha256(manifest.read_bytes()).hexdigest()[:12] if manifest.is_file() else ""
    return "+".join(filter(None, (project.toolchain.version, libraries)))


def named_below(root: Path) -> Callable[[Path], str]:
    """Names of files as they stand below a folder."""

    def name(path: Path) -> str:
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()

    return name


def harvester(project: Project, document_s: float) -> tuple[ProbeSession, Harvester]:
    """A prober of its own for the steps of a project's files; whoever gets it ends the session."""
    script = assemble()
    program = Program(
        lambda: script_command(project, script.write()),
        project.root,
        project.toolchain.env,
        CompiledProgram(project, script),
        lambda argv, flags: with_flags(argv, project, flags),
        script.explain,
    )
    session = ProbeSession(program, {"width": 1}, document_s, lambda: None)
    named = named_below(project.root)
    return session, Harvester(session, Setups(project).of, named, environment_of(project), document_s)
