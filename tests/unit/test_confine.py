"""Confinement: what the filter says about each call, what a Lean may touch, and the command lines of each system."""

import re
import struct
from pathlib import Path

import pytest

from ghostproof.host.confine import landlock, seatbelt, seccomp
from ghostproof.host.confine.command import Confinement, confined
from ghostproof.host.environment import is_secret, without_secrets
from ghostproof.lean.confinement import Sandbox, confinement

ALLOWED, EPERM, ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def answer(machine: str, number: int, arguments: tuple[int, ...] = (), architecture: int | None = None) -> int:
    """What the filter answers to a call: a small interpreter of the steps that it uses."""
    code = seccomp.program(machine)
    assert code is not None
    data = struct.pack("<IIQ", number, architecture or ARCHITECTURE[machine], 0)
    data += b"".join(struct.pack("<Q", argument) for argument in (*arguments, *[0] * (6 - len(arguments))))
    steps = list(struct.iter_unpack("<HBBI", code))
    at = loaded = 0
    while True:
        kind, if_true, if_false, value = steps[at]
        at += 1
        if kind == 0x20:
            loaded = struct.unpack_from("<I", data, value)[0]
        elif kind == 0x06:
            return int(value)
        else:
            held = {0x15: loaded == value, 0x45: bool(loaded & value), 0x35: loaded >= value}[kind]
            at += if_true if held else if_false


NUMBERS = {
    "x86_64": {
        "read": 0, "openat": 257, "socket": 41, "ptrace": 101, "chmod": 90, "socketpair": 53, "clone": 56, "ioctl": 16,
    },
    "aarch64": {
        "read": 63, "openat": 56, "socket": 198, "ptrace": 117, "fchmod": 52, "socketpair": 199, "clone": 220,
        "ioctl": 29,
    },
}  # fmt: skip


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_lets_a_lean_work_and_refuses_what_harms(machine: str) -> None:
    numbers = NUMBERS[machine]
    assert answer(machine, numbers["read"]) == ALLOWED
    assert answer(machine, numbers["openat"]) == ALLOWED
    for name in numbers.keys() & {"socket", "ptrace", "chmod", "fchmod"}:
        assert answer(machine, numbers[name]) == EPERM, name
    for number in (425, 426, 427, 435):  # io_uring, and clone3, whose flags cannot be seen
        assert answer(machine, number) == ENOSYS


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_looks_at_arguments(machine: str) -> None:
    numbers = NUMBERS[machine]
    assert answer(machine, numbers["socketpair"], (1,)) == ALLOWED  # between Node and its children
    assert answer(machine, numbers["socketpair"], (2,)) == EPERM
    thread = 0x003D0F00
    assert answer(machine, numbers["clone"], (thread,)) == ALLOWED
    assert answer(machine, numbers["clone"], (17,)) == ALLOWED  # fork
    for namespace in (0x00020000, 0x10000000, 0x20000000, 0x40000000):
        assert answer(machine, numbers["clone"], (thread | namespace,)) == EPERM
    assert answer(machine, numbers["ioctl"], (0, 0x5401)) == ALLOWED
    assert answer(machine, numbers["ioctl"], (0, 0x5412)) == EPERM
    assert answer(machine, numbers["ioctl"], (0, (7 << 32) | 0x5412)) == EPERM  # the kernel looks at 32 bits


def test_the_filter_knows_foreign_calls() -> None:
    assert answer("x86_64", 0, architecture=0x40000003) == EPERM  # 32 bits
    assert answer("x86_64", 0x40000000 | 41) == ENOSYS  # x32
    assert seccomp.program("riscv64") is None


@pytest.mark.parametrize(("path", "table"), [
    ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", seccomp._X86_64),
    ("/usr/include/asm-generic/unistd.h", seccomp._AARCH64),
])  # fmt: skip
def test_the_numbers_are_the_kernels(path: str, table: dict[str, int]) -> None:
    header = Path(path)
    if not header.is_file():
        pytest.skip("the kernel's headers are not installed")
    found = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text()))
    named = {**table, **seccomp._EVERYWHERE, **seccomp._MISSING_EVERYWHERE}
    known = {name: int(found[name]) for name in named if name in found}
    assert len(known) > 60
    assert {name: named[name] for name in known} == known


@pytest.mark.parametrize(("abi", "highest"), [(1, 12), (2, 13), (3, 14), (4, 14), (5, 15), (7, 15)])
def test_an_old_landlock_is_asked_for_what_it_knows(abi: int, highest: int) -> None:
    assert landlock.known_rights(abi) == (1 << (highest + 1)) - 1


