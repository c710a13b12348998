"""The judge's command line: `python -m judge FOLDER [--most FILES]`, with `tests` and `server` on the path.

Exit status 1 if a claim is wrong.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from judge.claims import read
from judge.court import Court, Report
from judge.lean import Lean
from judge.verdicts import Ruling

# A Lean that has a hundred claims to read needs a gigabyte.
ABREAST = 2


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m judge", description=__doc__)
    parser.add_argument("folder", type=Path, help="what `pytest --proved FOLDER` wrote")
    parser.add_argument("--lean", type=Path, help="the `lean` to judge with (default: the embedded one)")
    parser.add_argument("--most", type=int, metavar="FILES", help="start Lean for so many files only")
    return parser.parse_args(argv)


def embedded_lean() -> Path:
    """The one thing that is asked of the server's code: where it has installed Lean."""
    from ghostproof.lean.embedded.install import installed

    root = installed()
    if root is None:
        raise SystemExit("the embedded Lean is not installed: make toolchain")
    return root / "bin" / "lean"


def show(report: Report) -> None:
    for ruling in (Ruling.UNSEEN, Ruling.DISAGREES):
        for claim, why in report.having(ruling):
            print(f"{ruling.value}: {claim.placed.strip()[:100]!r} by {claim.checker} in {claim.test}\n    {why[:300]}")
    counts = {ruling: len(report.having(ruling)) for ruling in Ruling}
    print(f"claims: {len(report.judged) + len(report.elsewhere) + len(report.left)}, files: {report.files}")
    print(f"agreed: {counts[Ruling.AGREES]}")
    print(f"accepted by Lean, what they rest on not seen: {counts[Ruling.UNSEEN]}")
    print(f"not judged: {len(report.elsewhere)} that import a project's files, {len(report.left)} for lack of time")
    print(f"disagreements: {counts[Ruling.DISAGREES]}")


def main(argv: Sequence[str]) -> int:
    chosen = arguments(argv)
    claims = read(chosen.folder)
    if not claims:
        print(f"nothing was called proved: no records in {chosen.folder}")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        lean = Lean(chosen.lean or embedded_lean(), Path(folder))
        court = Court(lean, chosen.most, print, abreast=min(ABREAST, os.cpu_count() or 1))
        report = asyncio.run(court.judge(claims))
    show(report)
    return 1 if report.having(Ruling.DISAGREES) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
