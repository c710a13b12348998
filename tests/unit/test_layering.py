"""The layers of the house: who may import whom, and which folder owns which foreign thing."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "server" / "ghostproof"
LEAVES = {"host", "errors", "text", "syntax", "jobs", "config", "visible", "wording"}
# Each layer may import itself, the leaves, and the layers named behind it.
MAY_IMPORT = {
    "lean": set[str](),
    "prover": set[str](),
    "verify": {"lean"},
    "learning": {"lean"},
    "work": set[str](),
    "suggest": {"verify", "prover", "learning"},
    "search": {"verify", "prover", "suggest"},
    "workspace": {"verify", "lean"},
    "project_learning": {"workspace", "suggest", "search", "verify", "lean", "learning"},
    "proving": {"project_learning", "workspace", "suggest", "search"},
    "app": {"proving", "project_learning", "workspace", "suggest", "verify", "lean", "prover", "learning"},
    "head_start": {"workspace", "lean"},
    "lsp": {"app", "head_start", "suggest", "search", "verify", "lean"},
    "evaluation": {"app", "learning", "search", "suggest", "verify", "work"},
    "report": {"evaluation", "search", "verify", "suggest"},
    "tables": {"evaluation"},
    "commands": {
        "report",
        "evaluation",
        "tables",
        "work",
        "app",
        "workspace",
        "lsp",
        "render",
        "suggest",
        "search",
        "verify",
        "lean",
        "prover",
        "learning",
    },
    "render": {"suggest", "search", "verify", "lean", "learning"},
    "cli": {"render", "commands"},
    "__main__": {"cli"},
}
OWNERS = {
    "platformdirs": {"host"},
    "ctypes": {"host"},
    "pygls": {"lsp"},
    "lsprotocol": {"lsp"},
    "torch": {"prover/engine"},
    "transformers": {"prover/engine"},
    "tokenizers": {"prover/engine"},
    "aiohttp": {"prover"},
    "huggingface_hub": {"prover"},
    "rich": {"render", "tables"},
    "jinja2": {"report"},
    "cachetools": {"suggest", "lean", "verify", "prover"},
    "filelock": {"lean", "prover"},
    "ray": {"work"},
}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All of a module's code, read once for all tests."""
    return tuple(ast.walk(tree(path)))


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def places(path: Path) -> set[str]:
    """The folders a module stands in, from its layer down: `prover`, `prover/engine`."""
    return {layer(path)} | {folder.as_posix() for folder in path.relative_to(PACKAGE).parents}


FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "__init__.py"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    own = layer(path)
    allowed = LEAVES | {own} | MAY_IMPORT.get(own, set())
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "ghostproof":
            target = parts[1]
            assert own not in LEAVES or target in LEAVES, f"a leaf imports {name}"
            assert own != "syntax" or target in {"syntax", "text"}, f"what reads Lean text imports {name}"
            assert target in allowed, f"{own} must not import {name}"
        elif parts[0] in OWNERS:
            assert places(path) & OWNERS[parts[0]], f"{parts[0]} belongs to {OWNERS[parts[0]]}"
        if own == "prover" and "prover/engine" not in places(path):
            assert not name.startswith("ghostproof.prover.engine"), "the client side must not need torch"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "the first lines of a file state its responsibility"


