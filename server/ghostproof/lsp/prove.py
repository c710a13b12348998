"""`ghostproof/prove`: what is missing at the cursor, proved; at a statement, all that is missing in the declaration."""

from collections.abc import Sequence

from ghostproof.lsp.documents import EditedDocument
from ghostproof.lsp.session import Session
from ghostproof.lsp.whole_proof import Job, PlaceSearch, Sought
from ghostproof.syntax.missing import all_holes, find_places, holes_of
from ghostproof.syntax.spot import Spot

NOTHING_HERE = "There is nothing to prove at the cursor."


def missing_here(session: Session, document: EditedDocument, at: int) -> Sought | str:
    """The proof that is missing at an offset, or else each one of its declaration, from the top."""
    holes = holes_of(document.source, at)
    places = [[hole] for hole in holes] or list(filter(None, [find_places(document.source, at)]))
    if not places:
        return NOTHING_HERE
    return Sought(places[0][0].start, tuple(_search(session, document, spots) for spots in places))


def missing_behind(session: Session, document: EditedDocument, at: int, behind: int) -> Sought:
    """Each proof that is missing in the declaration at an offset, behind another offset."""
    holes = [hole for hole in all_holes(document.source, at) if hole.start >= behind]
    return Sought(at, tuple(_search(session, document, [hole]) for hole in holes))


def _search(session: Session, document: EditedDocument, spots: Sequence[Spot]) -> PlaceSearch:
    app, path, text, budget_s = session.app, document.path, document.source.text, session.config.lsp.prove_budget_s
    return PlaceSearch(spots[0].start, lambda hear: app.proving.prove(path, text, spots, budget_s, hear))


PROVING = Job("Ghostproof: prove", missing_here, missing_behind)
