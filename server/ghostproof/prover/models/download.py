"""One large file of the hub into its cache, going on where an earlier attempt stopped, in this process or another.

The hub's own library begins a file anew in every process; the weights of a 7B model are files of 5 GB.
"""

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock
from huggingface_hub import get_hf_file_metadata, get_session, get_token, hf_hub_url
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.file_download import HfFileMetadata

# Trouble with the connection comes from an HTTP library that is another one in each major version of the hub's library.
ConnectionTrouble: type[BaseException] = HfHubHTTPError.__bases__[0]

ATTEMPTS = 6  # in a row that bring nothing
FIRST_WAIT_S = 0.5  # doubled after each of them
_NAME_IN_CACHE = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True)
class RemoteFile:
    """A file of one commit of a model."""

    model: str
    commit: str
    name: str

    @property
    def url(self) -> str:
        return hf_hub_url(self.model, self.name, revision=self.commit)


def download(file: RemoteFile, blobs: Path, tell: Callable[[int, int], None]) -> None:
    """Put the file's content where the hub's library looks for it before it downloads: `blobs`, under its etag.

    A file without a usable size or etag is left to the library.

    Args:
        tell: told the bytes that are there, and those of the whole file.

    Raises:
        OSError: the content is not what the hub says it is, or the disk is full.
        ConnectionTrouble: several attempts in a row brought nothing.
    """
    about = get_hf_file_metadata(file.url)
    etag, size = about.etag or "", about.size or 0
    if not size or not _NAME_IN_CACHE.fullmatch(etag):
        return
    blobs.mkdir(parents=True, exist_ok=True)
    part = blobs / f"{etag}.part"
    with FileLock(blobs / f"{etag}.part.lock"):
        if (blobs / etag).exists():
            return
        _complete(file, part, size, tell)
        if len(etag) == 64 and _sha256(part) != etag:
            part.unlink()
            raise OSError(f"{file.name} arrived damaged and was removed")
        part.replace(blobs / etag)


def _complete(file: RemoteFile, part: Path, size: int, tell: Callable[[int, int], None]) -> None:
    part.touch()
    idle = 0
    while (have := part.stat().st_size) < size:
        trouble: BaseException = OSError(f"the hub sends no more of {file.name}")
        try:
            # Asked for each time, as the address that the content comes from is valid for a while only.
            _append(get_hf_file_metadata(file.url), file.url, part, size, tell)
        except ConnectionTrouble as problem:
            trouble = problem
        idle = 0 if part.stat().st_size > have else idle + 1
        if idle == ATTEMPTS:
            raise trouble
        if idle:
            time.sleep(FIRST_WAIT_S * 2 ** (idle - 1))
    if have > size:
        part.unlink()
        raise OSError(f"{file.name} is longer than the hub says")


def _append(about: HfFileMetadata, hub: str, part: Path, size: int, tell: Callable[[int, int], None]) -> None:
    headers = {"Accept-Encoding": "identity", "Range": f"bytes={part.stat().st_size}-"}
    token = get_token()
    if token and urlsplit(about.location).netloc == urlsplit(hub).netloc:
        headers["Authorization"] = f"Bearer {token}"  # for the hub only, not for where it sends us to
    with (
        get_session().stream("GET", about.location, headers=headers, follow_redirects=True, timeout=30) as answer,
        part.open("ab") as out,
    ):
        if answer.status_code not in (200, 206):
            return
        if answer.status_code == 200:
            out.truncate(0)  # the whole file comes, whatever was asked for
        for chunk in answer.iter_bytes():
            out.write(chunk)
            out.flush()
            tell(out.tell(), size)


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
