"""Which Lean a file is checked with: the project's own, else the embedded one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ghostproof.errors import NoToolchain, ToolchainBroken
from ghostproof.host.confine.command import Confinement, confined
from ghostproof.host.processes import run
from ghostproof.host.programs import on_path, program_in
from ghostproof.lean import elan
from ghostproof.lean.confinement import Sandbox, confinement
from ghostproof.lean.embedded.paths import installed, read_stamp, toolchains_dir
from ghostproof.lean.fingerprint import changed, fingerprint
from ghostproof.lean.server_options import SERVER_OPTIONS
from ghostproof.lean.versions import Version

LAKEFILES = ("lakefile.lean", "lakefile.toml")
TOOLCHAIN_FILE = "lean-toolchain"

# Seconds for `lean --version` on a machine that has much else to do.
VERSION_TIMEOUT = 60.0
STDERR_TAIL = 1500  # characters of Lean's stderr that an error carries
INSTALL_EMBEDDED = "ghostproof toolchain install"
INSTALL_LEAN = "https://lean-lang.org/install"


@dataclass(frozen=True)
class Toolchain:
    """A Lean that can be run.

    Attributes:
        kind: `project` for one the user has (elan, PATH, lean-toolchain), `embedded` for the WebAssembly build.
        lean, lake: absolute paths of the executables.
        version: as `lean --version` prints it, e.g. `4.28.0-pre`.
        env: variables to set on top of the inherited environment.
        name: how elan calls it, "" where elan has no part in it.
        note: what is odd about it and worth a word, or "".
    """

    kind: Literal["project", "embedded"]
    lean: Path
    lake: Path
    version: str
    env: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    note: str = ""

    @property
    def tells_axioms(self) -> bool:
        """Whether `#print axioms` tells what a proof rests on. The embedded library has no proofs: all are axioms."""
        return self.kind != "embedded"


@dataclass(frozen=True)
class Project:
    """The folder a file belongs to, with its Lean.

    Attributes:
        root: folder of the nearest `lakefile.lean`/`lakefile.toml`/`lean-toolchain` above the file, else the file's own
            folder.
        is_lake: a lakefile is there, so that Lake knows options and search paths.
        sandbox: how the Lean that is started for it is confined.
    """

    root: Path
    is_lake: bool
    toolchain: Toolchain
    sandbox: Sandbox = field(default_factory=Sandbox)


@dataclass(frozen=True)
class ProjectFiles:
    """What lies on disk about a project, before any Lean is run.

    Attributes:
        root, is_lake: as in `Project`.
        pinned: what the nearest `lean-toolchain` in or above the root asks for, such as `leanprover/lean4:v4.27.0`;
            "" without one.
    """

    root: Path
    is_lake: bool
    pinned: str


def find_root(path: Path) -> Path:
    """The folder that a file (or a folder) belongs to: see `Project.root`. The path need not exist."""
    path = path.expanduser().absolute()
    own = path if path.is_dir() else path.parent
    for folder in (own, *own.parents):
        if any((folder / name).is_file() for name in (*LAKEFILES, TOOLCHAIN_FILE)):
            return folder
    return own


def find_project(path: Path) -> ProjectFiles:
    """The project that a file (or a folder) belongs to, as it lies on disk."""
    root = find_root(path)
    pinned, _ = elan.nearest_pin(root)
    return ProjectFiles(root, any((root / name).is_file() for name in LAKEFILES), pinned)


async def discover(
    path: Path,
    *,
    prefer: str = "auto",
    seconds: float = VERSION_TIMEOUT,
) -> Project:
    """The project of a file or folder, with the Lean that checks it.

    Args:
        prefer: `auto` takes the user's own Lean and falls back to the embedded one; `project` and `embedded` insist.
        seconds: how long `lean --version` may take.

    Raises:
        NoToolchain: there is none; the hint says how to get one.
        ToolchainBroken: the one that has to be used does not run.
    """
    layout = find_project(path)
    own = None if prefer == "embedded" else _on_this_machine(layout, spare=prefer == "auto")
    if own is not None:
        return await _with(layout, own, seconds)
    embedded = None if prefer == "project" or (layout.pinned and prefer == "auto") else installed()
    if embedded is not None:
        return await _with(layout, _Found(embedded / "bin"), seconds)
    raise _nothing_found(layout, prefer)


def server_command(project: Project) -> list[str]:
    """The command line of the official language server for a project, to be run in its root."""
    own = [str(project.toolchain.lean), "--server"]
    by_lake = project.is_lake or project.toolchain.kind == "embedded"
    command = [str(project.toolchain.lake), "serve", "--"] if by_lake else own
    return confined([*command, *SERVER_OPTIONS], confinement_of(project, builds=True))


def script_command(project: Project, script: Path) -> list[str]:
    """The command line that runs a Lean script with a project's search path, to be run in its root."""
    run = [str(project.toolchain.lean), "--run", str(script)]
    command = [str(project.toolchain.lake), "env", *run] if project.is_lake else run
    return confined(command, confinement_of(project, also_read=(script,)))


