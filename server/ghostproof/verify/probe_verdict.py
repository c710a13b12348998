"""What the probe checker concludes from the prober's answers. Pure: nothing here talks to Lean."""

import re
from collections import Counter
from collections.abc import Iterable

from ghostproof.lean.probe import ProbeAnswer
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from ghostproof.verify.forbidden import mentions, not_allowed
from ghostproof.verify.messages import hints, in_words, limit_hit, refusal
from ghostproof.verify.small_values import Refuted, Survived, Trial, Untested
from ghostproof.verify.verdict import Cause, Inconclusive, Progress, Proved, Reason, Rejected, Verdict

_COUNTED = re.compile(r"\?[\w✝]*\.\d+|_uniq\.\d+")
_UNSOLVED = "unsolved goals"
_OPEN = re.compile(r"\?[\w✝.]+")


def main_goal(goal: str, answer: ProbeAnswer) -> MainGoal:
    """The first goal as the prober takes it apart."""
    return MainGoal(
        goal=goal,
        target=answer.text("target"),
        head=answer.text("head"),
        is_data=answer.flag("isData"),
        witness=answer.text("witness"),
        binders=answer.texts("binders"),
        hypotheses=tuple(
            Hypothesis(
                name=h.text("name"),
                type=h.text("type"),
                is_prop=h.flag("isProp"),
                inductive=h.text("inductive"),
                recursive=h.flag("recursive"),
                implicit=h.texts("implicit"),
            )
            for h in answer.parts("hypotheses")
        ),
        functions=_functions(answer, "functions"),
        library=_functions(answer, "library"),
    )


def _functions(answer: ProbeAnswer, key: str) -> tuple[Function, ...]:
    return tuple(
        Function(
            name=f.text("name"),
            recursive=f.flag("recursive"),
            applications=f.texts("applications"),
            arguments=f.texts("arguments"),
            result=f.text("result"),
            reducible=f.flag("reducible"),
        )
        for f in answer.parts(key)
    )


def errors_of(answer: ProbeAnswer) -> tuple[str, ...]:
    """Lean's error messages about a command, without what is numbered anew each time."""
    return tuple(_COUNTED.sub("?m", message) for message in answer.texts("errors"))


def offers(answer: ProbeAnswer) -> tuple[str, ...]:
    """The texts of all "Try this" messages, in Lean's order."""
    return tuple(dict.fromkeys(text for message in answer.texts("hints") for text in hints(message)))


def premises_used(answer: ProbeAnswer) -> tuple[bool, ...]:
    """Whether each premise of a first `have : A → B → C` is used in its proof."""
    return tuple(letter == "1" for letter in answer.text("premises"))


def is_closed(answer: ProbeAnswer) -> bool:
    """Whether the main goal is closed, or none is left, and a final check in place has to follow."""
    return _went(answer) and not _unsound(answer) and (answer.flag("closed") or not answer.texts("goals"))


def is_recursive(answer: ProbeAnswer) -> bool:
    """Whether a step uses the declaration under proof, so that Lean has to say whether its recursion ends."""
    return _went(answer) and bool(answer.text("recursion"))


