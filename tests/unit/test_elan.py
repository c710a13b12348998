"""What elan would run in a folder, told from its files: names, channels, overrides, links."""

from pathlib import Path

import pytest

from ghostproof.host.programs import program
from ghostproof.lean.elan import PIN, Choice, asked_for, choice, home_of, nearest_pin, read_pin
from ghostproof.lean.versions import Version, too_old_for_probe


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "elan" / "toolchains").mkdir(parents=True)
    return tmp_path / "elan"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def lean_in(folder: Path) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / program("lean")).touch(0o755)
    return folder


def install(home: Path, *names: str) -> None:
    for name in names:
        lean_in(home / "toolchains" / name)


@pytest.mark.parametrize(
    ("content", "pin"),
    [
        (b"leanprover/lean4:v4.27.0\n", "leanprover/lean4:v4.27.0"),
        (b"leanprover/lean4:v4.27.0\r\n", "leanprover/lean4:v4.27.0"),
        (b"\xef\xbb\xbfleanprover/lean4:v4.27.0", "leanprover/lean4:v4.27.0"),
        (b"\n  \n# why\n v4.27.0 # this one\nv4.28.0\n", "v4.27.0"),
        (b"", ""),
        (b"\n# nothing\n", ""),
        (b"\xff\n", "\ufffd"),
    ],
    ids=["plain", "CRLF", "byte order mark", "remarks", "empty", "only remarks", "not UTF-8"],
)
def test_a_pin_is_read(project: Path, content: bytes, pin: str) -> None:
    (project / PIN).write_bytes(content)
    assert read_pin(project) == pin


def test_the_nearest_pin_that_says_something_counts(project: Path) -> None:
    inner = project / "a" / "b"
    inner.mkdir(parents=True)
    assert nearest_pin(inner) == ("", inner)
    (project / PIN).write_text("v4.27.0\n")
    (inner.parent / PIN).write_text("\n")
    assert nearest_pin(inner) == ("v4.27.0", project)


@pytest.mark.parametrize(
    ("asked", "name", "folder"),
    [
        ("leanprover/lean4:v4.27.0", "leanprover/lean4:v4.27.0", "leanprover--lean4---v4.27.0"),
        ("leanprover/lean4:4.27.0", "leanprover/lean4:v4.27.0", "leanprover--lean4---v4.27.0"),
        ("v4.36.0-rc1", "leanprover/lean4:v4.36.0-rc1", "leanprover--lean4---v4.36.0-rc1"),
        ("4.27.0", "leanprover/lean4:v4.27.0", "leanprover--lean4---v4.27.0"),
        (
            "nightly-2026-11-02",
            "leanprover/lean4-nightly:nightly-2026-11-02",
            "leanprover--lean4-nightly---nightly-2026-11-02",
        ),
        (
            "leanprover/lean4-nightly:nightly-2026-11-02",
            "leanprover/lean4-nightly:nightly-2026-11-02",
            "leanprover--lean4-nightly---nightly-2026-11-02",
        ),
        (
            "leanprover/lean4:nightly-2026-11-02",
            "leanprover/lean4-nightly:nightly-2026-11-02",
            "leanprover--lean4-nightly---nightly-2026-11-02",
        ),
        (
            "leanprover/lean4-pr-releases:pr-release-9021",
            "leanprover/lean4-pr-releases:pr-release-9021",
            "leanprover--lean4-pr-releases---pr-release-9021",
        ),
        ("me_too/my-lean_4:v1", "me_too/my-lean_4:v1", "me_too--my-lean_4---v1"),
    ],
)
def test_a_name_is_a_folder(home: Path, project: Path, asked: str, name: str, folder: str) -> None:
    chosen = choice(home, asked, "somebody", project)
    assert chosen == Choice(name, home / "toolchains" / folder, "somebody")
    assert not chosen.installed
    install(home, folder)
    assert chosen.installed


@pytest.mark.parametrize(
    "name", ["a b", "x:y:z", "leanprover/lean4:", "../v4", "a/b", "leanprover/mathlib:lean-toolchain"]
)
def test_what_only_elan_can_make_sense_of(home: Path, project: Path, name: str) -> None:
    chosen = choice(home, name, "somebody", project)
    assert chosen is None or not chosen.installed


@pytest.mark.parametrize(
    ("channel", "folder"),
    [
        ("stable", "leanprover--lean4---v4.10.0"),
        ("leanprover/lean4:stable", "leanprover--lean4---v4.10.0"),
        ("beta", "leanprover--lean4---v4.36.0-rc10"),
        ("nightly", "leanprover--lean4-nightly---nightly-2026-11-02"),
        ("leanprover/lean4:nightly", "leanprover--lean4-nightly---nightly-2026-11-02"),
    ],
)
def test_a_channel_is_its_newest_release_here(home: Path, project: Path, channel: str, folder: str) -> None:
    install(home, "leanprover--lean4---v4.9.1", "leanprover--lean4---v4.10.0", "my-lean")
    install(home, "leanprover--lean4---v4.36.0-rc10", "leanprover--lean4---v4.36.0-rc9", "other--lean4---v4.99.0")
    install(home, "leanprover--lean4-nightly---nightly-2026-11-02", "leanprover--lean4-nightly---nightly-2025-12-31")
    chosen = choice(home, channel, "somebody", project)
    assert chosen is not None
    assert chosen.folder == home / "toolchains" / folder
    assert chosen.installed


