"""Lean libraries of several modules for the tests: the example in `examples/library`, and what compiles one.

Lake does that with a native Lean; the embedded one compiles a module at a time, into the folder where its `lake env`
looks.
"""

from collections.abc import Collection
from graphlib import TopologicalSorter
from pathlib import Path

from ghostproof.host.processes import run
from ghostproof.syntax.header import read_imports

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
BUILT = Path(".lake") / "build" / "lib" / "lean"
LEAN_S = 600.0


def modules(root: Path) -> dict[str, Path]:
    """The modules of a library by their names, each behind those that it imports."""
    files = (path.relative_to(root) for path in sorted(root.rglob("*.lean")) if ".lake" not in path.parts)
    found = {".".join(path.with_suffix("").parts): path for path in files}
    needs = {
        name: [one.module for one in read_imports((root / path).read_text("utf-8")).imports if one.module in found]
        for name, path in found.items()
    }
    return {name: found[name] for name in TopologicalSorter(needs).static_order()}


async def compiled(lean: Path, root: Path, only: Collection[str] = ()) -> dict[str, str]:
    """Compile the modules of the library at `root`, and tell what Lean said of each; "" where it was content.

    Args:
        only: these modules; all where it is empty.

    Raises:
        TimeoutError: Lean did not come to an end.
    """
    said: dict[str, str] = {}
    built = root / BUILT
    for name, path in modules(root).items():
        if only and name not in only:
            continue
        made = built / path.with_suffix(".olean")
        made.parent.mkdir(parents=True, exist_ok=True)
        finished = await run([lean, "-o", made, path], root, {"LEAN_PATH": str(built)}, LEAN_S)
        said[name] = finished.output if finished.code == 0 else f"{finished.output}\n(status {finished.code})"
    return said
