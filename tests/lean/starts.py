"""Starts of the embedded Lean side by side, and which of them hang: `python -m lean.starts NUMBER`, from `tests`."""

import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

import psutil

from ghostproof.lean.embedded import install as embedded

ABREAST = 6  # on two cores, so that every start is disturbed
ASLEEP_S = 60.0  # without any work in so long it hangs; the slowest start computes all the time
# Elaborated in a moment, with the threads of any other file.
TEXT = "prelude\naxiom p : Prop\naxiom h : p\ntheorem t : p := h\n"


async def starts(number: int, abreast: int = ABREAST) -> Counter[str]:
    """How so many runs of `lean FILE` ended: `ended`, or `hung`."""
    lean = embedded.install(lambda stage, part: None) / "bin" / "lean"
    slots = asyncio.Semaphore(abreast)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "File.lean"
        file.write_text(TEXT)
        return Counter(await asyncio.gather(*(_one(lean, file, slots) for _ in range(number))))


async def _one(lean: Path, file: Path, slots: asyncio.Semaphore) -> str:
    async with slots:
        nowhere = asyncio.subprocess.DEVNULL
        run = await asyncio.create_subprocess_exec(
            lean, file, cwd=file.parent, stdin=nowhere, stdout=nowhere, stderr=nowhere
        )
        worked = -1.0
        while True:
            try:
                code = await asyncio.wait_for(run.wait(), ASLEEP_S)
                return "ended" if code == 0 else f"failed with {code}"
            except TimeoutError:
                before, worked = worked, _work(run.pid)
                if worked - before < 0.05:
                    run.kill()
                    await run.wait()
                    return "hung"


def _work(pid: int) -> float:
    """Seconds of computing so far."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    found = asyncio.run(starts(int(sys.argv[1])))
    print(dict(found))
    sys.exit(set(found) != {"ended"})
