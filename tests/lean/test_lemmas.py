"""The corpus of lemmas: its files elaborate, what is true is proved, and what is false is refuted by an instance."""

import re
from collections import Counter
from pathlib import Path

import pytest

import ghostproof
from ghostproof.syntax.header import read_imports
from lemmas.corpus import HERE, REFERENCE, lemmas, read
from lemmas.reference import refuted, statements
from support.branches import Branches

CORPUS = list(lemmas())
FILES = sorted(path.name for path in HERE.glob("*.lean"))
NOTHING = read_imports("").imports
_ERROR = re.compile(r"^.*: error.*$", re.MULTILINE)
_SORRY = re.compile(r"^[^:\n]*:(\d+):\d+: warning: declaration uses .sorry.", re.MULTILINE)


@pytest.fixture(scope="module")
async def said(embedded_root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What Lean says of each file of the corpus, and of each with the proofs of the reference, by their texts.

    None of them imports anything, so that one Lean elaborates them all, each by itself.
    """
    branches, numbers = Branches(""), {}
    for name in FILES:
        numbers[corpus(name)] = branches.add(f"Corpus{name}", corpus(name))
        numbers[refuted(name)] = branches.add(f"Refuted{name}", refuted(name))
    found = await branches.elaborate(embedded_root / "bin" / "lean", tmp_path_factory.mktemp("lemmas"))
    return {text: "".join(found[number]) for text, number in numbers.items()}


def corpus(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def test_the_corpus_is_what_it_must_be() -> None:
    grades = Counter(lemma.grade for lemma in CORPUS)
    true = [lemma for lemma in CORPUS if lemma.grade != "false"]
    assert len(true) >= 150
    assert grades["false"] >= 30
    assert min(grades["easy"], grades["medium"], grades["hard"]) >= 25
    assert 3 * sum(lemma.needs_lemma for lemma in true) >= len(true)
    assert 0.28 <= sum(lemma.held_out for lemma in CORPUS) / len(CORPUS) <= 0.4
    assert len({lemma.name for lemma in CORPUS}) == len(CORPUS)


def test_a_lemma_stands_alone_in_its_text() -> None:
    for lemma in CORPUS:
        assert lemma.text[lemma.start : lemma.start + len("sorry")] == "sorry"
        assert re.findall(r"^theorem (\S+)", lemma.text, re.MULTILINE) == [lemma.name.partition(":")[2]]


def test_a_mark_that_is_none_of_ours_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a lemma"):
        list(read(Path("x.lean"), "-- [trivial]\ntheorem a : True := by\n  sorry\n"))


def test_nothing_but_tests_of_the_corpus_knows_the_proofs() -> None:
    sources = [*Path(ghostproof.__file__).parent.rglob("*.py"), *(HERE.parents[1] / "bench").glob("*.py")]
    assert [path for path in sources if REFERENCE.name in path.read_text("utf-8")] == []


@pytest.mark.parametrize("name", FILES)
def test_the_proofs_are_those_of_the_corpus(name: str) -> None:
    assert statements((REFERENCE / name).read_text("utf-8")) == statements((HERE / name).read_text("utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_a_file_imports_nothing(name: str) -> None:
    assert [read_imports(text).imports for text in (corpus(name), refuted(name))] == [NOTHING] * 2


@pytest.mark.lean
@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_the_file_elaborates(said: dict[str, str], name: str) -> None:
    text = corpus(name)
    answer = said[text]
    assert _ERROR.findall(answer) == []
    assert len(_SORRY.findall(answer)) == text.count("sorry")


@pytest.mark.lean
@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_what_is_true_is_proved_and_what_is_false_refuted(said: dict[str, str], name: str) -> None:
    text = refuted(name)
    lines = text.split("\n")
    answer = said[text]
    assert _ERROR.findall(answer) == []
    assert text.count("example : ¬ type_of% @") == sum(
        lemma.grade == "false" for lemma in CORPUS if lemma.path.name == name
    )
    unproved = [lines[int(line) - 2] for line in _SORRY.findall(answer)]
    assert [mark for mark in unproved if not mark.startswith("-- [false: ")] == []
