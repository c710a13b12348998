"""`ghostproof/repair`: a proof at the cursor that Lean refuses, replaced by one that keeps what still works."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ghostproof.errors import GhostproofError, NoGoal
from ghostproof.lsp.documents import EditedDocument
from ghostproof.lsp.session import Session
from ghostproof.lsp.whole_proof import Job, PlaceSearch, Sought
from ghostproof.syntax.extent import declaration_at
from ghostproof.syntax.written_proofs import WrittenProof, proof_at, written_proofs

if TYPE_CHECKING:
    from ghostproof.search.proof import Outcome
    from ghostproof.search.task import ReportOutcome

NO_PROOF_HERE = "There is no proof at the cursor."
NOTHING_BROKEN = "Lean refuses nothing of the proof at the cursor. What is missing, “Prove this lemma” proves."


def broken_here(session: Session, document: EditedDocument, at: int) -> Sought | str:
    """The proof at an offset, or else the first of its declaration's that Lean refuses."""
    proofs = proofs_at(document.source.text, at)
    if not proofs:
        return NO_PROOF_HERE
    text = document.source.text

    async def search(hear: "ReportOutcome") -> "Outcome":
        return await _repaired(session, document, text, proofs, hear)

    return Sought(proofs[0].start, (PlaceSearch(proofs[0].start, search),))


def proofs_at(text: str, at: int) -> list[WrittenProof]:
    """The block of tactics at an offset and the term that it is a part of; else all proofs of its declaration."""
    declaration = declaration_at(text, at)
    proofs = [proof for proof in written_proofs(text) if declaration.start <= proof.start < declaration.end]
    here = proof_at(text, at)
    if here is None:
        return proofs
    return [here, *(proof for proof in proofs if proof != here and proof.opener <= here.opener < proof.spot.end)]


async def _repaired(
    session: Session, document: EditedDocument, text: str, proofs: Sequence[WrittenProof], hear: "ReportOutcome"
) -> "Outcome":
    from ghostproof.search.proof import Outcome  # `initialize` does not wait for the import

    app, path = session.app, document.path
    try:
        for proof in proofs:
            for broken in await app.proving.broken(path, text, proof):
                return await app.proving.repair(path, text, broken, session.config.lsp.prove_budget_s, hear)
    except GhostproofError as problem:
        return Outcome(done=True, error=problem)
    return Outcome(done=True, error=NoGoal(NOTHING_BROKEN))


REPAIRING = Job("Ghostproof: repair", broken_here)
