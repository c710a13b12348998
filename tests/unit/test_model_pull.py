"""`ghostproof model` and the search for a model, against a hub that runs here and misbehaves when told to."""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from ghostproof.errors import ModelMissing
from ghostproof.prover.models import folder as models
from support.small_models import tiny_llama

ID = "someone/Tiny-Prover"
COMMIT = "a8d9e14432b2e8dd9df2a4d4e70f1ba9bc8d9b7b"
TAG, TAGGED = "v1", "b" * 40
ALSO = {
    "README.md": b"# tiny",
    "pytorch_model.bin": b"\x80\x04pickle",
    "modeling.py": b"import os",
    "onnx/model.json": b"{}",
}


class Hub(ThreadingHTTPServer):
    """A hub with one model, which misbehaves when told to.

    Attributes:
        trouble: what it does wrong.
        break_after: how many bytes of a file it sends before it closes the connection, for `mended_after` times.
        stall_after: how many bytes of a file it sends before it says no more, until `stalled` is set.
    """

    daemon_threads = True

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Requests)
        self.files = files
        self.trouble = ""
        self.break_after: int | None = None
        self.mended_after = 0
        self.stall_after: int | None = None
        self.stalled = threading.Event()
        self.fetched: list[tuple[str, str]] = []  # name and range

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Requests(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path.startswith("/api/") or self.server.trouble == "gone":
            self.api(path)
        elif (match := re.fullmatch(rf"/{ID}/resolve/(\w+)/(.+)", path)) and match[2] in self.server.files:
            self.file(match[2], TAGGED if match[1] in (TAG, TAGGED) else COMMIT)
        else:
            self.refuse(404, "EntryNotFound")

    def api(self, path: str) -> None:
        match self.server.trouble:
            case "gone":
                return self.refuse(401, "RepoNotFound")
            case "gated":
                return self.refuse(403, "GatedRepo")
            case "broken":
                return self.refuse(500, "")
            case "garbage":
                return self.answer(b"<html>captive portal</html>", {"Content-Type": "text/html"})
        revision = re.search(r"/(?:revision|tree)/([^/?]+)", path)
        commit = {None: COMMIT, "main": COMMIT, TAG: TAGGED, COMMIT: COMMIT, TAGGED: TAGGED}.get(
            revision[1] if revision else None
        )
        if commit is None:
            return self.refuse(404, "RevisionNotFound")
        if "/tree/" in path:
            tree = [{"type": "file", "path": n, "size": len(b), "oid": digest(b)} for n, b in self.server.files.items()]
            return self.answer(json.dumps(tree).encode(), {"Content-Type": "application/json"})
        sizes = [{"rfilename": name, "size": len(body)} for name, body in self.server.files.items()]
        if self.server.trouble == "huge":
            sizes = [{**each, "size": 1 << 60} for each in sizes]
        info = {"id": ID, "modelId": ID, "sha": commit, "siblings": sizes, "tags": [], "private": False}
        return self.answer(json.dumps(info).encode(), {"Content-Type": "application/json"})

    def file(self, name: str, commit: str) -> None:
        body = self.server.files[name]
        headers = {"ETag": f'"{digest(body)}"', "X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
        wanted = self.headers.get("Range", "")
        if self.command == "GET":
            self.server.fetched.append((name, wanted))
        if self.server.trouble == "damaged" and name == "model.safetensors":
            body = body[:-1] + bytes([body[-1] ^ 1])
        match = re.fullmatch(r"bytes=(\d+)-", wanted)
        if match and self.server.trouble != "no_ranges":
            start = int(match[1])
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            return self.answer(body[start:], headers, status=206)
        return self.answer(body, headers)

    def answer(self, body: bytes, headers: dict[str, str], status: int = 200) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "GET":
            return
        hub = self.server
        limit = hub.break_after if hub.break_after is not None else hub.stall_after
        if "ETag" not in headers or limit is None or len(body) <= limit:
            self.wfile.write(body)
            return
        self.wfile.write(body[:limit])
        self.wfile.flush()
        if hub.stall_after is not None:
            hub.stalled.wait()
        hub.mended_after -= 1
        if not hub.mended_after:
            hub.break_after = None
        self.close_connection = True

    def refuse(self, status: int, code: str) -> None:
        self.answer(b"", {"X-Error-Code": code, "X-Error-Message": "so it is"} if code else {}, status)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a passing test says nothing."""


def digest(body: bytes) -> str:
    """The etag of a file: the hub takes SHA-256 for the large ones."""
    kind = hashlib.sha256 if len(body) > 500_000 else hashlib.sha1
    return kind(body, usedforsecurity=False).hexdigest()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tiny_llama(tmp_path_factory.mktemp("model"))
    return {**{path.name: path.read_bytes() for path in folder.iterdir()}, **ALSO}


@pytest.fixture
def hub(files: dict[str, bytes]) -> Iterator[Hub]:
    with Hub(dict(files)) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home of the hub's cache, for this process and those it starts."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME", "HF_HUB_OFFLINE", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    return tmp_path / "hf"


def invocation(*arguments: str, hub: Hub | None, **more: str) -> tuple[list[str], dict[str, str]]:
    endpoint = hub.url if hub else "http://127.0.0.1:9"
    return [sys.executable, "-m", "ghostproof", "model", *arguments], {**os.environ, "HF_ENDPOINT": endpoint, **more}


def ghostproof(*arguments: str, hub: Hub | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    command, environment = invocation(*arguments, hub=hub, **more)
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_pulled_model_is_found_whole_and_holds_nothing_that_runs(hub: Hub, home: Path) -> None:
    with pytest.raises(ModelMissing) as missing:
        models.find(ID)
    assert missing.value.hint == f"ghostproof model pull {ID}"

    done = ghostproof("pull", ID, hub=hub)
    assert done.returncode == 0, done.stderr
    folder = Path(done.stdout.strip())
    assert folder == models.find(ID)
    assert {path.name for path in folder.iterdir()} == hub.files.keys() - ALSO.keys()
    assert all((folder / name).read_bytes() == hub.files[name] for name in hub.files if name not in ALSO)
    assert f"{ID} at {COMMIT[:12]}: 5 files, 0.00 GiB" in done.stderr

    listed = ghostproof("list")
    assert listed.returncode == 0
    assert re.fullmatch(rf"{ID}  {COMMIT[:12]}\s+0\.00 GiB  ready\n", listed.stdout)


def test_what_is_there_is_not_fetched_again(hub: Hub, home: Path) -> None:
    assert ghostproof("pull", ID, hub=hub).returncode == 0
    hub.fetched.clear()
    assert ghostproof("pull", ID, hub=hub).returncode == 0
    assert hub.fetched == []


def test_weights_go_on_where_the_connection_broke(hub: Hub, home: Path) -> None:
    hub.break_after = 400_000
    done = ghostproof("pull", ID, hub=hub)
    assert done.returncode == 0, done.stderr
    assert [wanted for name, wanted in hub.fetched if name == "model.safetensors"] == [
        "bytes=0-",
        "bytes=400000-",
        "bytes=800000-",
    ]
    assert (models.find(ID) / "model.safetensors").read_bytes() == hub.files["model.safetensors"]
    assert "model.safetensors  100 %" in done.stderr


def test_weights_go_on_where_an_interrupted_pull_stopped(hub: Hub, home: Path) -> None:
    hub.stall_after = 400_000
    command, environment = invocation("pull", ID, hub=hub)
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as first:
        assert first.stderr is not None
        for line in first.stderr:
            if b"model.safetensors" in line:
                break
        first.kill()
    hub.stall_after = None
    hub.stalled.set()
    hub.fetched.clear()
    with pytest.raises(ModelMissing, match="only partly"):
        models.find(ID)
    assert ghostproof("pull", ID, hub=hub).returncode == 0
    [(name, wanted)] = [each for each in hub.fetched if each[0] == "model.safetensors"]
    assert re.fullmatch(r"bytes=[1-9]\d*-", wanted)
    assert (models.find(ID) / name).read_bytes() == hub.files[name]
    assert not list(home.rglob("*.part"))


def test_a_server_that_knows_no_ranges_sends_all_again(hub: Hub, home: Path) -> None:
    hub.trouble = "no_ranges"
    hub.break_after = 400_000
    hub.mended_after = 2
    assert ghostproof("pull", ID, hub=hub).returncode == 0
    assert (models.find(ID) / "model.safetensors").read_bytes() == hub.files["model.safetensors"]


def test_damaged_weights_are_thrown_away(hub: Hub, home: Path) -> None:
    hub.trouble = "damaged"
    done = ghostproof("pull", ID, hub=hub)
    assert done.returncode == 2
    assert "model.safetensors arrived damaged" in done.stderr
    hub.trouble = ""
    assert ghostproof("pull", ID, hub=hub).returncode == 0
    assert (models.find(ID) / "model.safetensors").read_bytes() == hub.files["model.safetensors"]


def test_a_partial_model_is_missing_and_listed_so(hub: Hub, home: Path) -> None:
    folder = Path(ghostproof("pull", ID, hub=hub).stdout.strip())
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelMissing, match=r"only partly on this machine: model\.safetensors is missing"):
        models.find(ID)
    assert f"incomplete: ghostproof model pull {ID}" in ghostproof("list").stdout
    assert ghostproof("pull", ID, hub=hub).returncode == 0
    assert models.find(ID) == folder


def test_revisions(hub: Hub, home: Path) -> None:
    tagged = Path(ghostproof("pull", ID, "--revision", TAG, hub=hub).stdout.strip())
    assert tagged.name == TAGGED
    assert models.find(ID) == tagged, "the only revision there is"
    main = Path(ghostproof("pull", ID, hub=hub).stdout.strip())
    assert models.find(ID) == main
    assert models.find(f"{ID}@{TAG}") == tagged
    assert models.find(f"{ID}@{COMMIT[:7]}") == main
    with pytest.raises(ModelMissing) as missing:
        models.find(f"{ID}@v2")
    assert missing.value.hint == f"ghostproof model pull {ID} --revision v2"


@pytest.mark.parametrize(
    ("trouble", "message", "hint"),
    [
        ("gone", f"The hub has no model {ID}, or a private one", "HF_TOKEN"),
        ("gated", "given only to those who accepted its licence", "hf auth login"),
        ("huge", f"{ID} needs \\d+", "HF_HOME"),
        ("broken", "Cannot fetch .*500", "goes on where it stopped"),
        ("garbage", "Cannot fetch", "goes on where it stopped"),
    ],
)
def test_trouble_with_the_hub_is_told(trouble: str, message: str, hint: str, hub: Hub, home: Path) -> None:
    hub.trouble = trouble
    done = ghostproof("pull", ID, hub=hub)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    said = done.stderr.replace("\n", " ")
    assert re.search(message, said), done.stderr
    assert hint in said


def test_a_revision_that_is_not_there(hub: Hub, home: Path) -> None:
    done = ghostproof("pull", ID, "--revision", "v9", hub=hub)
    assert done.returncode == 2
    assert f"{ID} has no revision v9" in done.stderr


def test_without_a_network(home: Path) -> None:
    done = ghostproof("pull", ID)
    assert done.returncode == 2
    assert f"Cannot fetch {ID}" in done.stderr
    assert "Traceback" not in done.stderr


def test_where_the_network_is_forbidden(home: Path) -> None:
    done = ghostproof("pull", ID, HF_HUB_OFFLINE="1")
    assert done.returncode == 2
    assert "HF_HUB_OFFLINE" in done.stderr


@pytest.mark.parametrize("name", ["../secrets", "a/b/c", "ftp://x"])
def test_a_name_that_is_none(name: str, hub: Hub, home: Path) -> None:
    done = ghostproof("pull", name, hub=hub)
    assert done.returncode == 2
    assert "is no name on the hub" in done.stderr


def test_models_that_cannot_run_are_not_downloaded(hub: Hub, home: Path) -> None:
    spec = json.loads(hub.files["config.json"])
    hub.files["config.json"] = json.dumps({**spec, "architectures": ["MambaForCausalLM"]}).encode()
    done = ghostproof("pull", ID, hub=hub)
    assert done.returncode == 2
    assert "MambaForCausalLM" in done.stderr
    assert {name for name, _ in hub.fetched} == {"config.json"}


def test_pickle_files_are_not_downloaded(hub: Hub, home: Path) -> None:
    del hub.files["model.safetensors"]
    done = ghostproof("pull", ID, hub=hub)
    assert done.returncode == 2
    assert "pickle" in done.stderr
    assert hub.fetched == []


def test_no_model_listed(home: Path) -> None:
    done = ghostproof("list")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no model in" in done.stderr


def test_the_cache_is_where_the_hubs_library_has_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def theirs() -> str:
        code = "from huggingface_hub import constants; print(constants.HF_HUB_CACHE)"
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()

    assert str(models.cache()) == theirs()
    monkeypatch.delenv("HF_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "xdg"))
    assert str(models.cache()) == theirs()
    monkeypatch.setenv("HF_HUB_CACHE", str(home / "chosen"))
    assert str(models.cache()) == theirs()
