"""The report in a real browser: it draws, nothing in it runs, and it asks for nothing."""

import struct
import subprocess
import zlib
from pathlib import Path

import pytest

from editors.install_code_server import install_chromium
from ghostproof.report.evaluation import page as evaluation_page
from ghostproof.report.proofs import page
from ghostproof.report.reported import Reported
from support.evaluated import result, way
from unit.test_evaluation_results import CONDITIONS, RESULTS
from unit.test_report import HOSTILE, SPLIT, VERDICTS, journalled, outcome_of

pytestmark = pytest.mark.slow

WIDTH, HEIGHT = 1000, 900
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--hide-scrollbars"),
    *("--force-color-profile=srgb", "--force-device-scale-factor=1"),
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    outcome = outcome_of(journalled(SPLIT, VERDICTS)[0], "cases h with\n| inl => rfl\n| inr => omega")
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page([Reported("lists.lean:12:3", outcome), Reported(HOSTILE, outcome)]), "utf-8")
    return path


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("evaluation") / "evaluation.html"
    hostile = result(HOSTILE, way("proved", source=HOSTILE, proof=HOSTILE), way("time"), rank=2)
    path.write_text(evaluation_page(CONDITIONS, [*RESULTS, hostile], HOSTILE), "utf-8")
    return path


def chromium(report: Path, *flags: str) -> str:
    profile = f"--user-data-dir={report.parent / 'profile'}"
    command = [install_chromium(), *FLAGS, profile, f"--window-size={WIDTH},{HEIGHT}", *flags, report.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def pixels(png: bytes) -> tuple[int, int, set[bytes]]:
    """Width, height and the colours of a picture as Chromium writes it, each line told by its filter as it is."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert depth == 8
    channels = {2: 3, 6: 4}[kind]
    data, at = b"", 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += length + 12
    raw, line = zlib.decompress(data), width * channels + 1
    rows = [bytearray(raw[n * line + 1 : (n + 1) * line]) for n in range(height)]
    before = bytearray(width * channels)
    for number, row in enumerate(rows):
        _unfilter(raw[number * line], row, before, channels)
        before = row
    return width, height, {bytes(row[x : x + 3]) for row in rows for x in range(0, len(row), channels)}


def _unfilter(kind: int, row: bytearray, above: bytearray, step: int) -> None:
    for x in range(len(row)):
        left = row[x - step] if x >= step else 0
        corner = above[x - step] if x >= step else 0
        guess = left + above[x] - corner
        nearest = min((left, above[x], corner), key=lambda value: abs(guess - value))
        row[x] = (row[x] + (0, left, above[x], (left + above[x]) // 2, nearest)[kind]) & 255


def test_the_page_is_drawn(report: Path) -> None:
    picture = report.with_suffix(".png")
    chromium(report, f"--screenshot={picture}")
    width, height, colours = pixels(picture.read_bytes())
    assert (width, height) == (WIDTH, HEIGHT)
    # The green paper of a proof and the ink of the text stand on white.
    assert {b"\xff\xff\xff", b"\xe8\xf6\xed", b"\x1b\x1f\x24"} <= colours


def test_nothing_in_the_page_runs(report: Path) -> None:
    document = chromium(report, "--dump-dom")
    assert "<title>Searches for proofs</title>" in document
    assert "owned&quot;" in document or 'owned"' in document
    assert "<script" not in document
    assert "<img" not in document


def test_the_plots_of_an_evaluation_are_drawn(evaluation: Path) -> None:
    picture = evaluation.with_suffix(".png")
    chromium(evaluation, f"--screenshot={picture}")
    width, height, colours = pixels(picture.read_bytes())
    assert (width, height) == (WIDTH, HEIGHT)
    # Paper and ink, the filled part of a bar with its curve, the other curve, and what of a bar is not filled.
    assert {b"\xff\xff\xff", b"\x1b\x1f\x24", b"\x14\x78\x3c", b"\x8a\x61\x00", b"\xd9\xde\xe4"} <= colours


def test_nothing_in_the_page_of_an_evaluation_runs(evaluation: Path) -> None:
    document = chromium(evaluation, "--dump-dom")
    assert "proved again</title>" in document
    assert "<script" not in document
    assert "<img" not in document
