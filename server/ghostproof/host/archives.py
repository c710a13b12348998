"""Unpacking of a tar archive into a folder, on every Python from 3.11 on: `extract(filter=…)` is newer than some."""

import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath


class UnsafeArchive(Exception):
    """A member of the archive would be written elsewhere, or is neither a file nor a folder."""


def unpack(archive: tarfile.TarFile, folder: Path, wanted: Callable[[PurePosixPath], bool] = lambda _: True) -> None:
    """Write the archive's wanted files and folders below `folder`, which is made; may be an archive that is streamed.

    Owners and times are not kept; of the permissions, whether a file can be executed.

    Raises:
        UnsafeArchive: what came before the member is written already.
        tarfile.TarError, OSError: the archive is damaged, or the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for member in archive:
        name = PurePosixPath(member.name)
        if not wanted(name):
            continue
        if name.is_absolute() or ".." in name.parts or "\\" in member.name or ":" in member.name:
            raise UnsafeArchive(f"The archive has a file outside of its folder: {member.name!r}.")
        target = folder.joinpath(*name.parts)
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        content = archive.extractfile(member) if member.isreg() else None
        if content is None:
            raise UnsafeArchive(f"The archive has something that is no file: {member.name!r}.")
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("wb") as file:
            shutil.copyfileobj(content, file)
        target.chmod(0o755 if member.mode & 0o100 else 0o644)
