"""Where a prover is reached, and how long it is waited for."""

from base64 import b64encode
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ghostproof.errors import ProverFailed

_SUFFIXES = ("/completions", "/v1")


@dataclass(frozen=True)
class Address:
    """One server.

    Attributes:
        url: what stands in front of `/v1/completions` and `/health`, without a slash at the end, and without a login.
        socket: the Unix socket that is connected to, whatever the URL's host.
        key: sent as bearer token, and to nobody else; belongs into no message and no log.
        login: user name and password of the URL, `user:password`; as secret as the key, which goes before it.
        key_env: the environment variable that the person keeps the key in, "" for our own engine.
    """

    url: str
    socket: Path | None = None
    key: str = field(default="", repr=False)
    key_env: str = ""
    login: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """The address as people may see it."""
        return str(self.socket) if self.socket is not None else self.url

    @property
    def authorization(self) -> str:
        """The header that says who asks, "" where nothing does."""
        if self.key:
            return f"Bearer {self.key}"
        return f"Basic {b64encode(unquote(self.login).encode()).decode()}" if self.login else ""

    @property
    def goes_to(self) -> str:
        """Where prompts go, in words, "" where that is an engine of our own."""
        if not self.key_env:
            return ""
        parts = urlsplit(self.url)
        open_way = parts.scheme == "http" and not _is_loopback(parts.hostname or "")
        return f"{parts.scheme}://{parts.netloc}" + (" (not encrypted)" if open_way else "")

    def without_secrets(self, text: str) -> str:
        """A text that may come from the server, without what only the server may know."""
        for secret in (self.key, self.login, self.login.partition(":")[2]):
            text = text.replace(secret, "…") if secret else text
        return text

    @property
    def cure(self) -> str:
        """What a person can do when nobody answers there."""
        return "Start the server, or mend `prover.url`." if self.key_env else "Ghostproof starts it again by itself."


@dataclass(frozen=True)
class Timeouts:
    """Seconds.

    Attributes:
        connect: until the connection is there.
        first: to the head of a stream, and from there to its first piece: the server may have to queue and prefill.
        idle: between two pieces of an answer.
        answer: for anything that draws no tokens, from the request to its last byte.
        stream: for a whole stream, however often something comes.
    """

    connect: float = 5.0
    first: float = 60.0
    idle: float = 30.0
    answer: float = 10.0
    stream: float = 600.0


def remote(url: str, key: str, key_env: str) -> Address:
    """The address of a server from what a person has written: with or without `/v1`, with or without a slash.

    Raises:
        ProverFailed: it is no address of a server, or the key cannot be sent.
    """
    hint = "Such as `http://127.0.0.1:8000/v1`."
    try:
        parts = urlsplit(url.strip())
        known = parts.scheme in ("http", "https") and parts.hostname is not None and (parts.port or 1) > 0
    except ValueError:
        known = False
    if not known:
        shown = url.rpartition("@")[2]  # what stands before it may be a password
        raise ProverFailed(f"`prover.url` is not the address of a server: `{shown}`.", hint)
    if not key.isprintable() or not key.isascii():
        raise ProverFailed(f"The key in {key_env} has characters that no key has.", f"Set {key_env} anew.")
    path = parts.path.rstrip("/")
    for suffix in _SUFFIXES:
        path = path.removesuffix(suffix)
    login, _, host = parts.netloc.rpartition("@")
    return Address(f"{parts.scheme}://{host}{path}", key=key, key_env=key_env, login=login)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
