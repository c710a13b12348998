"""The engine process: one for a model on a device, from the lock to the end.

It listens before it imports torch, loads in a thread, and ends itself when nobody wants anything of it any more.
"""

import asyncio
import logging
import os
import secrets
import sys
import threading
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

from aiohttp import web
from filelock import FileLock, Timeout

from ghostproof.errors import BadInput, GhostproofError
from ghostproof.host.signals import when_asked_to_end
from ghostproof.host.sockets import LOOPBACK, UNIX_SOCKETS
from ghostproof.prover.address import Address
from ghostproof.prover.engine.server.connections import SWEEP_S
from ghostproof.prover.engine.server.front import Front
from ghostproof.prover.engine.server.model import LoadedModel, LoadProgress, LoadStage
from ghostproof.prover.engine.server.other_engines import make_room
from ghostproof.prover.local.paths import SOCKET_HOST, EnginePaths
from ghostproof.visible import VisibleFormatter

log = logging.getLogger(__name__)

OK, FAILED, ALREADY_RUNNING = 0, 1, 5
PRIVATE = 0o077
LOG_BYTES, LOG_FILES = 1 << 20, 3
# How long a failure to load can be read from outside before the process ends.
FAILURE_SHOWN_S = 20.0
# How often the process looks whether it can still be found.
WATCH_S = 5.0
# Requests are ended by the engine; what is left after that has a client that does not read.
FAREWELL_S = 2.0

# How long a thread of torch that has nothing to do spins before it sleeps, in turns of GNU OpenMP. By its own default
# it spins for milliseconds: beside another busy process on two cores, a step then takes half as long again, and twice
# the processor time. One that sleeps at once takes half as long again on an idle machine.
SPINS = "1000"
SPIN_SETTINGS = frozenset({"GOMP_SPINCOUNT", "OMP_WAIT_POLICY"})


@dataclass(frozen=True)
class Options:
    """What the process is to run.

    Attributes:
        model: folder or hub name; `name`: what clients call it.
        socket: listen here instead of the usual place; `port`: listen on loopback instead, 0 for any free port.
        kv_gib: budget of keys and values, 0 for a share of the memory.
        context: longest prompt and candidate together, in tokens; 0 for the model's own limit.
    """

    model: str
    name: str
    socket: Path | None = None
    port: int | None = None
    device: str = "auto"
    kv_gib: float = 0.0
    context: int = 0
    idle_s: float = 1800.0


Load = Callable[[Options, LoadProgress], LoadedModel]


