"""Which Lean is found for which file, with fake `lean` and `lake` scripts on a PATH of our own."""

from pathlib import Path

import pytest

from ghostproof.errors import NoToolchain, ToolchainBroken
from ghostproof.lean.embedded.paths import toolchain_dir, write_stamp
from ghostproof.lean.embedded.recipe import LEAN_PACKAGE
from ghostproof.lean.server_options import SERVER_OPTIONS
from ghostproof.lean.toolchain import discover, find_project, find_root, script_command, server_command

SAYS = "Lean (version {}, x86_64-unknown-linux-gnu, commit abcdef, Release)"


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def fake_lean(binaries: Path, version: str = "4.27.0", *, lake: bool = True) -> Path:
    """A `lean` that says its version and counts how often it was asked."""
    asked = f'echo asked >> "{binaries / "asked"}"'
    if lake:
        script(binaries / "lake", "exit 0")
    return script(binaries / "lean", f"{asked}\necho '{SAYS.format(version)}'")


def lean_link(binaries: Path, target: Path) -> None:
    binaries.mkdir(parents=True)
    (binaries / "lean").symlink_to(target)


def times_asked(binaries: Path) -> int:
    return len((binaries / "asked").read_text().splitlines())


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with the system's tools, no Lean, an empty home and an empty cache."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("ELAN_HOME", raising=False)
    return tmp_path