def trial_verdict(answer: ProbeAnswer, text: str = "", owner: str = "") -> Verdict:
    """What the candidate does from the saved state; provisional where `is_closed` or `is_recursive`.

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
        return Rejected(Reason.FORBIDDEN, not_allowed(answer.text("refused")))
    if "search" in answer and "error" not in answer:
        text = f"`{answer.text('search')}` looks for a proof; what it found is the suggestion"
        return Rejected(Reason.FORBIDDEN, text)
    if "sorry" in answer:
        return Rejected(Reason.FINAL, "the declaration still uses `sorry`")
    if "error" in answer:
        verdict = _refused(answer)
        if isinstance(verdict, Rejected) and owner and mentions(text, (owner,)):
            return Rejected(Reason.CIRCULAR, f"it uses `{owner}`, which is being proved")
        return verdict
    if answer.flag("same"):
        return Rejected(Reason.NO_PROGRESS, "The goals are what they were.")
    unsound = _unsound(answer)
    if unsound:
        return unsound
    if "goals" not in answer:
        return Inconclusive(Cause.CRASH, "Lean did not say what is left.")
    goals = answer.texts("goals")
    return Progress(goals, closed_main=answer.flag("closed")) if goals else Proved()


def of_a_step(verdict: Verdict) -> Verdict:
    """A verdict from a state that a step has led to: what closes the goal is a step too, until the whole is checked."""
    return Progress((), closed_main=True) if isinstance(verdict, Proved) else verdict


def final_verdict(answer: ProbeAnswer, known: Iterable[str], accepted: Verdict, *, recursive: bool = False) -> Verdict:
    """Whether Lean accepts the declaration with the candidate in place.

    Args:
        known: the errors of the declaration with `sorry` in the hole.
        accepted: the verdict if it does.
        recursive: all that can be wrong is how the declaration uses itself.
    """
    stopped = _no_answer(answer)
    if stopped:
        return stopped
    if "parse" in answer:
        return Rejected(Reason.PARSE, answer.text("parse"))
    if "refused" in answer:
        return Rejected(Reason.FORBIDDEN, not_allowed(answer.text("refused")))
    if "errors" not in answer:
        # Nothing was elaborated, such as where the state was dropped after the trial. What is not said is not accepted.
        return Inconclusive(Cause.CRASH, "Lean did not come to the final check.")
    fresh = _fresh(errors_of(answer), known)
    if fresh:
        reason = Reason.CIRCULAR if recursive else Reason.FINAL
        return refusal(next((message for message in fresh if limit_hit(message)), fresh[0]), reason)
    if answer.flag("unreached"):
        return Rejected(Reason.FINAL, "Lean does not get to it in the declaration")
    if "sorry" in answer:
        return Rejected(Reason.FINAL, "the declaration still uses `sorry`")
    if "error" in answer:
        return refusal(answer.text("error"), Reason.FINAL)
    return _unsound(answer) or accepted


def trial_of(answer: ProbeAnswer) -> Trial:
    """What an answer to `test` says."""
    if "refuted" in answer:
        return Refuted(tuple((value.text("name"), value.text("value")) for value in answer.parts("refuted")))
    if "tested" in answer:
        return Survived(answer.number("tested"), answer.number("undecided"))
    return Untested(answer.text("unknown") or answer.text("failure") or "it was not tried")


def _went(answer: ProbeAnswer) -> bool:
    """Whether the candidate ran and may be a suggestion."""
    return "goals" in answer and "search" not in answer


def _unsound(answer: ProbeAnswer) -> Rejected | Inconclusive | None:
    """Why what the candidate does counts for nothing although Lean accepts it."""
    unfinished, axioms = answer.texts("unfinished"), answer.texts("axioms")
    if unfinished:
        names = ", ".join(f"`{name}`" for name in dict.fromkeys(unfinished))
        return Rejected(Reason.FINAL, f"it rests on {names}, not finished yet")
    if axioms:
        return Rejected(Reason.FINAL, f"it rests on {', '.join(sorted(set(axioms)))}")
    if answer.texts("unseen"):
        hidden = ", ".join(sorted(set(answer.texts("unseen"))))
        return Inconclusive(Cause.AXIOMS, f"it rests on {hidden}, whose proof this Lean does not show to other modules")
    if answer.flag("value") and not answer.flag("closed") and not answer.texts("goals"):
        return Rejected(Reason.FINAL, "the goal is no proposition: any value would do, and nothing says which")
    return None


def _fresh(errors: Iterable[str], known: Iterable[str]) -> list[str]:
    """The errors that are new. Goals that the declaration left open before may print differently: the candidate has
    settled the metavariables that they had in common with its own."""
    left = Counter(known)
    fresh = []
    for message in errors:
        before = message if left[message] else _once_open(message, left)
        if before is None:
            fresh.append(message)
        else:
            left[before] -= 1
    return fresh


def _once_open(message: str, left: Counter[str]) -> str | None:
    """The goals, left open before, that become these when their metavariables are settled."""
    if not message.startswith(_UNSOLVED):
        return None
    for known, count in left.items():
        if count and known.startswith(_UNSOLVED) and _OPEN.search(known):
            settled = "(?:.+)".join(re.escape(part) for part in _OPEN.split(known))
            if re.fullmatch(settled, message, re.DOTALL):
                return known
    return None


def _no_answer(answer: ProbeAnswer) -> Inconclusive | None:
    if answer.text("cause") == "interrupt" or answer.flag("stopped"):
        return Inconclusive(Cause.TIMEOUT, "Lean did not finish within the time it was given.")
    if "failure" in answer:
        return Inconclusive(Cause.CRASH, answer.text("failure"))
    return None


def _refused(answer: ProbeAnswer) -> Verdict:
    message = answer.text("error")
    if answer.text("cause") == "heartbeats":
        return Inconclusive(Cause.HEARTBEATS, message)
    cause = limit_hit(message)
    return Inconclusive(cause, message) if cause else Rejected(Reason.ERROR, in_words(message))
