"""The states that the prober keeps: each opened once, found again, and opened again when it is lost."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ghostproof.errors import LeanDied, LeanTimeout, NoGoal, NotImported
from ghostproof.lean.probe import ProbeAnswer, ProbeProcess, ProbeRequest
from ghostproof.lean.probe_document import lookahead
from ghostproof.lean.probe_opens import HOLE, OpenAnswer, OpenRequest, ProbeDocuments, Setup
from ghostproof.lean.probe_session import DEFAULT_CAPACITY, Capacity, ProbeSession
from ghostproof.lean.setup_file import FileSetup
from ghostproof.syntax.header import read_imports
from ghostproof.syntax.spot import Spot
from ghostproof.verify.advance import Place
from ghostproof.verify.checker import GoalState
from ghostproof.verify.error_above import error_above
from ghostproof.verify.probe_verdict import errors_of, main_goal


@dataclass(frozen=True)
class ProbeHandle:
    """A hole of a file, so that its state can be opened again.

    Attributes:
        opened: names the options and the text above the hole.
        site: of a state that a step has led to, the hole in whose place candidates are parsed; else None.
    """

    path: Path
    text: str
    spot: Spot
    opened: str
    site: Spot | None = None


def handle_of(state: GoalState) -> ProbeHandle:
    """The hole of a state that the prober keeps.

    Raises:
        TypeError: another checker made the state.
    """
    if not isinstance(state.handle, ProbeHandle):
        raise TypeError("the state was opened by another checker")
    return state.handle


@dataclass(frozen=True)
class SavedState:
    """A state that the prober keeps.

    Attributes:
        follow: the text behind the hole as far as it was parsed; `at_end` if it goes to the end of the file.
        owner: full name of the declaration under proof, "" if it has none.
        errors: what Lean says about the declaration with `sorry` in the hole.
        advanced: a step has led to it; nothing was elaborated in its place.
    """

    number: int
    state: GoalState
    follow: str
    at_end: bool
    owner: str
    errors: tuple[str, ...]
    advanced: bool = False

    def stands(self, handle: ProbeHandle) -> bool:
        """Whether what Lean parsed behind the state's hole still stands there."""
        end = handle.spot.end
        return handle.text[end:] == self.follow if self.at_end else handle.text.startswith(self.follow, end)


@dataclass(frozen=True)
class Advance:
    """A step from a saved state that is about to be run.

    Attributes:
        site: the hole in whose place it is parsed.
        handles: of the goals that it leaves; None for one that nobody wants.
        first: the number of the first one's state; the others follow.
    """

    above: SavedState
    site: Spot
    handles: tuple[ProbeHandle | None, ...]
    first: int