def test_a_channel_without_a_release_here_is_not_installed(home: Path, project: Path) -> None:
    chosen = choice(home, "stable", "somebody", project)
    assert chosen is not None
    assert (chosen.name, chosen.installed) == ("leanprover/lean4:stable", False)


def test_a_linked_toolchain_goes_by_its_name(home: Path, project: Path, tmp_path: Path) -> None:
    (home / "toolchains" / "mine").symlink_to(lean_in(tmp_path / "build"))
    for name in ("mine", "leanprover/lean4:mine"):
        chosen = choice(home, name, "somebody", project)
        assert chosen == Choice("mine", home / "toolchains" / "mine", "somebody")
        assert chosen.installed


def test_a_path_is_a_toolchain_too(home: Path, project: Path, tmp_path: Path) -> None:
    lean_in(tmp_path / "build")
    for name in (str(tmp_path / "build"), "../build", "./../build"):
        chosen = choice(home, name, "somebody", project)
        assert chosen is not None
        assert chosen.installed
    windows = choice(home, r"C:\lean\4.27", "somebody", project)
    assert windows is not None
    assert windows.folder == Path(r"C:\lean\4.27")


def test_who_asks_first_is_heard(home: Path, project: Path) -> None:
    inner = project / "inner"
    inner.mkdir()
    nobody: dict[str, str] = {}
    assert asked_for(home, inner, nobody) is None
    (home / "settings.toml").write_text('default_toolchain = "stable"\nversion = "12"\n\n[overrides]\n')
    assert asked_for(home, inner, nobody) == ("stable", "elan's default")
    with (home / "settings.toml").open("a") as settings:
        settings.write(f'"{project.resolve()}" = "leanprover/lean4:v4.20.0"\n')
    assert asked_for(home, inner, nobody) == ("leanprover/lean4:v4.20.0", f"elan's override for {project}")
    (project / PIN).write_text("v4.27.0\n")
    assert asked_for(home, inner, nobody) == ("leanprover/lean4:v4.20.0", f"elan's override for {project}")
    (inner / PIN).write_text("v4.28.0\n")
    assert asked_for(home, inner, nobody) == ("v4.28.0", str(inner / PIN))
    assert asked_for(home, inner, {"ELAN_TOOLCHAIN": "nightly"}) == ("nightly", "ELAN_TOOLCHAIN")


@pytest.mark.parametrize("settings", ["this is no TOML", 'overrides = "x"\n', "default_toolchain = 4\n"])
def test_settings_that_make_no_sense_ask_for_nothing(home: Path, project: Path, settings: str) -> None:
    (home / "settings.toml").write_text(settings)
    assert asked_for(home, project, {}) is None


def test_a_file_of_a_toolchain_is_of_that_toolchain(home: Path) -> None:
    install(home, "leanprover--lean4---v4.27.0")
    source = home / "toolchains" / "leanprover--lean4---v4.27.0" / "src" / "lean"
    source.mkdir(parents=True)
    asked = asked_for(home, source, {})
    assert asked is not None
    assert asked[0] == "leanprover/lean4:v4.27.0"


def test_elans_folder(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    assert home_of(None, {}) == tmp_path / "me" / ".elan"
    assert home_of(home / "bin", {}) == home, "its programs stand in it, and the usual one is not there"
    (tmp_path / "me" / ".elan").mkdir(parents=True)
    assert home_of(Path("/opt/homebrew/bin"), {}) == tmp_path / "me" / ".elan"
    assert home_of(home / "bin", {"ELAN_HOME": "/e"}) == Path("/e")


def test_versions_are_in_order() -> None:
    texts = ["4.9.0", "4.20.0-rc1", "v4.20.0-rc2", "4.20.0-rc10", "4.20.0", "4.20.1", "4.28.0-pre", "v4.28.0", "5.0"]
    versions = [Version.parse(text) for text in texts]
    assert all(versions)
    assert sorted(v for v in versions if v) == versions
    assert [Version.parse(text) for text in ("nightly-2026-11-02", "", "stable", "4")] == [None] * 4


@pytest.mark.parametrize(
    ("version", "old"),
    [("4.19.0", True), ("4.2.0", True), ("4.20.0-rc1", False), ("4.28.0-pre", False), ("4.100.0", False), ("x", False)],
)
def test_what_the_probe_is_too_new_for(version: str, old: bool) -> None:
    assert too_old_for_probe(version) == old
