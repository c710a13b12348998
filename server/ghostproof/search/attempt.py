"""A script that somebody wrote as a proof: tried whole, then as far as Lean goes along, its failing steps as goals.

Lean does not tell which step fails, so the longest part from the first step on that runs is found by halving. What is
behind the failing step, and the blocks inside of it, are tried on the goals that are left. A script with `sorry` in it
is a sketch: each `sorry` becomes a hole of ours, and the sketch counts only if Lean accepts all the rest at once.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ghostproof.search.skeleton import Skeleton
from ghostproof.search.strategy import Move
from ghostproof.syntax.given_up import has_sorry
from ghostproof.syntax.script import HOLE, ScriptStep, script_steps
from ghostproof.verify.verdict import Checked, Inconclusive, Progress, Proved, Rejected

# Nobody writes longer proofs of one goal, and blocks in blocks, for a person to read.
LONGEST, DEEPEST = 20_000, 8
# A whole proof is judged soon after the cheapest automation, its parts sooner.
_WHOLE, _PART = 0.6, 0.2
# What a script that went wrong adds to the cost of what it leaves, and for each step that is lost.
_ONWARD, _LOST = 0.4, 0.2
_CHAIN = re.compile(r"calc (?P<first>\S.*?)\n(?P<indent> +)(?P<rest>_ .*)", re.DOTALL)
_OBTAIN = re.compile(r"obtain\s+(?P<pattern>.+?) : (?P<type>.+) :=\s*", re.DOTALL)
_TERM_SORRY = re.compile(r":=\s*(?:by\s+)?(?:exact\s+)?(?:sorry|admit)\b(?=\s*$)", re.MULTILINE)
_TACTIC_SORRY = re.compile(r"\b(?:exact\s+sorry|admit|sorry)\b(?=\s*$)", re.MULTILINE)


@dataclass(frozen=True)
class Attempt(Move):
    """A script, or its first steps, tried to learn how far Lean goes along.

    Attributes:
        steps: the whole script's.
        size: how many of them are tried here.
        kept: so many from the first on are known to run.
        lost: so many are known not to.
        message: what Lean said about the whole.
    """

    steps: tuple[ScriptStep, ...] = field(default=(), repr=False)
    size: int = 0
    kept: int = 0
    lost: int = 0
    message: str = ""

    @property
    def is_whole(self) -> bool:
        return self.size == len(self.steps)

    @property
    def is_settled(self) -> bool:
        """It is known at which step Lean stops, as far as there are any."""
        return self.lost - self.kept <= 1

    @property
    def failing(self) -> str:
        """The step at which Lean stops, where that is known."""
        return self.steps[self.kept].text if self.kept < self.lost and self.is_settled else ""

    @property
    def script(self) -> str:
        return "\n".join(step.text for step in self.steps) or self.text


def attempts(script: str, strategy: str, *, extra: float = 0.0, depth: int = 0) -> tuple[Move, ...]:
    """What to try of a script on the goal that it is meant for; nothing of one that can't be a proof.

    Args:
        extra: added to the cost: scripts that come later are tried later.
    """
    script = _TACTIC_SORRY.sub("sorry", _TERM_SORRY.sub(":= by sorry", script.strip("\n").rstrip()))
    if not script.strip() or len(script) > LONGEST or depth > DEEPEST:
        return ()
    steps = tuple(part for step in script_steps(script) for part in _spread(step))
    if not has_sorry(script):
        whole = Attempt(script, strategy, _WHOLE + extra, steps=steps, size=len(steps), lost=len(steps))
        return (whole,)
    if not steps or steps[0].text == "sorry":
        return ()
    sketch = _arranged(steps, strategy, depth=depth)
    return (
        Attempt(
            sketch.text,
            strategy,
            _WHOLE + extra,
            _ONWARD,
            skeleton=sketch.skeleton,
            order=sketch.order,
            plan=sketch.plan,
            steps=steps,
            size=len(steps),
            lost=len(steps),
        ),
    )


def learnt(tried: Attempt, checked: Checked) -> Attempt | None:
    """The attempt with what the verdict tells of its steps; None where Lean accepts all of them."""
    verdict = checked.verdict
    runs = isinstance(verdict, Proved | Progress)
    if not tried.is_whole:
        return replace(tried, kept=tried.size) if runs else replace(tried, lost=tried.size)
    message = verdict.message if isinstance(verdict, Rejected | Inconclusive) else ""
    return None if runs else replace(tried, kept=0, lost=len(tried.steps), message=message)


def follow(tried: Attempt, checked: Checked) -> Iterator[Move]:
    """What follows from the verdict on an attempt: the next part to try, or what is kept of the script."""
    told = learnt(tried, checked)
    if told is None:
        if isinstance(checked.verdict, Progress) and not checked.verdict.closed_main and tried.onward is None:
            yield Move(tried.text, tried.strategy, _PART, _ONWARD)
    elif not told.is_settled:
        yield _part(told, (told.kept + told.lost) // 2)
    elif told.steps:
        yield from _kept(told)


def _part(told: Attempt, size: int) -> Attempt:
    """The first steps, to learn whether they run; what they leave is not followed."""
    part = _arranged(told.steps[:size], told.strategy)
    return replace(told, text=part.text, cost=_PART, onward=None, skeleton=None, order=None, plan=(), size=size)


def _kept(told: Attempt) -> Iterator[Move]:
    """Steps of the search made of the longest part that runs, and what is to be tried on what they leave."""
    failing, rest = told.steps[told.kept], told.steps[told.kept + 1 :]
    onward = _ONWARD + _LOST * (len(rest) + 1)
    behind = attempts("\n".join(step.text for step in rest), told.strategy) if rest else ()
    if failing.is_bullet:
        run = _run(told.steps[told.kept :])
        plan = tuple(attempts(_alone(step), told.strategy) for step in run)
        if told.kept:
            before = _arranged(told.steps[: told.kept], told.strategy)
            bullets = Skeleton.of("\n".join([before.text, *[f"· {HOLE}"] * len(run)]))
            skeleton = before.skeleton or bullets
            yield replace(before, cost=_PART, onward=onward, skeleton=skeleton, plan=plan)
        else:
            yield from plan[0]
        return
    if failing.inner:
        opened = _arranged(told.steps[: told.kept + 1], told.strategy, open_last=True)
        yield replace(opened, cost=_PART, onward=_ONWARD, plan=(*opened.plan, behind))
    if told.kept:
        before = _arranged(told.steps[: told.kept], told.strategy, goes_on=True)
        yield replace(before, cost=2 * _PART, onward=onward, plan=(*before.plan, behind))
    elif not failing.inner:
        yield from behind


def _arranged(
    steps: Sequence[ScriptStep], strategy: str, *, open_last: bool = False, goes_on: bool = False, depth: int = 0
) -> Move:
    """Steps as a text with holes for what is unfinished, and which goal each hole will be.

    Args:
        open_last: every block of the last step is a hole, unfinished or not.
        goes_on: the goal itself stays open behind the last step.
    """
    lines: list[str] = []
    written: list[str] = []
    plan: list[tuple[Move, ...]] = []
    aside: list[int] = []  # goals of each `have`, which Lean puts behind all others
    front = 0
    done = next((nth for nth, step in enumerate(steps) if step.text == "sorry"), len(steps))
    goes_on = goes_on or done < len(steps)
    for nth, step in enumerate(steps[:done]):
        if step.is_bullet and step.unfinished:
            run = _run(steps[nth:done])
            written += [f"· {HOLE}"] * len(run)
            plan += [attempts(_alone(bullet), strategy, depth=depth + 1) for bullet in run]
            front, goes_on = len(run), False
            break
        last = nth == done - 1
        holes = range(len(step.inner)) if open_last and last else step.unfinished
        lines.append(step.hollow(holes))
        written.append(lines[-1])
        plan += [attempts(step.inner[hole].script, strategy, depth=depth + 1) for hole in holes]
        if holes and step.head == "have":
            aside.append(len(holes))
            goes_on = goes_on or last
        else:
            front = len(holes)
    text = "\n".join(lines)
    if not plan:
        return Move(text, strategy, _PART)
    if goes_on:
        written.append(HOLE)
        front += 1
    skeleton = Skeleton.of("\n".join(written))
    return Move(text, strategy, _PART, skeleton=skeleton, order=_order(aside, front), plan=tuple(plan))


def _order(aside: Sequence[int], front: int) -> tuple[int, ...]:
    """Which goal each hole is: the goals of later `have`s stand before those of earlier ones, the others before all."""
    behind = front + sum(aside)
    found: list[int] = []
    for goals in aside:
        behind -= goals
        found += range(behind, behind + goals)
    return (*found, *range(front))


def _spread(step: ScriptStep) -> tuple[ScriptStep, ...]:
    """The step laid out so that each block in it can be a hole with a proof of several lines."""
    if step.head == "calc" and (chain := _CHAIN.fullmatch(step.text)):
        # A block in the first step must stand further right than that step does.
        return script_steps(f"calc\n{chain['indent']}{chain['first']}\n{chain['indent']}{chain['rest']}")
    if step.head == "obtain" and step.inner and step.inner[0].end == len(step.text):
        found = _OBTAIN.fullmatch(step.text[: step.inner[0].start])
        if found is not None:  # Lean takes no hole there
            proof = textwrap.indent(step.inner[0].script, "  ")
            return script_steps(f"have : {found['type']} := by\n{proof}\nobtain {found['pattern']} := this")
    return (step,)


def _run(steps: Sequence[ScriptStep]) -> Sequence[ScriptStep]:
    """The bullets that steps begin with."""
    behind = next((nth for nth, step in enumerate(steps) if not step.is_bullet), len(steps))
    return steps[:behind]


def _alone(bullet: ScriptStep) -> str:
    """What a bullet says about its goal. `case` and `next` name what is in it, and can stand there again."""
    return bullet.inner[0].script if bullet.head in ("·", ".") and bullet.inner else bullet.text
