"""One tactic step of a finished proof: what it is, and how it is written as a line of JSON.

Names of fields are those of LeanDojo (`tactic`, `state_before`, `full_name`, …) and of ntp-toolkit (`state`,
`nextTactic`, `declUpToTactic`, `decl`, `declId`) where these have one, so that what reads their data reads ours.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NO_GOALS = "no goals"
_BETWEEN_GOALS = "\n\n"


@dataclass(frozen=True)
class Premise:
    """A constant that a tactic names.

    Attributes:
        full_name: as the environment has it.
        start, end: where the tactic's text names it, in code points of that text.
        module: where it is defined, "" for the file itself.
    """

    full_name: str
    start: int
    end: int
    module: str = ""


@dataclass(frozen=True)
class TacticStep:
    """A tactic in a proof that Lean accepted, with the goals on both sides.

    Attributes:
        file_path: as the harvest was given it, or below the project's root.
        full_name: of the declaration, "" for one without a name.
        theorem_statement: the declaration's text up to its value.
        start, end: of the tactic in the file; 1-based line and column in code points.
        tactic: its text, further lines indented as if it began at column 0.
        goals_before, goals_after: as Lean prints them, the main goal first.
        premises: the constants that it names, in their order.
        rest: the text from the tactic to the end of its block, which closes the goal; "" where the tactic is last.
        rest_premises: the constants that `rest` names.
        decl_start: of the declaration in the file, as `start`.
        decl_until: the declaration's text up to the tactic.
        imports: modules that the file imports.
        environment: names the Lean and the libraries that the goals are about.
    """

    file_path: str
    full_name: str
    theorem_statement: str
    start: tuple[int, int]
    end: tuple[int, int]
    tactic: str
    goals_before: tuple[str, ...]
    goals_after: tuple[str, ...]
    premises: tuple[Premise, ...] = ()
    rest: str = ""
    rest_premises: tuple[Premise, ...] = ()
    decl_start: tuple[int, int] = (1, 1)
    decl_until: str = ""
    imports: tuple[str, ...] = ()
    environment: str = ""

    @property
    def state_before(self) -> str:
        return _BETWEEN_GOALS.join(self.goals_before) or NO_GOALS

    @property
    def state_after(self) -> str:
        return _BETWEEN_GOALS.join(self.goals_after) or NO_GOALS

    @property
    def main_goal(self) -> str:
        """The goal that the tactic works on."""
        return self.goals_before[0] if self.goals_before else ""

    @property
    def annotated_tactic(self) -> str:
        """The tactic with each premise's name between `<a>` and `</a>`."""
        text, at = "", 0
        for premise in self.premises:
            if premise.start >= at:
                text += f"{self.tactic[at : premise.start]}<a>{self.tactic[premise.start : premise.end]}</a>"
                at = premise.end
        return text + self.tactic[at:]


def to_json(step: TacticStep) -> str:
    """One line. What can be computed from other fields, but is asked for under a name of its own, is written too."""
    premises = _written(step.premises, step.tactic)
    fields = {
        "file_path": step.file_path,
        "full_name": step.full_name,
        "theorem_statement": step.theorem_statement,
        "start": step.start,
        "end": step.end,
        "tactic": step.tactic,
        "annotated_tactic": [step.annotated_tactic, premises],
        "state_before": step.state_before,
        "state_after": step.state_after,
        "goals_before": step.goals_before,
        "goals_after": step.goals_after,
        "premises": premises,
        "rest": step.rest,
        "rest_premises": _written(step.rest_premises, step.rest),
        "state": step.state_before,
        "nextTactic": step.tactic,
        "declId": declaration_id(step),
        "decl": step.theorem_statement,
        "decl_start": step.decl_start,
        "declUpToTactic": step.decl_until,
        "imports": step.imports,
        "environment": step.environment,
    }
    return json.dumps(fields, ensure_ascii=False)


def _written(premises: Sequence[Premise], text: str) -> list[dict[str, object]]:
    return [
        {"full_name": p.full_name, "code": text[p.start : p.end], "start": p.start, "end": p.end}
        | ({"module": p.module} if p.module else {})
        for p in premises
    ]


def _premises(written: Sequence[Mapping[str, Any]]) -> tuple[Premise, ...]:
    return tuple(
        Premise(str(p["full_name"]), int(p["start"]), int(p["end"]), str(p.get("module", ""))) for p in written
    )


def declaration_id(step: TacticStep) -> str:
    """What tells the declaration from every other one of the project."""
    return f"{step.file_path}:{step.decl_start[0]}:{step.full_name}"


def from_json(line: str) -> TacticStep:
    """The step that `to_json` has written.

    Raises:
        ValueError: it is no such line.
    """
    try:
        fields = json.loads(line)
        return _step(fields)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"this is no step: {problem}") from problem


def _step(fields: Mapping[str, Any]) -> TacticStep:
    return TacticStep(
        file_path=str(fields["file_path"]),
        full_name=str(fields["full_name"]),
        theorem_statement=str(fields["theorem_statement"]),
        start=_place(fields["start"]),
        end=_place(fields["end"]),
        tactic=str(fields["tactic"]),
        goals_before=tuple(map(str, fields["goals_before"])),
        goals_after=tuple(map(str, fields["goals_after"])),
        premises=_premises(fields["premises"]),
        rest=str(fields["rest"]),
        rest_premises=_premises(fields["rest_premises"]),
        decl_start=_place(fields["decl_start"]),
        decl_until=str(fields["declUpToTactic"]),
        imports=tuple(map(str, fields["imports"])),
        environment=str(fields["environment"]),
    )


def _place(pair: Sequence[int]) -> tuple[int, int]:
    line, column = pair
    return int(line), int(column)