def confinement_of(
    project: Project, *, builds: bool = False, also_read: tuple[Path, ...] = (), outputs: tuple[Path, ...] = ()
) -> Confinement:
    """What a Lean that is started for this project may touch; see `ghostproof.lean.confinement`."""
    toolchain, builds = project.toolchain, builds and project.toolchain.kind == "project"
    return confinement(
        project.root,
        toolchain.lean,
        toolchain.lake,
        is_lake=project.is_lake,
        sandbox=project.sandbox,
        builds=builds,
        also_read=also_read,
        outputs=outputs,
    )


def with_flags(argv: Sequence[str], project: Project, flags: Sequence[str]) -> list[str]:
    """A command line with more flags for Lean, wherever Lean stands in it."""
    at = [*argv].index(str(project.toolchain.lean)) + 1
    return [*argv[:at], *flags, *argv[at:]]


@dataclass(frozen=True)
class _Found:
    """Where a `lean` stands, and what elan calls its toolchain."""

    binaries: Path
    name: str = ""


def _on_this_machine(layout: ProjectFiles, *, spare: bool) -> _Found | None:
    """The user's own Lean for a project: what it names by path, what elan has for it, or the `lean` on PATH.

    Args:
        spare: the embedded Lean may stand in for elan's default.

    Raises:
        NoToolchain: what is asked for is not installed; elan is not made to download it.
    """
    pin, pinned_in = elan.nearest_pin(layout.root)
    if (folder := elan.as_path(pin, pinned_in)) is not None:
        return _Found(_in_folder(folder), pin)
    lean = on_path("lean")
    binaries = lean.parent if lean else elan.home_of(None) / "bin"
    if not program_in(binaries, "lean").is_file():
        return None
    return _behind_elan(layout, binaries, spare=spare) if elan.is_proxy(binaries) else _Found(binaries)


def _behind_elan(layout: ProjectFiles, proxies: Path, *, spare: bool) -> _Found | None:
    home = elan.home_of(proxies)
    asked = elan.asked_for(home, layout.root)
    if asked is None:
        return None  # elan has no default toolchain: no Lean of the user's own
    chosen = elan.choice(home, *asked, layout.root)
    if chosen is None:
        return _Found(proxies)  # elan must say itself what it makes of that name
    if not chosen.installed:
        if spare and chosen.source == elan.DEFAULT and installed() is not None:
            return None
        raise NoToolchain(
            f"{chosen.source} asks for the toolchain {chosen.name}, which elan has not installed.",
            f"Run `elan toolchain install {chosen.name}` (it downloads some hundred MB); Ghostproof then goes on.",
        )
    return _Found(chosen.folder / "bin", chosen.name)


def _in_folder(toolchain: Path) -> Path:
    binaries = toolchain.expanduser().absolute() / "bin"
    if not program_in(binaries, "lean").is_file():
        raise NoToolchain(f"{toolchain} is no Lean toolchain: it has no bin/lean.")
    return binaries


def _lake_for(layout: ProjectFiles, lean: Path) -> Path:
    """The `lake` that belongs to a `lean`; outside Lake projects it need not exist."""
    beside = program_in(lean.parent, "lake")
    if beside.is_file() or not layout.is_lake:
        return beside
    behind = program_in(lean.resolve().parent, "lake")  # what a link on PATH leads to
    found = behind if behind.is_file() else on_path("lake")
    if found is None:
        raise NoToolchain(
            f"{layout.root} is a Lake project, and there is no lake beside {lean}.",
            f"Install Lean with elan, which brings both: {INSTALL_LEAN}",
        )
    return found


def _is_embedded(binaries: Path) -> bool:
    return binaries.resolve().is_relative_to(toolchains_dir().resolve())