@pytest.mark.parametrize("name", [
    "GHOSTPROOF_API_KEY", "OPENAI_API_KEY", "HF_TOKEN", "GITHUB_TOKEN", "AWS_PROFILE", "aws_secret_access_key",
    "MYSQL_PWD", "DB_PASSWORD", "APITOKEN", "SSH_AUTH_SOCK", "GH_ENTERPRISE", "KUBECONFIG", "LAKE_CACHE_KEY",
])  # fmt: skip
def test_secrets_are_told_by_their_names(name: str) -> None:
    assert is_secret(name, "x")


@pytest.mark.parametrize("name", [
    "PATH", "HOME", "PWD", "OLDPWD", "LANG", "LEAN_PATH", "LEAN_SYSROOT", "ELAN_HOME", "LAKE_HOME", "LD_LIBRARY_PATH",
    "TOKENIZERS_PARALLELISM", "XDG_CACHE_HOME", "GHOSTPROOF_CACHE", "GHOSTPROOF_LEAN_SPARE", "TMPDIR",
])  # fmt: skip
def test_what_lean_needs_is_no_secret(name: str) -> None:
    assert not is_secret(name, "/some/where")


def test_a_login_in_an_address_is_a_secret() -> None:
    kept = without_secrets({"HTTPS_PROXY": "http://me:pass@proxy:3128", "HTTP_PROXY": "http://proxy:3128", "A": "b"})
    assert kept == {"HTTP_PROXY": "http://proxy:3128", "A": "b"}


