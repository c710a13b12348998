"""`ghostproof prove --write`: proofs go into the file that was read, and into no other."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from ghostproof.commands.exit_codes import BAD_INPUT, FOUND
from ghostproof.commands.positions import every_sorry, read_source
from ghostproof.commands.whole_proofs import Asked, FileWork, FileWorker, Hear, Searched, put_in, search_all
from ghostproof.errors import BadInput
from ghostproof.render import ProofsAsJson
from ghostproof.search.draft import Draft
from ghostproof.search.proof import Outcome, Proof
from ghostproof.verify.verdict import Candidate, Checked, Proved, Suggestion

TEXT = "theorem a : p := by\n  sorry\n\ntheorem b : q := by\n  sorry\n"
PROVED = "theorem a : p := by\n  intro h\n  simp\n\ntheorem b : q := by\n  intro h\n  simp\n"


def drafted(path: Path) -> Draft:
    """The file with the same proof in every `sorry`."""
    accepted = Suggestion.of(Checked(Candidate("intro h\nsimp", "prove"), Proved()))
    draft = Draft(read_source(path))
    for place in every_sorry(path, draft.source):
        draft.add(Proof(draft.spots(place.spots)[0], accepted))
    return draft


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_all_proofs_go_in_with_the_line_ends_of_the_file(tmp_path: Path, end: str) -> None:
    path = tmp_path / "A.lean"
    path.write_bytes(TEXT.replace("\n", end).encode())
    put_in(path, drafted(path))
    assert path.read_bytes() == PROVED.replace("\n", end).encode()
    assert list(tmp_path.iterdir()) == [path]


def test_each_proof_is_searched_for_in_the_text_that_has_the_earlier_ones(tmp_path: Path) -> None:
    path = tmp_path / "A.lean"
    path.write_text(TEXT)
    draft = drafted(path)
    assert draft.text == PROVED
    assert draft.proofs == 2


def test_a_proof_is_told_at_its_place_in_the_text_that_was_read(tmp_path: Path) -> None:
    path = tmp_path / "A.lean"
    path.write_text(TEXT)
    accepted = Suggestion.of(Checked(Candidate("simp", "prove"), Proved()))
    draft = Draft(read_source(path))
    first, second = every_sorry(path, draft.source)
    draft.add(Proof(draft.spots(first.spots)[0], accepted))
    told = draft.original(Proof(draft.spots(second.spots)[0], accepted))
    assert told.spot == second.spots[0]


def test_lines_that_have_no_proof_keep_their_ends(tmp_path: Path) -> None:
    path = tmp_path / "A.lean"
    path.write_bytes(b"-- \xe2\x80\xa2 one\n\ntheorem a : p := by\r\n  sorry\r\n-- two\n-- a\rb\n")
    put_in(path, drafted(path))
    assert path.read_bytes() == (
        b"-- \xe2\x80\xa2 one\n\ntheorem a : p := by\r\n  intro h\r\n  simp\r\n-- two\n-- a\rb\n"
    )


def test_a_link_stays_a_link_and_the_file_keeps_its_mode(tmp_path: Path) -> None:
    path, link = tmp_path / "A.lean", tmp_path / "B.lean"
    path.write_text(TEXT)
    path.chmod(0o640)
    link.symlink_to(path)
    put_in(link, drafted(link))
    assert link.is_symlink()
    assert path.read_text() == PROVED
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("now", [TEXT + "-- more\n", "", TEXT.replace("p", "r"), "\udcff"])
def test_a_file_that_has_changed_is_left_alone(tmp_path: Path, now: str) -> None:
    path = tmp_path / "A.lean"
    path.write_bytes(TEXT.encode())
    draft = drafted(path)
    path.write_bytes(now.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput, match="changed"):
        put_in(path, draft)
    assert path.read_bytes() == now.encode("utf-8", "surrogateescape")


class Worker(FileWorker):
    """Finds the same proof in every file; `then` is done when that is found."""

    def __init__(self, then: Callable[[Path], None]) -> None:
        self._then = then

    async def start(self) -> None:
        pass

    async def work(self, item: FileWork, tell: Hear) -> AsyncGenerator[Searched, None]:
        accepted = Suggestion.of(Checked(Candidate("simp", "prove"), Proved()))
        place = every_sorry(item.path, item.source)[0]
        yield Searched(place.position, Outcome(Proof(place.spots[0], accepted), done=True))
        self._then(item.path)

    async def close(self) -> None:
        pass


def files(folder: Path) -> list[FileWork]:
    paths = [folder / "A.lean", folder / "B.lean", folder / "C.lean"]
    for path in paths:
        path.write_text(TEXT)
    return [FileWork(path, read_source(path)) for path in paths]


async def test_a_file_that_has_changed_keeps_no_other_one_from_its_proofs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def typed(path: Path) -> None:
        if path.name == "A.lean":
            path.write_text("-- typed\n")

    page = tmp_path / "report.html"
    asked, view = Asked(write=True, jobs=1, report=page), ProofsAsJson()
    codes = await search_all(files(tmp_path), lambda cores: Worker(typed), asked, view)
    assert [(tmp_path / name).read_text().count("simp") for name in ("A.lean", "B.lean", "C.lean")] == [0, 1, 1]
    assert "3 of 3 proved" in page.read_text()
    assert sorted(codes) == [FOUND, FOUND, FOUND, BAD_INPUT]
    assert "A.lean has changed since it was read; nothing was written." in " ".join(capsys.readouterr().err.split())


async def test_what_was_found_before_an_interruption_is_in_the_files_and_in_the_report(tmp_path: Path) -> None:
    def interrupted(path: Path) -> None:
        if path.name == "B.lean":
            raise asyncio.CancelledError

    page = tmp_path / "report.html"
    asked = Asked(write=True, jobs=1, report=page)
    with pytest.raises(asyncio.CancelledError):
        await search_all(files(tmp_path), lambda cores: Worker(interrupted), asked, ProofsAsJson())
    assert [(tmp_path / name).read_text().count("simp") for name in ("A.lean", "B.lean", "C.lean")] == [1, 1, 0]
    assert "2 of 2 proved" in page.read_text()


def test_a_file_that_is_gone_is_not_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "A.lean"
    path.write_bytes(TEXT.encode())
    draft = drafted(path)
    path.unlink()
    with pytest.raises(BadInput):
        put_in(path, draft)
    assert not path.exists()
