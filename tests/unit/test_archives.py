"""What an archive may write, and where."""

import io
import tarfile
from pathlib import Path, PurePosixPath

import pytest

from ghostproof.host import archives


def archive(folder: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    path = folder / "archive.tar.gz"
    with tarfile.open(path, "w:gz") as file:
        for member, content in members:
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, mode: int = 0o644, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.linkname = kind, mode, link
    return info


@pytest.mark.parametrize("mode", ["r:gz", "r|gz"])
def test_files_are_written_below_the_folder(tmp_path: Path, mode: str) -> None:
    path = archive(
        tmp_path,
        (member("./lib", tarfile.DIRTYPE), b""),
        (member("./lib/Init.olean"), b"olean"),
        (member("bin/lean", mode=0o4755), b"program"),
        (member("lib/._Init.olean"), b"no part of it"),
    )
    with tarfile.open(path, mode) as file:  # type: ignore[call-overload]  # the modes are text here
        archives.unpack(file, tmp_path / "to", lambda name: not name.name.startswith("._"))
    written = {str(p.relative_to(tmp_path / "to")) for p in (tmp_path / "to").rglob("*") if p.is_file()}
    assert written == {"lib/Init.olean", "bin/lean"}
    assert (tmp_path / "to/lib/Init.olean").read_bytes() == b"olean"
    assert (tmp_path / "to/bin/lean").stat().st_mode & 0o7777 == 0o755


@pytest.mark.parametrize(
    "hostile",
    [
        member("../outside"),
        member("lib/../../outside"),
        member("/outside"),
        member("lib\\..\\..\\outside"),
        member("C:outside"),
        member("link", tarfile.SYMTYPE, link="../outside"),
        member("hard", tarfile.LNKTYPE, link="../outside"),
        member("pipe", tarfile.FIFOTYPE),
        member("device", tarfile.CHRTYPE),
    ],
    ids=lambda info: f"{info.name}",
)
def test_what_would_be_written_elsewhere_is_refused(tmp_path: Path, hostile: tarfile.TarInfo) -> None:
    content = b"x" if hostile.isreg() else b""
    path = archive(tmp_path, (hostile, content))
    with tarfile.open(path) as file, pytest.raises(archives.UnsafeArchive):
        archives.unpack(file, tmp_path / "to")
    assert not (tmp_path / "outside").exists()
    assert list((tmp_path / "to").rglob("*")) == []


def test_names_that_are_not_wanted_are_not_looked_at(tmp_path: Path) -> None:
    path = archive(tmp_path, (member("../._outside"), b"x"))
    with tarfile.open(path) as file:
        archives.unpack(file, tmp_path / "to", lambda name: name != PurePosixPath("../._outside"))
    assert list((tmp_path / "to").rglob("*")) == []