@pytest.fixture
def binaries(machine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in front of PATH."""
    monkeypatch.setenv("PATH", f"{machine / 'bin'}:/usr/bin:/bin")
    return machine / "bin"


@pytest.fixture
def embedded(machine: Path) -> Path:
    """An embedded toolchain whose `lean` must never be run."""
    root = toolchain_dir()
    script(root / "bin" / "lean", f'touch "{machine / "embedded was run"}"; exit 9')
    script(root / "bin" / "lake", "exit 9")
    write_stamp(root, {"integrity": LEAN_PACKAGE.integrity, "lean": "4.28.0-pre"})
    return root


def lean_file(root: Path, *extra: str) -> Path:
    for name in extra:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("leanprover/lean4:v4.27.0\n")
    file = root / "Some" / "Where.lean"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("")
    return file


@pytest.mark.parametrize("marker", ["lakefile.lean", "lakefile.toml", "lean-toolchain"])
def test_the_root_is_the_nearest_folder_with_a_project_file(machine: Path, marker: str) -> None:
    file = lean_file(machine / "outer" / "inner", "../lakefile.lean", marker)
    assert find_root(file) == machine / "outer" / "inner"
    assert find_project(file).is_lake == (marker != "lean-toolchain")


def test_without_project_files_the_root_is_the_files_own_folder(machine: Path) -> None:
    file = lean_file(machine / "plain")
    assert find_root(file) == file.parent
    assert find_root(file.parent) == file.parent
    assert find_root(machine / "plain" / "New.lean") == machine / "plain"


async def test_lean_on_path_is_used_and_the_embedded_one_left_alone(
    machine: Path, binaries: Path, embedded: Path
) -> None:
    fake_lean(binaries)
    project = await discover(lean_file(machine / "p", "lakefile.toml", "lean-toolchain"))
    assert (project.root, project.is_lake) == (machine / "p", True)
    assert project.toolchain.kind == "project"
    assert (project.toolchain.lean, project.toolchain.lake) == (binaries / "lean", binaries / "lake")
    assert project.toolchain.version == "4.27.0"
    assert not (machine / "embedded was run").exists()


async def test_elan_is_found_off_path(machine: Path) -> None:
    fake_lean(machine / "home" / ".elan" / "bin")
    project = await discover(lean_file(machine / "p", "lean-toolchain"))
    assert project.toolchain.lean == machine / "home" / ".elan" / "bin" / "lean"


async def test_elan_home_is_honoured(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELAN_HOME", str(machine / "elan"))
    fake_lean(machine / "elan" / "bin")
    assert (await discover(lean_file(machine / "p"))).toolchain.lean == machine / "elan" / "bin" / "lean"


@pytest.fixture
def elan(machine: Path) -> Path:
    """An elan whose proxies must not be run: they would download what they miss."""
    home = machine / "home" / ".elan"
    for name in ("elan", "lean", "lake"):
        script(home / "bin" / name, f'touch "{machine / "a proxy was run"}"; exit 9')
    return home


def installed(elan: Path, name: str, version: str) -> Path:
    return fake_lean(elan / "toolchains" / name / "bin", version)


async def test_the_toolchain_that_elan_would_run_is_run_without_it(machine: Path, elan: Path) -> None:
    lean = installed(elan, "leanprover--lean4---v4.27.0", "4.27.0")
    project = await discover(lean_file(machine / "p", "lakefile.toml", "lean-toolchain"))
    assert (project.toolchain.lean, project.toolchain.lake) == (lean, lean.with_name("lake"))
    assert (project.toolchain.version, project.toolchain.name) == ("4.27.0", "leanprover/lean4:v4.27.0")
    assert project.toolchain.env == {"ELAN_TOOLCHAIN": "leanprover/lean4:v4.27.0"}
    assert not (machine / "a proxy was run").exists()


async def test_what_elan_has_not_installed_is_said_and_not_downloaded(machine: Path, elan: Path) -> None:
    installed(elan, "leanprover--lean4---v4.20.0", "4.20.0")
    file = lean_file(machine / "p", "lean-toolchain")
    with pytest.raises(NoToolchain) as problem:
        await discover(file)
    assert str(machine / "p" / "lean-toolchain") in problem.value.message
    assert "elan toolchain install leanprover/lean4:v4.27.0" in problem.value.hint
    assert not (machine / "a proxy was run").exists()
    installed(elan, "leanprover--lean4---v4.27.0", "4.27.0")
    assert (await discover(file)).toolchain.version == "4.27.0"


async def test_an_override_of_elan_counts(machine: Path, elan: Path) -> None:
    installed(elan, "leanprover--lean4---v4.20.0", "4.20.0")
    file = lean_file(machine / "p", "lean-toolchain")
    (elan / "settings.toml").write_text(f'[overrides]\n"{(machine / "p").resolve()}" = "leanprover/lean4:v4.20.0"\n')
    assert (await discover(file)).toolchain.version == "4.20.0"


async def test_a_pin_above_the_project_counts(machine: Path, elan: Path) -> None:
    installed(elan, "leanprover--lean4---v4.27.0", "4.27.0")
    lean_file(machine / "outer", "lean-toolchain")
    assert (await discover(lean_file(machine / "outer" / "inner", "lakefile.lean"))).toolchain.version == "4.27.0"


async def test_a_pin_that_is_a_path(machine: Path, binaries: Path) -> None:
    fake_lean(binaries, "4.20.0")
    lean = fake_lean(machine / "build" / "bin", "4.37.0-pre")
    file = lean_file(machine / "p", "lakefile.toml")
    (machine / "p" / "lean-toolchain").write_text("../build\n")
    project = await discover(file)
    assert project.toolchain.lean.resolve() == lean
    assert (project.toolchain.version, project.toolchain.env) == ("4.37.0-pre", {})
    (machine / "p" / "lean-toolchain").write_text("/nowhere\n")
    with pytest.raises(NoToolchain, match="/nowhere is no Lean toolchain"):
        await discover(file)


async def test_an_elan_without_any_toolchain_leaves_the_embedded_one_to_plain_folders(
    machine: Path, elan: Path, embedded: Path
) -> None:
    assert (await discover(lean_file(machine / "plain"))).toolchain.kind == "embedded"
    (elan / "settings.toml").write_text('default_toolchain = "stable"\n')
    assert (await discover(lean_file(machine / "plain"))).toolchain.kind == "embedded"
    with pytest.raises(NoToolchain, match="elan's default asks for"):
        await discover(lean_file(machine / "plain"), prefer="project")


async def test_a_name_that_only_elan_knows_is_elans_to_explain(machine: Path, elan: Path) -> None:
    file = lean_file(machine / "p", "lean-toolchain")
    (machine / "p" / "lean-toolchain").write_text("no such: name\n")
    script(elan / "bin" / "lean", "echo 'error: invalid toolchain name' >&2; exit 1")
    with pytest.raises(ToolchainBroken, match="invalid toolchain name"):
        await discover(file)


async def test_a_lean_that_nobody_chose_is_said_to_be_another(machine: Path, binaries: Path) -> None:
    """As on NixOS: a Lean from the store on PATH, and no elan."""
    store = fake_lean(machine / "nix" / "store" / "x-lean4-4.20.0" / "bin", "4.20.0")
    lean_link(binaries, store)
    project = await discover(lean_file(machine / "p", "lakefile.toml", "lean-toolchain"))
    assert "lean-toolchain asks for leanprover/lean4:v4.27.0, but the lean on PATH is 4.20.0" in project.toolchain.note
    assert project.toolchain.lake == store.with_name("lake")
    assert (await discover(lean_file(machine / "q", "lakefile.toml"))).toolchain.note == ""


async def test_a_lean_for_windows_is_no_lean_for_wsl(machine: Path, binaries: Path) -> None:
    script(binaries / "lean.exe", "exit 9")
    with pytest.raises(NoToolchain, match="for Windows"):
        await discover(lean_file(machine / "p"))


async def test_lean_is_asked_in_the_root(machine: Path, binaries: Path) -> None:
    script(binaries / "lean", f'[ "$PWD" = "{machine / "p"}" ] && echo \'{SAYS.format("4.27.0")}\'')
    script(binaries / "lake", "exit 0")
    assert (await discover(lean_file(machine / "p", "lean-toolchain"))).toolchain.version == "4.27.0"


async def test_the_embedded_one_serves_a_plain_folder(machine: Path, embedded: Path) -> None:
    project = await discover(lean_file(machine / "plain"))
    assert project.toolchain.kind == "embedded"
    assert project.toolchain.version == "4.28.0-pre"
    assert server_command(project) == [str(embedded / "bin" / "lake"), "serve", "--", *SERVER_OPTIONS]


async def test_no_lean_at_all_names_the_command_that_mends_it(machine: Path) -> None:
    with pytest.raises(NoToolchain) as problem:
        await discover(lean_file(machine / "plain"))
    assert "ghostproof toolchain install" in problem.value.hint


async def test_a_pinned_project_without_elan_is_not_checked_with_another_lean(machine: Path, embedded: Path) -> None:
    file = lean_file(machine / "p", "lean-toolchain")
    with pytest.raises(NoToolchain) as problem:
        await discover(file)
    assert "leanprover/lean4:v4.27.0" in problem.value.message
    assert "lean-lang.org" in problem.value.hint
    assert "--toolchain embedded" in problem.value.hint
    assert (await discover(file, prefer="embedded")).toolchain.kind == "embedded"


@pytest.mark.parametrize(
    ("prefer", "hint"), [("project", "lean-lang.org"), ("embedded", "ghostproof toolchain install")]
)
async def test_what_is_insisted_on_and_missing_is_said(machine: Path, prefer: str, hint: str) -> None:
    with pytest.raises(NoToolchain) as problem:
        await discover(lean_file(machine / "p"), prefer=prefer)
    assert hint in problem.value.hint


async def test_the_embedded_one_can_be_preferred(machine: Path, binaries: Path, embedded: Path) -> None:
    fake_lean(binaries)
    assert (await discover(lean_file(machine / "p"), prefer="embedded")).toolchain.kind == "embedded"


async def test_an_embedded_bin_on_path_is_still_embedded(
    machine: Path, embedded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{embedded / 'bin'}:/usr/bin:/bin")
    assert (await discover(lean_file(machine / "p"))).toolchain.kind == "embedded"


async def test_a_folder_without_lean_that_a_project_names_is_refused(machine: Path) -> None:
    file = lean_file(machine / "p")
    (machine / "p" / "lean-toolchain").write_text(str(machine))
    with pytest.raises(NoToolchain, match="bin/lean"):
        await discover(file)


async def test_a_lake_project_needs_lake(machine: Path, binaries: Path) -> None:
    fake_lean(binaries, lake=False)
    with pytest.raises(NoToolchain, match="Lake project"):
        await discover(lean_file(machine / "p", "lakefile.lean"))
    assert (await discover(lean_file(machine / "q"))).toolchain.kind == "project"


BROKEN = {
    "failing": ("echo 'error: no default toolchain configured' >&2; exit 1", "no default toolchain configured"),
    "talking nonsense": ("echo hello", "hello"),
    "Lean 3": ("echo 'Lean (version 3.51.1, commit abc, Release)'", "Lean 3.51.1"),
    "silent": ("exec sleep 600", "did not answer within 0.2 s"),
    "silent in a child": ("sleep 600 & wait", "did not answer within 0.2 s"),
}


@pytest.mark.parametrize("how", BROKEN)
async def test_a_broken_lean_is_an_error_with_its_own_words(
    machine: Path, binaries: Path, embedded: Path, how: str
) -> None:
    body, said = BROKEN[how]
    script(binaries / "lean", body)
    script(binaries / "lake", "exit 0")
    with pytest.raises(ToolchainBroken, match=said):
        await discover(lean_file(machine / "p"), seconds=0.2 if "silent" in how else 60)


async def test_a_lean_that_cannot_be_started(machine: Path, binaries: Path) -> None:
    script(binaries / "lake", "exit 0")
    script(binaries / "lean", "").write_text("#!/no/such/interpreter\n")
    with pytest.raises(ToolchainBroken, match="cannot be started"):
        await discover(lean_file(machine / "p"))


async def test_lean_is_asked_once_until_something_changes(machine: Path, binaries: Path) -> None:
    fake_lean(binaries)
    file = lean_file(machine / "p", "lean-toolchain")
    await discover(file)
    await discover(file.parent)
    assert times_asked(binaries) == 1
    (machine / "p" / "lean-toolchain").unlink()
    (machine / "p" / "lakefile.toml").write_text("")
    await discover(file)
    assert times_asked(binaries) == 2


async def test_commands(machine: Path, binaries: Path) -> None:
    fake_lean(binaries)
    lake = await discover(lean_file(machine / "lake", "lakefile.toml"))
    plain = await discover(lean_file(machine / "plain"))
    lean_path, lake_path, program = str(binaries / "lean"), str(binaries / "lake"), Path("/x/Probe.lean")
    assert server_command(lake) == [lake_path, "serve", "--", *SERVER_OPTIONS]
    assert server_command(plain) == [lean_path, "--server", *SERVER_OPTIONS]
    assert script_command(lake, program) == [lake_path, "env", lean_path, "--run", "/x/Probe.lean"]
    assert script_command(plain, program) == [lean_path, "--run", "/x/Probe.lean"]
