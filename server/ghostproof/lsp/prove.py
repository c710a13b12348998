"""`ghostproof/prove`: what is missing at the cursor, proved."""

from ghostproof.lsp.documents import EditedDocument
from ghostproof.lsp.session import Session
from ghostproof.lsp.whole_proof import Sought
from ghostproof.syntax.missing import find_places, holes_of

NOTHING_HERE = "There is nothing to prove at the cursor."
LABEL = "Ghostproof: prove"


def missing_here(session: Session, document: EditedDocument, at: int) -> Sought | str:
    """The proof that is missing at an offset, or first in its declaration."""
    spots = find_places(document.source, at)
    if not spots:
        return NOTHING_HERE
    app, path, text, budget_s = session.app, document.path, document.source.text, session.config.lsp.prove_budget_s
    places = [spot.start for spot in holes_of(document.source, at)]
    return Sought(spots[0].start, lambda hear: app.proving.prove(path, text, spots, budget_s, hear), places)
