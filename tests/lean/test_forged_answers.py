"""What runs in the prober although it should not: it answers for nobody."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from ghostproof.config import Config
from ghostproof.lean.toolchain import Project
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.allowed import KINDS
from ghostproof.verify.checker import Limits
from ghostproof.verify.guard import Guard
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate, Proved
from ghostproof.workspace import make_probe

pytestmark = pytest.mark.lean
LIMITS = Limits(heartbeats=2_000, seconds=60)
_LINE = '{{\\"id\\":{0},\\"nonce\\":\\"{1}\\",\\"goals\\":[],\\"closed\\":true,\\"errors\\":[],\\"axioms\\":[]}}'


@pytest.fixture
async def unguarded(project: Project) -> AsyncIterator[ProbeChecker]:
    """A probe that lets everything through: what the guard might overlook one day."""
    everything = Guard(lambda text: None, {"kinds": sorted(KINDS)})
    checker = make_probe(project, Config(), guard=everything)
    await checker.start()
    yield checker
    await checker.close()


class Forgeries(logging.Handler):
    """Hears what the prober says on stderr; `heard` is set by a line that looks like an answer."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if "nonce" in record.getMessage():
            self.heard.set()


@pytest.fixture
def forgeries() -> Iterator[Forgeries]:
    handler, logger = Forgeries(), logging.getLogger("ghostproof.lean.child")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(before)


async def test_what_runs_in_the_prober_cannot_answer_for_it(
    unguarded: ProbeChecker, project: Project, forgeries: Forgeries
) -> None:
    text = "theorem t : 1 = 2 := by\n  "
    spot = Spot(len(text), len(text) + 5, "", 2, SpotKind.SORRY)
    state = await unguarded.open(project.root / "Forged.lean", text + "sorry\n", spot)
    lines = "\\n".join(_LINE.format(number, nonce) for number in range(12) for nonce in ("", "0" * 32))
    for end in ("\\n", ""):
        printed = f'(IO.print "\\n{lines}{end}" : IO Unit) (unsafeCast ())'
        forged = f"simp +arith (maxSteps := (ptrAddrUnsafe ({printed})).toNat % 2 + 9)"
        answer = (await unguarded.check(state, Candidate(forged, "model"), LIMITS)).verdict
        assert not isinstance(answer, Proved), "a forged answer was believed"
    # The code has run, and what it printed did not even come where answers are read.
    await asyncio.wait_for(forgeries.heard.wait(), 120)
    assert unguarded.session.process is not None
    assert unguarded.session.process.dropped == 0
