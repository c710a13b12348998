"""What the probe checker concludes from the prober's answers. Pure: nothing here talks to Lean."""

import re
from collections import Counter
from collections.abc import Iterable

from ghostproof.lean.probe import Answer
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from ghostproof.verify.forbidden import mentions
from ghostproof.verify.messages import hints, limit_hit, refusal
from ghostproof.verify.verdict import Cause, Inconclusive, Progress, Proved, Reason, Rejected, Verdict

_COUNTED = re.compile(r"\?[\w✝]*\.\d+|_uniq\.\d+")
_UNSOLVED = "unsolved goals"


def main_goal(goal: str, answer: Answer) -> MainGoal:
    """The first goal as the prober takes it apart."""
    return MainGoal(
        goal=goal,
        target=answer.text("target"),
        head=answer.text("head"),
        binders=answer.texts("binders"),
        hypotheses=tuple(
            Hypothesis(h.text("name"), h.text("type"), h.flag("isProp"), h.text("inductive"), h.flag("recursive"))
            for h in answer.parts("hypotheses")
        ),
        functions=tuple(
            Function(f.text("name"), f.flag("recursive"), f.texts("applications")) for f in answer.parts("functions")
        ),
    )


def errors_of(answer: Answer) -> tuple[str, ...]:
    """Lean's error messages about a command, without what is numbered anew each time."""
    return tuple(_COUNTED.sub("?m", message) for message in answer.texts("errors"))


def offers(answer: Answer) -> tuple[str, ...]:
    """The texts of all "Try this" messages, in Lean's order."""
    return tuple(dict.fromkeys(text for message in answer.texts("hints") for text in hints(message)))


def is_closed(answer: Answer) -> bool:
    """Whether the main goal is closed and a final check in place has to follow."""
    open_questions = answer.texts("axioms") + answer.texts("unseen")
    return answer.flag("closed") and "search" not in answer and not open_questions


def trial_verdict(answer: Answer, text: str = "", owner: str = "") -> Verdict:
    """What the candidate does from the saved state; provisional where `is_closed`.

    Args:
        text: the candidate.
        owner: full name of the declaration under proof. In a saved state its full name means nothing yet, so that Lean
            calls it unknown where in a later state of the file it would be a circle.
    """
    stopped = _no_answer(answer)
    if stopped:
        return stopped
    if "parse" in answer:
        return Rejected(Reason.PARSE, answer.text("parse"))
    if "refused" in answer:
        return Rejected(Reason.FORBIDDEN, f"`{answer.text('refused')}` is not allowed in a suggestion")
    if "circular" in answer:
        return Rejected(Reason.CIRCULAR, f"it uses `{answer.text('circular')}`, which is being proved")
    if "sorry" in answer:
        return Rejected(Reason.FINAL, "the declaration still uses `sorry`")
    if "error" in answer:
        verdict = _refused(answer)
        if isinstance(verdict, Rejected) and owner and mentions(text, (owner,)):
            return Rejected(Reason.CIRCULAR, f"it uses `{owner}`, which is being proved")
        return verdict
    if "search" in answer:
        text = f"`{answer.text('search')}` looks for a proof; what it found is the suggestion"
        return Rejected(Reason.FORBIDDEN, text)
    if answer.flag("same"):
        return Rejected(Reason.NO_PROGRESS, "The goals are what they were.")
    if answer.texts("axioms"):
        return Rejected(Reason.FINAL, f"it rests on {', '.join(sorted(answer.texts('axioms')))}")
    if answer.texts("unseen"):
        names = ", ".join(sorted(answer.texts("unseen")))
        return Inconclusive(Cause.AXIOMS, f"it rests on {names}, whose proof this Lean does not show to other modules")
    goals = answer.texts("goals")
    return Progress(goals, closed_main=answer.flag("closed")) if goals else Proved()


def final_verdict(answer: Answer, known: Iterable[str], accepted: Verdict) -> Verdict:
    """Whether Lean accepts the declaration with the candidate in place.

    Args:
        known: the errors of the declaration with `sorry` in the hole.
        accepted: the verdict if it does.
    """
    stopped = _no_answer(answer)
    if stopped:
        return stopped
    if "parse" in answer:
        return Rejected(Reason.PARSE, answer.text("parse"))
    fresh = _fresh(errors_of(answer), known)
    if not fresh:
        return accepted
    return refusal(next((message for message in fresh if limit_hit(message)), fresh[0]), Reason.FINAL)


def _fresh(errors: Iterable[str], known: Iterable[str]) -> list[str]:
    """The errors that are new. Goals that the declaration left open before may print differently: the candidate has
    settled what they had in common with its own."""
    left = Counter(known)
    unsolved = sum(message.startswith(_UNSOLVED) for message in left.elements())
    fresh = []
    for message in errors:
        if message.startswith(_UNSOLVED) and unsolved:
            unsolved -= 1
        elif left[message]:
            left[message] -= 1
        else:
            fresh.append(message)
    return fresh


def _no_answer(answer: Answer) -> Inconclusive | None:
    if answer.text("cause") == "interrupt" or answer.flag("stopped"):
        return Inconclusive(Cause.TIMEOUT, "Lean did not finish within the time it was given.")
    if "failure" in answer:
        return Inconclusive(Cause.CRASH, answer.text("failure"))
    return None


def _refused(answer: Answer) -> Verdict:
    message = answer.text("error")
    if answer.text("cause") == "heartbeats":
        return Inconclusive(Cause.HEARTBEATS, message)
    cause = limit_hit(message)
    return Inconclusive(cause, message) if cause else Rejected(Reason.ERROR, message)