def run(options: Options, place: EnginePaths, load: Load) -> int:
    """Serve until it is over. Returns the exit code.

    Args:
        load: loads the model; called in a thread of its own, and the first to import torch.

    Raises:
        BadInput: it cannot listen there.
    """
    os.umask(PRIVATE)
    limit_spinning(os.environ)
    _log_to(place.log)
    lock = FileLock(place.lock, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        print(f"An engine for {options.name} is already running.", file=sys.stderr)
        return ALREADY_RUNNING
    process = _Process(options, place, load)
    try:
        code = asyncio.run(process.serve())
    except OSError as problem:
        raise BadInput(f"The engine cannot listen there: {problem}.", "Choose another socket or port.") from problem
    finally:
        lock.release()
    if process.loading:
        # Torch cannot be interrupted while it loads, and must not be torn down under its own feet.
        logging.shutdown()
        os._exit(code)
    return code


def limit_spinning(environment: MutableMapping[str, str]) -> None:
    """Have torch's idle threads sleep soon, unless a person has chosen otherwise; read when torch is imported."""
    if SPIN_SETTINGS.isdisjoint(environment):
        environment["GOMP_SPINCOUNT"] = SPINS


class _Process:
    def __init__(self, options: Options, place: EnginePaths, load: Load) -> None:
        self._options = options
        self._place = place
        self._load = load
        self._loader = threading.Thread(target=self._load_model, name="prover-load", daemon=True)
        self._failed = asyncio.Event()
        self._loaded: LoadedModel | None = None
        # TCP is open to every user of the machine, and to every page in a browser: there, a token says who may ask.
        self._token = "" if options.port is None and UNIX_SOCKETS else secrets.token_urlsafe(32)
        self._front = Front(options.name, self._token)
        self._stop = self._front.leaving

    @property
    def loading(self) -> bool:
        return self._loader.is_alive()

    async def serve(self) -> int:
        self._loop = asyncio.get_running_loop()
        when_asked_to_end(self._loop, self._stop.set)
        runner = web.AppRunner(
            self._front.application(),
            handler_cancellation=True,
            access_log=None,
            shutdown_timeout=FAREWELL_S,
            auto_decompress=False,
        )
        await runner.setup()
        meeting = await self._listen(runner)
        sweeping = asyncio.create_task(self._sweep(runner))
        try:
            self._loader.start()
            why = await self._until_over(meeting)
            log.info("ending: %s", why)
        finally:
            sweeping.cancel()
            meeting.unlink(missing_ok=True)
            self._place.address.unlink(missing_ok=True)
            if self._loaded is not None:
                await asyncio.to_thread(self._loaded.engine.close)
            await runner.cleanup()
        return FAILED if self._failed.is_set() else OK

    async def _listen(self, runner: web.AppRunner) -> Path:
        """Begin to listen; the file by which the process is found."""
        if not self._token:
            path = (self._options.socket or self._place.socket).absolute()
            path.unlink(missing_ok=True)  # whoever left it there is dead: the lock is ours
            await web.UnixSite(runner, str(path)).start()
            path.chmod(0o600)
            if path == self._place.socket:
                self._place.address.unlink(missing_ok=True)
            else:
                self._place.write_address(Address(SOCKET_HOST, path))
            print(f"listening on {path}", flush=True)
            return path
        await web.TCPSite(runner, LOOPBACK, self._options.port or 0).start()
        url = f"http://{LOOPBACK}:{runner.addresses[0][1]}"
        self._place.write_address(Address(url, key=self._token))
        print(f"listening on {url}/v1, the token is in {self._place.address}", flush=True)
        return self._place.address

    async def _sweep(self, runner: web.AppRunner) -> None:
        """End connections on which nothing is asked, for as long as this runs."""
        while runner.server is not None:
            self._front.connections.sweep(runner.server.connections)
            await asyncio.sleep(SWEEP_S)

    async def _until_over(self, meeting: Path) -> str:
        """Wait for a reason to end."""
        while True:
            rest = self._options.idle_s - self._front.rest
            if self._failed.is_set():
                await _either(self._stop, FAILURE_SHOWN_S)
                return "the model could not be loaded"
            if rest <= 0:
                return f"not asked for {self._options.idle_s:g} s"
            if not await asyncio.to_thread(meeting.exists):
                return f"{meeting} was removed, so that nobody finds this process any more"
            if await _either(self._stop, min(rest, WATCH_S)):
                return "asked to"

    def _load_model(self) -> None:
        """In the thread: load, and tell the front how it goes, whatever happens."""
        self._tell(LoadStage("loading", "importing torch"))
        result: LoadedModel | LoadStage = LoadStage(
            "error", "The model could not be loaded.", f"See {self._place.log}."
        )
        try:
            result = self._loaded_or_again()
        except GhostproofError as problem:
            result = LoadStage("error", problem.message, problem.hint)
        except ImportError as problem:
            result = LoadStage("error", f"{problem.name} is not installed.", "pip install 'ghostproof[engine]'")
        except (OSError, RuntimeError, ValueError, MemoryError) as problem:
            log.exception("loading failed")
            result = LoadStage("error", f"The model could not be loaded: {problem}", f"See {self._place.log}.")
        finally:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                self._loop.call_soon_threadsafe(self._loading_over, result)

    def _loaded_or_again(self) -> LoadedModel:
        """Load; when that fails on a GPU, it may be full of a model that nobody uses any more."""

        def progress(what: str, part: float | None) -> None:
            self._tell(LoadStage("loading", what, part=part))

        try:
            return self._load(self._options, progress)
        except (GhostproofError, RuntimeError):
            if self._options.device == "cpu" or not UNIX_SOCKETS or not make_room(self._place):
                raise
        return self._load(self._options, progress)

    def _tell(self, stage: LoadStage) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._front.show, stage)

    def _loading_over(self, result: LoadedModel | LoadStage) -> None:
        if isinstance(result, LoadedModel):
            self._loaded = result
            self._front.serve(result)
            log.info("%s is ready on %s, %s", self._options.name, result.device, result.attention)
        else:
            log.error("%s %s", result.message, result.hint)
            self._front.show(result)
            self._failed.set()


async def _either(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event; false when the time is over first."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


def _log_to(path: Path) -> None:
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    handler.setFormatter(VisibleFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    ours = logging.getLogger("ghostproof")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
