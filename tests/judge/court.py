"""Judges claims: many in a file first, and what is not plainly right again in files of its own."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from judge.batches import Asked, File, alone, bare_cut, bared, has_placeholders, sketched, together
from judge.claims import Claim, Cut, cut
from judge.lean import Lean, Message, NoLean
from judge.verdicts import Axioms, Judged, Ruling, axioms, errors, new_errors

_PER_FILE = 120
_FOUNDATIONS = ("import Init", "import Std", "import Lean")


@dataclass
class Report:
    """What came of all claims."""

    judged: list[tuple[Claim, Judged]] = field(default_factory=list)
    elsewhere: list[Claim] = field(default_factory=list)  # they import files of a project
    left: list[Claim] = field(default_factory=list)  # there was no more to spend
    files: int = 0

    def having(self, ruling: Ruling) -> list[tuple[Claim, str]]:
        return [(claim, judged.why) for claim, judged in self.judged if judged.ruling is ruling]


class Court:
    """See the module.

    Args:
        most: how many files Lean may be started for; what is left then is reported as not judged.
        say: is told what happens.
        abreast: how many Leans may run at the same time.
    """

    def __init__(
        self, lean: Lean, most: int | None = None, say: Callable[[str], None] = lambda _: None, abreast: int = 1
    ) -> None:
        self._lean = lean
        self._most = most
        self._say = say
        self._lanes = asyncio.Semaphore(abreast)
        self._report = Report()

    async def judge(self, claims: Sequence[Claim]) -> Report:
        """Judge each claim once, whatever its number of records."""
        batches: dict[str, list[tuple[Claim, Cut]]] = defaultdict(list)
        single: list[tuple[Claim, bool]] = []
        for claim in dict.fromkeys(claims):
            parts = cut(claim)
            if not _is_foundation(parts.header):
                self._report.elsewhere.append(claim)
            elif parts.apart:
                single.append((claim, False))
            else:
                batches[parts.header].append((claim, parts))
        pieces = [(header, batch) for header, members in batches.items() for batch in _pieces(members)]
        for unclear in await asyncio.gather(*(self._together(header, batch) for header, batch in pieces)):
            single += unclear
        await asyncio.gather(*(self._by_itself(claim, accepted) for claim, accepted in single))
        return self._report

    def _spent(self) -> bool:
        return self._most is not None and self._report.files >= self._most

    async def _together(self, header: str, batch: Sequence[tuple[Claim, Cut]]) -> list[tuple[Claim, bool]]:
        """Judge a batch in one file. Returns what is not plainly right there, and whether Lean took it."""
        async with self._lanes:
            return await self._batch(header, batch)

    async def _by_itself(self, claim: Claim, accepted: bool) -> None:
        async with self._lanes:
            if self._spent():
                self._report.left.append(claim)
            else:
                self._report.judged.append((claim, await self._alone(claim, accepted)))

    async def _batch(self, header: str, batch: Sequence[tuple[Claim, Cut]]) -> list[tuple[Claim, bool]]:
        if self._spent():
            self._report.left += [claim for claim, _ in batch]
            return []
        file = together(header, batch)
        try:
            messages = await self._read(file)
        except NoLean as problem:
            self._say(f"{len(batch)} claims in one file: {problem}; each is judged alone")
            return [(claim, False) for claim, _ in batch]
        unclear: list[tuple[Claim, bool]] = []
        for asked in file.asked:
            objections, found = errors(asked, messages), axioms(asked, messages)
            if objections or found is None or found.blamed or found.unsound:
                unclear.append((asked.claim, not objections))
            else:
                self._report.judged.append((asked.claim, Judged(Ruling.AGREES, "")))
        self._say(f"{len(batch)} claims in one file, {len(unclear)} of them not plainly right there")
        return await self._bases(header, unclear)

    async def _bases(self, header: str, unclear: list[tuple[Claim, bool]]) -> list[tuple[Claim, bool]]:
        """What those rest on that Lean accepted, in one file more. Returns those that must stand alone."""
        accepted = [claim for claim, taken in unclear if taken]
        if len(accepted) < 2 or self._spent():
            return unclear
        try:
            file = together(header, [(claim, barely) for claim in accepted if not (barely := bare_cut(claim)).apart])
            messages = await self._read(file)
        except NoLean:
            return unclear
        settled = set()
        for asked in file.asked:
            found = axioms(asked, messages)
            if found is not None and not errors(asked, messages):
                self._report.judged.append((asked.claim, _ruling(found)))
                settled.add(asked.claim)
        return [(claim, taken) for claim, taken in unclear if claim not in settled]

    async def _alone(self, claim: Claim, accepted: bool) -> Judged:
        """Judge a claim in files of its own; `accepted` if Lean had no error with it among others."""
        try:
            found, before = ([], []) if accepted else await self._errors(claim)
            if fresh := new_errors(found, before):
                return Judged(Ruling.DISAGREES, fresh[0])
            return await self._basis(claim, broken=bool(found))
        except NoLean as problem:
            return Judged(Ruling.UNSEEN, str(problem))

    async def _errors(self, claim: Claim) -> tuple[list[str], list[str]]:
        """The errors of the declaration as it stands, and with a hole in place of what was put there."""
        found = await self._ask(alone(claim), errors)
        return found, await self._ask(sketched(claim), errors) if found else []

    async def _basis(self, claim: Claim, *, broken: bool) -> Judged:
        """What the proof rests on, once Lean has no objection to it."""
        if broken:
            return Judged(Ruling.UNSEEN, "the declaration has errors of its own, so that Lean has no proof of it")
        file = bared(claim)
        messages = await self._read(file)
        (asked,) = file.asked
        objections, found = errors(asked, messages), axioms(asked, messages)
        if objections and has_placeholders(claim):
            return Judged(Ruling.DISAGREES, f"without the value of a placeholder: {objections[0]}")
        if objections or found is None:
            said = next(iter(objections), "Lean does not answer the question about its axioms")
            return Judged(Ruling.UNSEEN, said)
        return _ruling(found)

    async def _ask(self, file: File, question: Callable[[Asked, list[Message]], list[str]]) -> list[str]:
        (asked,) = file.asked
        return question(asked, await self._read(file))

    async def _read(self, file: File) -> list[Message]:
        self._report.files += 1
        return await self._lean.read(f"Judged{self._report.files}", file.text)


def _ruling(found: Axioms) -> Judged:
    if found.blamed:
        return Judged(Ruling.DISAGREES, f"it rests on {', '.join(sorted(found.blamed))}")
    if found.unsound:
        return Judged(Ruling.UNSEEN, f"its statement rests on {', '.join(sorted(found.unsound))} already")
    return Judged(Ruling.AGREES, "")


def _pieces(members: list[tuple[Claim, Cut]]) -> Iterator[list[tuple[Claim, Cut]]]:
    ordered = sorted(members, key=lambda member: (member[1].prefix, member[1].closing))
    for start in range(0, len(ordered), _PER_FILE):
        yield ordered[start : start + _PER_FILE]


def _is_foundation(header: str) -> bool:
    lines = [line.strip() for line in header.split("\n") if line.strip() and not line.strip().startswith("--")]
    return all(line.removeprefix("public ").startswith(_FOUNDATIONS) for line in lines)
