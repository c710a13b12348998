"""What is removed from the cache: what nobody has used for long, and never what may be in use."""

import os
from pathlib import Path
from time import time

import pytest

from ghostproof.lean.probe_script import Script
from ghostproof.lean.pruning import FRESH_S, LONGEST_UNUSED_S, MOST, prune, used

DAY_S = 24 * 3600.0


def entry(folder: Path, name: str, age_s: float) -> Path:
    """A folder of the cache with something in it, last used so long ago."""
    path = folder / name
    path.mkdir(parents=True)
    (path / "program.olean").write_text("", "utf-8")
    aged(path, age_s)
    return path


def aged(path: Path, age_s: float) -> None:
    os.utime(path, (time() - age_s, time() - age_s))


def test_the_least_recently_used_go_when_there_are_too_many(tmp_path: Path) -> None:
    entries = [entry(tmp_path, f"e{number}", (2 + number) * DAY_S) for number in range(MOST + 3)]
    prune(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(entries[:MOST])


def test_what_may_be_in_use_stays_however_much_there_is(tmp_path: Path) -> None:
    entries = [entry(tmp_path, f"e{number}", FRESH_S / 2) for number in range(3 * MOST)]
    prune(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(entries)


def test_what_is_used_again_becomes_young(tmp_path: Path) -> None:
    entries = [entry(tmp_path, f"e{number}", (2 + number) * DAY_S) for number in range(MOST + 1)]
    used(entries[-1])
    prune(tmp_path)
    assert entries[-1].is_dir()
    assert not entries[-2].exists()


def test_what_nobody_has_used_for_very_long_goes_even_if_it_is_alone(tmp_path: Path) -> None:
    entry(tmp_path, "old", LONGEST_UNUSED_S + DAY_S)
    prune(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_was_never_finished_goes_after_a_day(tmp_path: Path) -> None:
    entry(tmp_path, "k-partial-dead", FRESH_S + DAY_S)
    living = entry(tmp_path, "k-partial-living", FRESH_S / 2)
    prune(tmp_path)
    assert list(tmp_path.iterdir()) == [living]


def test_a_link_is_removed_and_not_followed(tmp_path: Path) -> None:
    kept = entry(tmp_path / "elsewhere", "kept", 0)
    cache = tmp_path / "cache"
    cache.mkdir()
    link = cache / "link"
    link.symlink_to(kept)
    os.utime(link, (0, 0), follow_symlinks=False)
    prune(cache)
    assert not link.is_symlink()
    assert (kept / "program.olean").exists()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    prune(tmp_path / "nowhere")
    used(tmp_path / "nowhere")


def test_writing_a_program_removes_those_of_old_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path))
    paths = [Script(f"-- {number}\n", ("A.lean",), (1,), (1,)).write() for number in range(MOST + 2)]
    for number, path in enumerate(paths):
        aged(path, (2 + number) * DAY_S)
    present = Script("-- present\n", ("A.lean",), (1,), (1,)).write()
    assert present.exists()
    assert sorted(present.parent.iterdir()) == sorted([present, *paths[: MOST - 1]])


def test_a_program_that_is_started_again_counts_as_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path))
    script = Script("-- present\n", ("A.lean",), (1,), (1,))
    aged(script.write(), 30 * DAY_S)
    assert time() - script.write().stat().st_mtime < DAY_S
