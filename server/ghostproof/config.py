"""The one declaration of every setting.

The language server's settings, the TOML file, the choices of the command line and the table in `docs/settings.md`
derive from the dataclasses below.
"""

import dataclasses
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self, TypeVar, cast, get_type_hints

from ghostproof.errors import BadInput
from ghostproof.host.folders import config_folder

T = TypeVar("T")
Scalar = bool | int | float | str


def setting(default: T, doc: str, *, minimum: float | None = None, choices: tuple[str, ...] = ()) -> T:
    """A setting's default with what a person should know about it."""
    made: T = field(default=default, metadata={"doc": doc, "minimum": minimum, "choices": choices})
    return made


@dataclass(frozen=True)
class LeanConfig:
    """Which Lean is run and how."""

    toolchain: str = setting(
        "auto",
        "Which Lean checks a file: `auto` takes the project's own and falls back to the embedded one.",
        choices=("auto", "project", "embedded"),
    )
    checker: str = setting(
        "auto",
        "How candidates are checked: `auto` uses the probe and, until it is up or where it cannot run, the scratch "
        "document.",
        choices=("auto", "probe", "scratch"),
    )
    width: int = setting(0, "Candidates checked at the same time; 0 means one per core, four at most.", minimum=0)
    sandbox: str = setting(
        "auto",
        "Whether Lean is confined: `auto` does what the system can, `require` runs none that is not confined.",
        choices=("auto", "off", "require"),
    )
    memory_gib: float = setting(
        0.0, "Most memory in GiB of one Lean with its workers, where it is confined; 0: three quarters.", minimum=0
    )
    document_s: float = setting(60.0, "Longest time to wait for Lean to elaborate a file up to the cursor.", minimum=1)

    def checks_at_once(self, cores: int | None = None) -> int:
        """How many candidates one project checks at the same time.

        Args:
            cores: that are there for it; None: all of this machine's.
        """
        return self.width or min(4, cores or os.cpu_count() or 1)


@dataclass(frozen=True)
class SuggestConfig:
    """What is searched and shown."""

    budget_s: float = setting(10.0, "Longest time spent on one request.", minimum=0.1)
    limit: int = setting(8, "Most suggestions in one list.", minimum=1)
    closers: int = setting(
        1,
        "How many ways to close the goal are kept; a closed goal is one state, so one by default.",
        minimum=1,
    )
    heartbeats: int = setting(200_000, "`maxHeartbeats` of one candidate, in Lean's unit (thousands).", minimum=1)
    lemmas: str = setting(
        "inside",
        "Where a lemma goes that a whole proof needs: `inside` the proof, as a `have`, or `above` its declaration, as "
        "a theorem of its own, where Lean accepts that.",
        choices=("inside", "above"),
    )
    cached: int = setting(512, "Goal states whose suggestions are remembered.", minimum=0)


@dataclass(frozen=True)
class ProverConfig:
    """The model that proposes tactics: an engine on this machine, or a server that speaks the OpenAI protocol."""

    model: str = setting("", "Folder or hub name of the model run on this machine; empty: Lean's automation only.")
    url: str = setting(
        "",
        "Base address of an OpenAI-compatible server to use instead (vLLM, SGLang, llama.cpp), such as "
        "`http://127.0.0.1:8000/v1`.",
    )
    key_env: str = setting("GHOSTPROOF_API_KEY", "Environment variable that holds that server's API key.")
    remote_model: str = setting("", "Name of the model on that server; empty: the first that it lists.")
    family: str = setting(
        "auto",
        "Whose prompt format is spoken; `auto` tells by the model's name.",
        choices=("auto", "deepseek-v2", "deepseek-v1.5", "goedel-v2", "kimina", "bfs", "plain"),
    )
    candidates: int = setting(16, "Candidates drawn from the model for one goal.", minimum=1)
    temperature: float = setting(1.0, "Sampling temperature; the first candidate is always the likeliest.", minimum=0)
    top_p: float = setting(0.95, "Share of the probability mass that is sampled from.", minimum=0.01)
    tokens: int = setting(128, "Most tokens of one tactic.", minimum=1)
    proofs: int = setting(8, "Whole proofs drawn from the model at a time, when a lemma is to be proved.", minimum=1)
    proof_tokens: int = setting(1024, "Most tokens of one whole proof or sketch.", minimum=1)
    plan_tokens: int = setting(8192, "Most tokens of one whole proof that the model plans first.", minimum=1)
    context: int = setting(
        4096, "Most tokens of one prompt; whole declarations are left out to stay below.", minimum=256
    )
    device: str = setting("auto", "Where the engine runs.", choices=("auto", "cuda", "cpu"))
    kv_gib: float = setting(
        0.0, "Memory of the KV cache in GiB; 0: a tenth of the CPU's, a quarter of the GPU's.", minimum=0
    )
    idle_s: float = setting(1800.0, "The engine ends itself when it was not asked for so long.", minimum=1)


