"""The code actions for whole proofs: one that proves what is missing, one that repairs what Lean refuses."""

from collections.abc import Sequence

from lsprotocol import types as t

from ghostproof.lsp.diagnostics import causes, is_refusal, problem
from ghostproof.lsp.documents import EditedDocument
from ghostproof.lsp.protocol import PROVE_HERE, REPAIR_HERE
from ghostproof.syntax.extent import declaration_at
from ghostproof.syntax.given_up import has_sorry
from ghostproof.syntax.missing import find_proof_spots, holes_of
from ghostproof.syntax.spot import Problem
from ghostproof.syntax.written_proofs import WrittenProof, proof_at

# A kind below that of quick fixes: a key can be bound to it, and whoever asks for quick fixes gets it too.
PROVE_KIND = f"{t.CodeActionKind.QuickFix.value}.ghostproof.prove"
LEMMAS = frozenset({"theorem", "lemma"})
REPAIR_TITLE = "Repair this proof"


def prove_actions(
    document: EditedDocument, at: int, problems: Sequence[Problem], diagnostics: Sequence[t.Diagnostic]
) -> list[t.CodeAction]:
    """The action that has proved what is missing here, or else all of the declaration's; none where nothing is."""
    spots = find_proof_spots(document.source, at, problems)
    if not spots:
        return []
    keyword = declaration_at(document.source.text, spots[0].start).keyword
    name = f"Prove this {'lemma' if keyword in LEMMAS or not keyword else keyword}"
    caused = [each for each in diagnostics if causes(each, spots[0])]
    holes = holes_of(document.source, at)
    of_all = len(holes) > 1 and spots[0] == holes[0]
    return [_action(name, PROVE_KIND, caused, PROVE_HERE, document, at if of_all else spots[0].start)]


def repair_actions(document: EditedDocument, at: int, diagnostics: Sequence[t.Diagnostic]) -> list[t.CodeAction]:
    """The action that repairs the proof at an offset of which Lean refuses something; else one of the declaration's.

    A proof with a `sorry` in it is unfinished, whatever else is wrong with it. A term that may be the value of a
    definition gets none: only Lean can tell.
    """
    declaration = declaration_at(document.source.text, at)
    refused: dict[WrittenProof, list[t.Diagnostic]] = {}
    for each in filter(is_refusal, diagnostics):
        start = problem(document, each).start
        proof = proof_at(document.source.text, start) if declaration.start <= start <= declaration.end else None
        if proof is not None and proof.is_proof and not has_sorry(proof.script):
            refused.setdefault(proof, []).append(each)
    if not refused:
        return []
    here = next((proof for proof in refused if proof.opener <= at <= proof.spot.end), next(iter(refused)))
    kind = t.CodeActionKind.QuickFix
    return [_action(REPAIR_TITLE, kind, refused[here], REPAIR_HERE, document, here.start)]


def _action(
    title: str, kind: str, diagnostics: list[t.Diagnostic], command: str, document: EditedDocument, at: int
) -> t.CodeAction:
    """An action that has the client ask for the proof at an offset."""
    place = {"textDocument": {"uri": document.uri}, "position": document.wire_range(at, at)["start"]}
    return t.CodeAction(
        title=title, kind=kind, diagnostics=diagnostics or None, command=t.Command(title, command, arguments=[place])
    )