class ProbeStates:
    """The states of one session. One hole is opened at a time.

    Args:
        setup: how a file with a text is set up.
        document_s: longest time for Lean to elaborate a file up to a hole; what it has done is kept.
    """

    def __init__(
        self, session: ProbeSession, setup: Setup, document_s: float, capacity: Capacity = DEFAULT_CAPACITY
    ) -> None:
        self._session, self._setup, self._document_s = session, setup, document_s
        self._documents = ProbeDocuments(capacity.documents)
        self._capacity, self._most_steps = capacity.states, capacity.steps
        self._steps: OrderedDict[str, SavedState] = OrderedDict()
        self._states: OrderedDict[str, SavedState] = OrderedDict()
        self._turn = asyncio.Lock()
        self._asked: ProbeRequest | None = None
        self._count = 0

    def forget(self) -> None:
        """The process that had them is gone."""
        self._states.clear()
        self._steps.clear()
        self._documents.forget()

    def drop(self, handle: ProbeHandle) -> None:
        """The process says that it does not have this state."""
        self._states.pop(handle.opened, None)
        self._steps.pop(handle.opened, None)

    async def saved(self, handle: ProbeHandle) -> tuple[SavedState, ProbeProcess]:
        """A state and the process that has it, opened again if it was dropped or its process has died.

        Raises:
            As `open`.
        """
        process = await self._session.live()
        if handle.site is not None and (step := self._steps.get(handle.opened)) is not None:
            self._steps.move_to_end(handle.opened)
            return step, process
        saved = self._known(handle)
        if saved is None:
            saved = await self.open(handle.path, handle.text, handle.spot)
            process = await self._session.live()
        return saved, process

    async def open(self, path: Path, text: str, spot: Spot) -> SavedState:
        """Have Lean elaborate a file up to a hole and keep the state there.

        Whoever stops waiting has Lean finish what others can use.

        Raises:
            NoGoal, NotImported: there is none. LeanDied, LeanTimeout, ToolchainBroken: Lean does not say.
        """
        handle, filled, setup = await self._handle(path, text, spot)
        await self._turn.acquire()
        work = asyncio.create_task(self._open(handle, filled, setup))
        # A cancelled opening keeps its turn until Lean has left it, and what it elaborated of the file is kept.
        work.add_done_callback(self._opened)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            process = self._session.process
            if process is not None and self._asked is not None:
                process.abandon(self._asked, hard=False)
            raise

    async def advance(
        self, handle: ProbeHandle, saved: SavedState, path: Path, places: Sequence[Place | None]
    ) -> "Advance":
        """Numbers for the states that a step from a saved state will have, one for each place."""
        site = handle.site or handle.spot
        wanted: list[ProbeHandle | None] = []
        for place in places:
            found = (await self._handle(path, place.text, place.spot))[0] if place is not None else None
            wanted.append(replace(found, site=site) if found is not None else None)
        first = self._count + 1
        self._count += len(places)
        return Advance(saved, site, tuple(wanted), first)

    def keep(self, process: ProbeProcess, advance: "Advance", answer: ProbeAnswer) -> tuple[GoalState | None, ...]:
        """Take the states that the prober has kept; those that nobody wants, and the oldest beyond the bound, go."""
        parts = answer.parts("states")
        found: list[GoalState | None] = []
        gone: list[int] = []
        for nth, handle in enumerate(advance.handles):
            number, part = advance.first + nth, parts[nth] if nth < len(parts) else None
            goals = part.texts("goals") if part is not None else ()
            if part is None or not goals or handle is None:
                gone.append(number)
                found.append(None)
                continue
            state = GoalState(goals, main_goal(goals[0], part.part("main")), f"{handle.opened}:step", handle)
            old = self._steps.pop(handle.opened, None)
            gone += [old.number] if old is not None else []
            self._steps[handle.opened] = SavedState(number, state, "", False, advance.above.owner, (), advanced=True)
            found.append(state)
        while len(self._steps) > self._most_steps:
            gone.append(self._steps.popitem(last=False)[1].number)
        process.send({"do": "drop", "states": gone})
        return tuple(found)

    @property
    def steps(self) -> int:
        """How many states are kept that steps have led to."""
        return len(self._steps)

    def release(self, process: ProbeProcess, states: Sequence[GoalState]) -> None:
        """Have the process drop what it keeps of states that steps have led to."""
        handles = [state.handle for state in states if isinstance(state.handle, ProbeHandle)]
        kept = [self._steps.pop(handle.opened, None) for handle in handles if handle.site is not None]
        process.send({"do": "drop", "states": [saved.number for saved in kept if saved is not None]})

    async def _handle(self, path: Path, text: str, spot: Spot) -> tuple[ProbeHandle, str, FileSetup]:
        """A hole with its name, the text with `HOLE` in it, and how the file is set up."""
        filled = spot.fill(text, HOLE)
        setup = await self._setup(path, text)
        # The same text means another thing with other options.
        seen = f"{sorted(setup.options.items())}\n{filled[: spot.tactic_start]}"
        return ProbeHandle(path, text, spot, hashlib.sha256(seen.encode()).hexdigest()), filled, setup

    def _opened(self, work: "asyncio.Task[SavedState]") -> None:
        self._asked = None
        self._turn.release()
        if not work.cancelled():
            work.exception()  # the caller may be gone

    async def _open(self, handle: ProbeHandle, filled: str, setup: FileSetup) -> SavedState:
        imports = read_imports(handle.text)
        await self._session.with_room(imports, setup.flags)
        known = self._known(handle)
        if known is not None:
            # The same state, but what is put into the hole may be laid out in another way.
            return replace(known, state=replace(known.state, handle=handle))

        async def ask() -> tuple[ProbeProcess, OpenRequest, OpenAnswer]:
            process = await self._session.with_room(imports, setup.flags)
            self._count += 1
            wanted = OpenRequest(handle.path, self._count, filled, handle.spot.tactic_start, setup)
            return process, wanted, await self._documents.open(process, wanted, self._document_s, self._note)

        process, wanted, opened = await self._session.unless_it_dies(ask)
        _raise_unless_open(opened.answer)
        self._session.worked()
        return self._keep(process, handle, wanted, opened)

    def _note(self, request: ProbeRequest) -> None:
        self._asked = request

    def _known(self, handle: ProbeHandle) -> SavedState | None:
        saved = self._states.get(handle.opened)
        if saved is None or not saved.stands(handle):
            return None
        self._states.move_to_end(handle.opened)
        return saved

    def _keep(self, process: ProbeProcess, handle: ProbeHandle, wanted: OpenRequest, opened: OpenAnswer) -> SavedState:
        answer, part, filled = opened.answer, opened.part, wanted.filled
        behind = handle.spot.tactic_start + len(HOLE)
        tail, stop = part.offsets((answer.number("tail"), answer.number("stop")))
        declaration = hashlib.sha256(filled[behind:tail].rstrip().encode()).hexdigest()
        goals = answer.texts("goals")
        found = [(fault.at, fault.message) for fault in opened.faults]
        above = error_above(filled, found, part.offset, handle.spot.tactic_start)
        main = main_goal(goals[0], answer.part("main"))
        state = GoalState(goals, main, handle.opened + declaration, handle, above)
        end = lookahead(filled, stop)
        follow, at_end = filled[behind:end], end == len(filled)
        saved = SavedState(wanted.state, state, follow, at_end, answer.text("owner"), errors_of(answer))
        gone = [old for old in (self._states.pop(handle.opened, None),) if old is not None]
        self._states[handle.opened] = saved
        while len(self._states) > self._capacity:
            gone.append(self._states.popitem(last=False)[1])
        process.send({"do": "drop", "states": [old.number for old in gone]})
        return saved


def _raise_unless_open(answer: ProbeAnswer) -> None:
    if answer.flag("stopped"):
        raise LeanTimeout(
            "Lean did not get to the cursor within the time it was given.",
            "Ask again: what it has done is kept. If it never gets there, an earlier declaration takes too long.",
        )
    if "failure" in answer or "error" in answer:
        raise LeanDied(answer.text("failure") or answer.text("error"))
    if answer.texts("goals"):
        return
    if answer.texts("header"):
        raise NotImported("Lean could not load what the file imports.", answer.texts("header")[0])
    first = (*answer.texts("errors"), *(fault.text("message") for fault in answer.parts("faults")))
    raise NoGoal("Lean sees no tactic goal there.", f"Its first error there: {first[0]}" if first else "")