# Each module of `commands/` has this one, which `cli.Command` describes.
DESCRIBED_ELSEWHERE = {"run"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_what_is_public_says_what_it_is(path: Path) -> None:
    public = (
        node
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_")
    )
    silent = {node.name for node in public if ast.get_docstring(node) is None}
    assert silent <= (DESCRIBED_ELSEWHERE if layer(path) == "commands" else set())


def words(path: Path) -> set[str]:
    """Every name, attribute, argument and string of a module's code."""
    found: set[str] = set()
    for node in nodes(path):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.alias(name=word) | ast.keyword(arg=str(word)):
                found.add(word)
            case ast.Constant(value=str(word)):
                found.add(word)
    return found


# What one system has and another lacks, or has otherwise.
OF_ONE_SYSTEM = {
    *("killpg", "getpgid", "setsid", "getuid", "uname", "SIGKILL", "SIGHUP", "taskkill", "win32"),
    *("preexec_fn", "start_new_session", "process_group", "creationflags"),
    *("AF_UNIX", "create_unix_connection", "create_unix_server"),
}
ASKS_FOR_THE_SYSTEM = {"os.name", "sys.platform", "platform.system", "os.fork"}
MODULES_OF_ONE_SYSTEM = {"pwd", "fcntl", "resource", "msvcrt", "winreg"}
STARTS_A_PROCESS = {"create_subprocess_exec", "create_subprocess_shell", "subprocess_exec", "subprocess_shell", "Popen"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_the_host_knows_which_system_this_is(path: Path) -> None:
    if layer(path) == "host":
        return
    found = words(path)
    assert not found & OF_ONE_SYSTEM
    attributes = [node for node in nodes(path) if isinstance(node, ast.Attribute)]
    asked = {f"{node.value.id}.{node.attr}" for node in attributes if isinstance(node.value, ast.Name)}
    assert not ASKS_FOR_THE_SYSTEM & asked
    assert not MODULES_OF_ONE_SYSTEM & set(imports(path))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_the_host_starts_processes(path: Path) -> None:
    if layer(path) == "host":
        return
    # What is awaited without the event loop, within one call, may use `subprocess.run`.
    started = {node.func.attr for node in nodes(path)
               if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}  # fmt: skip
    assert not started & STARTS_A_PROCESS
    assert layer(path) in {"lean", "prover"} or "subprocess" not in set(imports(path))


def test_package_initialisers_are_empty() -> None:
    assert [p for p in PACKAGE.rglob("__init__.py") if p.read_text("utf-8").strip()] == []


def test_every_layer_that_is_named_here_is_there() -> None:
    named = LEAVES | MAY_IMPORT.keys() | {layer for below in MAY_IMPORT.values() for layer in below}
    named |= {owner for owners in OWNERS.values() for owner in owners}
    there = {place for path in FILES for place in places(path)}
    assert named <= there
    assert {layer(path) for path in FILES} <= LEAVES | MAY_IMPORT.keys()


def module(path: Path) -> str:
    return ".".join(["ghostproof", *path.relative_to(PACKAGE).with_suffix("").parts])


def test_imports_go_in_no_circle() -> None:
    modules = {module(path) for path in FILES}
    needs: dict[str, set[str]] = {}
    for path in FILES:
        named = {name for full in imports(path) for name in (full, full.rpartition(".")[0])}
        needs[module(path)] = named & modules
    TopologicalSorter(needs).prepare()


def types_of(path: Path) -> Iterator[str]:
    """Names of classes, and of what stands for a type: aliases and type variables."""
    for node in nodes(path):
        match node:
            case ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if re.fullmatch(r"[A-Z]\w*[a-z]\w*", name):
                    yield name


def test_the_name_of_a_type_stands_for_one_thing() -> None:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in FILES:
        for name in types_of(path):
            found[name].append(module(path))
    assert {name: where for name, where in found.items() if len(where) > 1} == {}


# What only others call, by its name.
CALLED_FROM_OUTSIDE = {"structure_message": "pygls reads messages with it"}
_LONGEST_REFERENCE = 200  # characters of a string that may name something: an annotation, a name to be replaced


def references(path: Path) -> Iterator[str]:
    """Every name that a module uses, and what it binds by assignment."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.keyword(arg=str(word)):
                yield word
            case ast.alias(name=word):
                yield word.rpartition(".")[2]
            case ast.Constant(value=str(text)) if len(text) < _LONGEST_REFERENCE:
                yield from re.findall(r"\w+", text)


def offered(path: Path) -> Iterator[tuple[str, int]]:
    """Public functions, classes, methods and constants, and how often each is named where it is made."""
    for node in tree(path).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, 0
            case ast.ClassDef(name=name, body=members):
                yield name, 0
                yield from ((m.name, 0) for m in members if isinstance(m, ast.FunctionDef | ast.AsyncFunctionDef))
            case ast.Assign(targets=targets):
                yield from ((n.id, 1) for target in targets for n in ast.walk(target) if isinstance(n, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, 1


def test_what_is_public_has_a_user() -> None:
    used = Counter(name for top in ("server", "bench", "tests") for path in (ROOT / top).rglob("*.py")
                   for name in references(path))  # fmt: skip
    unused = {
        f"{module(path)}.{name}"
        for path in FILES
        for name, own in offered(path)
        if not name.startswith("_") and used[name] <= own and name not in CALLED_FROM_OUTSIDE
    }
    assert unused == set()
