"""What the documents of the repository name is there: links, and the files that behaviours are said to stand in."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "server" / "ghostproof"
DOCUMENTS = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "bench").glob("*.md")))
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)[^)]*\)")
# A path of the server, or one of another folder of the repository.
PATH = re.compile(r"`((?:[\w.-]+/)*[\w.-]+(?:/|\.(?:py|lean)))`")
NAMED = 20


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_named_behaviour_has_a_file() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    table = text.partition("## Where is …?")[2].partition("\n## ")[0]
    rows = [row for row in table.splitlines() if re.match(r"\| \d+\. ", row)]
    assert len(rows) >= NAMED
    for row in rows:
        paths = PATH.findall(row)
        assert paths, row
        assert [path for path in paths if not (SERVER / path).exists() and not (ROOT / path).exists()] == [], row


def test_the_first_page_stays_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) < 120