async def _with(layout: ProjectFiles, found: _Found, seconds: float) -> Project:
    lean = program_in(found.binaries, "lean")
    lake = _lake_for(layout, lean)
    if not _is_embedded(found.binaries):
        version = await _version(lean, layout.root, seconds)
        # What a program of the toolchain starts by name must be of the same one.
        env = {"ELAN_TOOLCHAIN": found.name} if found.name and not elan.as_path(found.name, layout.root) else {}
        note = "" if found.name else _unlike_pin(layout.pinned, version)
        toolchain = Toolchain("project", lean, lake, version, env, found.name, note)
        return Project(layout.root, layout.is_lake, toolchain)
    # Its stamp was written when it was whole; asking it would cost half a second of every start.
    version = read_stamp(found.binaries.parent).get("lean") or await _version(lean, layout.root, seconds)
    return Project(layout.root, layout.is_lake, Toolchain("embedded", lean, lake, version))


def _unlike_pin(pinned: str, version: str) -> str:
    """What to say of a Lean that nobody chose for a project that asks for another one."""
    wanted, found = Version.parse(pinned.rpartition(":")[2]), Version.parse(version)
    if wanted is None or found is None or wanted == found:
        return ""
    return f"{TOOLCHAIN_FILE} asks for {pinned}, but the lean on PATH is {version}, and elan is not there to choose."


def _nothing_found(layout: ProjectFiles, prefer: str) -> NoToolchain:
    if prefer == "embedded":
        return NoToolchain("The embedded Lean is not installed.", f"Run `{INSTALL_EMBEDDED}`.")
    if on_path("lean.exe") is not None and on_path("lean") is None:  # Linux within Windows sees its programs
        return NoToolchain(
            "The Lean on PATH is one for Windows, which does not run here.",
            f"Install Lean inside WSL too: {INSTALL_LEAN}",
        )
    if prefer == "project":
        return NoToolchain("No Lean is on PATH or in elan's folder.", f"Install Lean: {INSTALL_LEAN}")
    if layout.pinned:
        return NoToolchain(
            f"{layout.root} asks for the toolchain {layout.pinned}, but neither lean nor elan is on this machine.",
            f"Install Lean ({INSTALL_LEAN}), or try the embedded one on it: `{INSTALL_EMBEDDED}`, "
            "then the option `--toolchain embedded`.",
        )
    return NoToolchain(
        "No Lean was found.", f"Run `{INSTALL_EMBEDDED}` for the embedded one, or install Lean: {INSTALL_LEAN}"
    )


# Versions by what decides them: the executable, the folder it is asked in, and what lies there.
_versions: dict[tuple[object, ...], str] = {}


async def _version(lean: Path, root: Path, seconds: float) -> str:
    key = (lean, changed(lean), root, fingerprint(root))
    if key not in _versions:
        _versions[key] = _parse_version(lean, await _ask_version(lean, root, seconds))
    return _versions[key]


def _parse_version(lean: Path, said: str) -> str:
    match = re.search(r"Lean \(version ([^,\s)]+)", said)
    if match is None:
        raise ToolchainBroken(f"`{lean} --version` says what no Lean says: {said.strip()[:200]!r}")
    version = match.group(1)
    if not version.startswith("4."):
        raise ToolchainBroken(f"{lean} is Lean {version}; Ghostproof works with Lean 4.", f"See {INSTALL_LEAN}")
    return version


def _existing(folder: Path) -> Path | None:
    return folder if folder.is_dir() else None


async def _ask_version(lean: Path, root: Path, seconds: float) -> str:
    try:
        # Behind elan, the folder decides which Lean answers.
        finished = await run([lean, "--version"], _existing(root), {}, seconds)
    except TimeoutError as error:
        raise ToolchainBroken(
            f"`{lean} --version` did not answer within {seconds:g} s.",
            f"Run it in {root} to see what it waits for; elan may be asking the network.",
        ) from error
    except OSError as error:
        raise ToolchainBroken(f"{lean} cannot be started: {error}", f"Reinstall Lean: {INSTALL_LEAN}") from error
    if finished.code != 0:
        raise ToolchainBroken(
            f"`{lean} --version` failed with status {finished.code}:\n{finished.errors.strip()[-STDERR_TAIL:]}",
            f"Run `lean --version` in {root}; once it works, so does Ghostproof.",
        )
    return finished.output
