"""Packs what a machine that has only torch, triton and transformers needs to run `bench.gpu`: one archive, no network.

PYTHONPATH=server python -m bench.gpu.bundle FILE.tar.gz

There: tar xf FILE.tar.gz && cd ghostproof-gpu && PYTHONPATH=server:packages python -m bench.gpu --json rows.json
"""

import importlib
import sys
import tarfile
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
TOP = "ghostproof-gpu"
# What the engine imports that comes with none of the three; as installed here, and of Python alone.
PACKAGES = ("cachetools",)


def without_caches(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if "__pycache__" in member.name else member


def pack(target: Path) -> None:
    """Raises: OSError."""
    with tarfile.open(target, "w:gz") as archive:
        for folder in ("server/ghostproof", "bench"):
            archive.add(REPOSITORY / folder, f"{TOP}/{folder}", filter=without_caches)
        for name in PACKAGES:
            (folder,) = importlib.import_module(name).__path__
            archive.add(folder, f"{TOP}/packages/{name}", filter=without_caches)


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
