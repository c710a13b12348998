"""Whether a proof that was found holds in another text too, of which only Lean can tell."""

from dataclasses import replace
from pathlib import Path

from ghostproof.errors import NoGoal
from ghostproof.search.in_place import WHOLE
from ghostproof.search.proof import Proof
from ghostproof.verify.checker import Checker
from ghostproof.verify.verdict import Candidate, Proved, Suggestion


async def recheck(checker: Checker, path: Path, text: str, proof: Proof) -> Proof | None:
    """The proof at its spot of this text, if Lean accepts it there.

    Raises:
        LeanDied, LeanTimeout: Lean did not come to the goal.
    """
    whole, own = proof.without_above(text)
    try:
        state = await checker.open(path, whole, own.spot)
    except NoGoal:
        return None
    # What Lean refuses of its lemmas need not be what the proof rests on.
    if proof.above is not None and state.error_above is not None:
        return None
    checked = await checker.check(state, Candidate(proof.suggestion.text, proof.suggestion.source), WHOLE)
    return replace(proof, suggestion=Suggestion.of(checked)) if isinstance(checked.verdict, Proved) else None
