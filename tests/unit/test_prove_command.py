"""`ghostproof prove --write`: proofs go into the file that was read, and into no other."""

from pathlib import Path

import pytest

from ghostproof.commands.prove import put_in
from ghostproof.commands.suggest import AskedPosition, every_sorry, read_source
from ghostproof.errors import BadInput
from ghostproof.search.proof import Proof
from ghostproof.verify.verdict import Candidate, Checked, Proved, Suggestion

TEXT = "theorem a : p := by\n  sorry\n\ntheorem b : q := by\n  sorry\n"
PROVED = "theorem a : p := by\n  intro h\n  simp\n\ntheorem b : q := by\n  intro h\n  simp\n"


def proofs_for(path: Path) -> list[tuple[AskedPosition, Proof]]:
    accepted = Suggestion.of(Checked(Candidate("intro h\nsimp", "prove"), Proved()))
    return [(place, Proof(place.spots[0], accepted)) for place in every_sorry(path, read_source(path))]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_all_proofs_go_in_with_the_line_ends_of_the_file(tmp_path: Path, end: str) -> None:
    path = tmp_path / "A.lean"
    path.write_bytes(TEXT.replace("\n", end).encode())
    put_in(path, proofs_for(path))
    assert path.read_bytes() == PROVED.replace("\n", end).encode()


@pytest.mark.parametrize("now", [TEXT + "-- more\n", "", TEXT.replace("p", "r")])
def test_a_file_that_has_changed_is_left_alone(tmp_path: Path, now: str) -> None:
    path = tmp_path / "A.lean"
    path.write_bytes(TEXT.encode())
    proofs = proofs_for(path)
    path.write_bytes(now.encode())
    with pytest.raises(BadInput, match="changed"):
        put_in(path, proofs)
    assert path.read_bytes() == now.encode()


def test_a_file_that_is_gone_is_not_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "A.lean"
    path.write_bytes(TEXT.encode())
    proofs = proofs_for(path)
    path.unlink()
    with pytest.raises(BadInput):
        put_in(path, proofs)
    assert not path.exists()