@dataclass(frozen=True)
class LspConfig:
    """How the language server answers an editor."""

    automatic: bool = setting(True, "Offer ghost text while typing; otherwise only when asked for.")
    debounce_s: float = setting(0.15, "Rest of the cursor before an automatic request starts work.", minimum=0)
    ghost_budget_s: float = setting(1.5, "Longest wait of a ghost text request; the search goes on.", minimum=0)
    action_budget_s: float = setting(3.0, "Longest wait of an invoked code action request.", minimum=0)
    prove_budget_s: float = setting(60.0, "Longest search for a whole proof that an editor asks for.", minimum=1)


@dataclass(frozen=True)
class LearnConfig:
    """What is learned from the project's own proofs. All of it stays on this machine."""

    automatic: bool = setting(True, "Learn from the finished proofs of open files, while Lean has nothing else to do.")
    propose: bool = setting(True, "Propose what worked at goals like the one at hand.")
    premises: bool = setting(True, "Propose theorems of the imports and of the file above that fit the goal at hand.")
    log_use: bool = setting(
        False, "Log what is shown, accepted, edited and deleted, for `ghostproof stats`; a file on this machine only."
    )
    steps: int = setting(100_000, "Most tactic steps that are kept of one project; about 2 kB each.", minimum=1)


@dataclass(frozen=True)
class Config:
    """All settings, in sections."""

    lean: LeanConfig = field(default_factory=LeanConfig)
    suggest: SuggestConfig = field(default_factory=SuggestConfig)
    prover: ProverConfig = field(default_factory=ProverConfig)
    lsp: LspConfig = field(default_factory=LspConfig)
    learn: LearnConfig = field(default_factory=LearnConfig)

    def updated(self, changes: Mapping[str, Any]) -> Self:
        """A copy with the settings of a nested mapping, such as a TOML table or an LSP settings object.

        Raises:
            BadInput: naming every unknown or ill-typed setting at once.
        """
        problems: list[str] = []
        sections: dict[str, Any] = {}
        bases = get_type_hints(type(self))
        before = dataclasses.asdict(self)
        for section, values in changes.items():
            if section not in bases:
                problems.append(f"`{section}` is not a section")
            elif not isinstance(values, Mapping):
                problems.append(f"`{section}` must be a table of settings")
            else:
                sections[section] = bases[section](**{**before[section], **_checked(section, values, problems)})
        if problems:
            raise BadInput("Bad settings: " + "; ".join(problems) + ".", "`ghostproof doctor` lists every setting.")
        return replace(self, **sections)

    @staticmethod
    def load(path: Path | None = None) -> "Config":
        """Defaults overlaid with the user's TOML file, where there is one.

        Raises:
            BadInput: the file cannot be read, is no TOML, or holds a bad setting; or `path` was given and is missing.
        """
        file = path or config_folder() / "config.toml"
        if path is None and not file.exists():
            return Config()
        try:
            values = tomllib.loads(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
            raise BadInput(f"Cannot read the settings in {file}: {problem}.", "Mend or remove the file.") from problem
        return Config().updated(values)


@dataclass(frozen=True)
class Setting:
    """One setting as documentation and editors want it."""

    name: str  # `suggest.limit`
    type: type
    default: Scalar
    doc: str
    minimum: float | None
    choices: tuple[str, ...]


def settings() -> Iterator[Setting]:
    """Every setting, in the order of declaration."""
    for section, base in get_type_hints(Config).items():
        hints = get_type_hints(base)
        for f in fields(base):
            yield Setting(f"{section}.{f.name}", hints[f.name], cast(Scalar, f.default), **f.metadata)


def _checked(section: str, values: Mapping[str, Any], problems: list[str]) -> dict[str, Any]:
    known = {s.name.removeprefix(section + "."): s for s in settings() if s.name.startswith(section + ".")}
    good: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            problems.append(f"`{section}.{name}` is not a setting")
        elif wrong := _wrong(known[name], value):
            problems.append(f"`{section}.{name}` {wrong}")
        else:
            good[name] = float(value) if known[name].type is float else value
    return good


def _wrong(spec: Setting, value: object) -> str:
    """What is wrong with a value, or ""."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if spec.type is float and not number:
        return "must be a number"
    if spec.type is int and not (number and isinstance(value, int)):
        return "must be a whole number"
    if spec.type in (bool, str) and not isinstance(value, spec.type):
        return "must be true or false" if spec.type is bool else "must be a string"
    if spec.minimum is not None and isinstance(value, int | float) and value < spec.minimum:
        return f"must be at least {spec.minimum:g}"
    if spec.choices and value not in spec.choices:
        return "must be one of " + ", ".join(spec.choices)
    return ""