# ---- what a Lean may touch


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with keys, a toolchain, and a project, on a machine that is told nothing else."""
    home = tmp_path / "home"
    for folder in (".ssh", ".config", "tools/bin", "proj/.lake/build", "proj/.lake/packages", "shared/std"):
        (home / folder).mkdir(parents=True)
    (home / "tools" / "bin" / "lean").touch()
    (home / "tools" / "bin" / "lake").touch()
    (home / "shared" / "std" / "lakefile.toml").touch()
    (home / "Lone.lean").touch()
    (home / ".netrc").touch()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(home / "cache"))
    for name in ("LEAN_PATH", "LEAN_SRC_PATH", "LEAN_SYSROOT", "LAKE_HOME", "ELAN_HOME", "LAKE_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    return home


def made(
    home: Path, root: Path, *, is_lake: bool = True, builds: bool = False, **more: tuple[Path, ...]
) -> Confinement:
    lean, lake = home / "tools" / "bin" / "lean", home / "tools" / "bin" / "lake"
    return confinement(root, lean, lake, is_lake=is_lake, sandbox=Sandbox("auto"), builds=builds, **more)


def may_read(made: Confinement, path: Path) -> bool:
    return any(path.is_relative_to(allowed) for allowed in (*made.read, *made.run, *made.write))


def may_write(made: Confinement, path: Path) -> bool:
    return any(path.is_relative_to(allowed) for allowed in made.write)


def test_a_lean_reads_its_project_and_its_toolchain_and_no_more(home: Path) -> None:
    found = made(home, home / "proj")
    assert may_read(found, home / "proj" / "A.lean")
    assert may_read(found, home / "tools" / "lib")
    for secret in (".ssh", ".config", ".netrc", "shared", "Lone.lean"):
        assert not may_read(found, home / secret), secret


def test_only_the_server_writes_and_only_what_is_built(home: Path) -> None:
    prober, server = made(home, home / "proj"), made(home, home / "proj", builds=True)
    assert not may_write(prober, home / "proj" / ".lake" / "build" / "x")
    assert may_write(server, home / "proj" / ".lake" / "build" / "x")
    for kept in ("A.lean", "lakefile.lean", ".lake/packages/std/x", "../tools/bin/lean"):
        assert not may_write(server, home / "proj" / kept), kept


def test_an_output_folder_is_for_one_call(home: Path) -> None:
    out = home / "cache" / "prober"
    out.mkdir(parents=True)
    assert may_write(made(home, home / "proj", outputs=(out,)), out / "Prober.olean")
    assert not may_write(made(home, home / "proj"), out / "Prober.olean")


def test_a_lone_file_in_the_home_folder_opens_no_folder(home: Path) -> None:
    found = made(home, home, is_lake=False)
    assert may_read(found, home / "Lone.lean")
    for secret in (".ssh", ".config", ".netrc", "proj", "shared"):
        assert not may_read(found, home / secret), secret
    above = made(home, home.parent, is_lake=False)
    assert not may_read(above, home / ".ssh")


def test_a_program_in_the_home_folder_itself_opens_no_more_than_its_folder(home: Path) -> None:
    (home / "bin").mkdir()
    (home / "bin" / "lean").touch()
    found = confinement(
        home / "proj", home / "bin" / "lean", home / "bin" / "lake", is_lake=True, sandbox=Sandbox("auto")
    )
    assert may_read(found, home / "bin" / "lean")
    assert not may_read(found, home / ".ssh" / "id")


def test_packages_elsewhere_are_read(home: Path) -> None:
    (home / "proj" / ".lake" / "packages" / "linked").symlink_to(home / "shared" / "std")
    assert may_read(made(home, home / "proj"), home / "shared" / "std" / "A.olean")
    (home / "proj" / ".lake" / "packages" / "linked").unlink()
    (home / "proj" / "lake-manifest.json").write_text(
        '{"packages": [{"type": "path", "dir": "../shared/std"}, {"path": {"dir": "../.ssh"}}, 7, {"dir": 7}]}'
    )
    found = made(home, home / "proj")
    assert may_read(found, home / "shared" / "std" / "A.olean")
    assert not may_read(found, home / ".ssh" / "id")


def test_a_project_cannot_have_the_keys_opened_by_links(home: Path) -> None:
    (home / ".ssh" / "lakefile.toml").touch()
    (home / "proj" / ".lake" / "packages" / "evil").symlink_to(home / ".ssh")
    (home / "proj" / ".lake" / "build").rmdir()
    (home / "proj" / ".lake" / "build").symlink_to(home / ".config")
    found = made(home, home / "proj", builds=True)
    assert not may_read(found, home / ".ssh" / "id")
    assert not may_write(found, home / ".config" / "x")
    (home / "proj" / ".lake" / "build").unlink()
    (home / "proj" / ".lake" / "build").symlink_to(home)
    assert not may_read(made(home, home / "proj", builds=True), home / ".ssh" / "id")


@pytest.mark.parametrize("manifest", ["", "[]", "{", '{"packages": 7}', '{"packagesDir": 7, "packages": ["x"]}'])
def test_a_broken_manifest_opens_nothing(home: Path, manifest: str) -> None:
    (home / "proj" / "lake-manifest.json").write_text(manifest)
    assert not may_read(made(home, home / "proj"), home / "shared")


# ---- command lines


def test_on_linux_the_launcher_comes_first() -> None:
    asked = Confinement(read=(Path("/r"),), run=(Path("/x"),), write=(Path("/w"),), scratch=Path("/t"), memory=5)
    command = confined(["lean", "--", "a b"], asked, system="linux")
    assert command[command.index("--") + 1 :] == ["lean", "--", "a b"]
    options = command[: command.index("--")]
    for option, value in (("--read", "/r"), ("--run", "/x"), ("--write", "/w"), ("--scratch", "/t"), ("--memory", "5")):
        assert options[options.index(option) + 1] == value
    assert "--require" not in options
    assert "--require" in confined(["lean"], Confinement("require"), system="linux")


def test_off_and_windows_leave_the_command_alone() -> None:
    assert confined(["lean"], Confinement("off"), system="linux") == ["lean"]
    assert confined(["lean"], Confinement(), system="win32") == ["lean"]


def test_on_macos_sandbox_exec_runs_the_program() -> None:
    asked = Confinement(read=(Path("/p"),), run=(Path("/t"),), scratch=Path("/s"))
    command = confined(["/t/bin/lean", "--server"], asked, system="darwin")
    program = command[command.index("--") + 1 :]
    assert program[:2] == ["/usr/bin/sandbox-exec", "-p"]
    assert program[3:] == ["/t/bin/lean", "--server"]
    assert program[2] == seatbelt.profile([Path("/p")], [Path("/t")], [Path("/s")])


def test_the_profile_denies_by_default_and_quotes_paths() -> None:
    profile = seatbelt.profile([Path('/a "b"\\c')], [Path("/t")], [])
    assert "(deny default)" in profile
    assert '(subpath "/a \\"b\\"\\\\c")' in profile
    assert "network" not in profile
    assert "(allow file-write*" not in profile
    assert profile.count("(") - profile.count(")") == 0


def test_free_is_supervised_all_the_same() -> None:
    command = confined(["lean"], Confinement("free"), system="linux")
    assert command[-1] == "lean"
    assert "--free" in command
