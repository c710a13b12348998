"""What a prompt is made of, and what a model family is: someone who knows how its models want to be asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ghostproof.prover.protocol import Prompt

# `<|im_end|>`, `<｜User｜>`, `<think>`, `<s>`, `[INST]`: what tokenizers take for control tokens, wherever it stands.
_CONTROL = re.compile(
    r"<(?=[|｜][^\s<>]{1,40}[|｜]>|/?(?:think|tool_call|tool_response|s|unk|pad|bos|eos|mask|fim_\w+)>)"
    r"|\[(?=/?(?:INST|TAC|STATE|CTX|GOAL|PROOF|PROOFSTEP|SEP|CLS|PAD|UNK|MASK)\])"
)


def neutral(text: str) -> str:
    """The text with a blank inside whatever a tokenizer would take for a control token."""
    return _CONTROL.sub(lambda found: found.group() + " ", text)


@dataclass(frozen=True)
class View:
    """What a model is shown of a file. All texts are neutral; each but the last ends with its line.

    Attributes:
        header: imports and what stands among them.
        premises: statements of declarations from elsewhere, most relevant first.
        preceding: commands above the current declaration, in the file's order.
        statement: the current declaration up to its proof, without `:=`.
        written: the current declaration up to the spot, the spot's lead included.
        column: of the tactics at the spot, in code points.
        bullet: the spot stands behind a bullet, on its line.
        goals: pretty-printed, the main goal first. None yet: the prompt ends where they would begin.
        typed: beginning of the tactic that is there already, without what may be half a word at its end.
    """

    header: str
    statement: str
    written: str
    column: int
    premises: tuple[str, ...] = ()
    preceding: tuple[str, ...] = ()
    bullet: bool = False
    goals: tuple[str, ...] = ()
    typed: str = ""

    @property
    def context(self) -> str:
        """What stands above the current declaration: the parts that change least come first."""
        given = f"/- Known:\n{''.join(self.premises)}-/\n\n" if self.premises else ""
        return self.header + given + "".join(self.preceding)


@dataclass(frozen=True)
class Mistake:
    """A proof that Lean refused. All texts are neutral.

    Attributes:
        script: its tactics, laid out at column 0.
        message: what Lean said.
        step: the tactic where Lean stopped, "" where that is not known.
    """

    script: str
    message: str
    step: str = ""


@dataclass(frozen=True)
class Lessons:
    """What is known from earlier sketches of the same proof. All texts are neutral.

    Attributes:
        proved: goals of their steps that are proved.
        open: goals of their steps for which no proof was found.
        mistakes: sketches that Lean refused.
    """

    proved: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


class Family(Protocol):
    """How the models of one family are asked, and where the answer stands in what they write.

    Prompts are without the tokenizer's beginning-of-text token: the backend puts it in front where there is one.
    """

    @property
    def name(self) -> str:
        """As in the setting `prover.family`."""
        ...

    def matches(self, model: str) -> bool:
        """Whether a model with this name, in lower case, is of the family."""
        ...

    def next_tactic(self, view: View) -> Prompt:
        """Ask for one tactic at the spot."""
        ...

    def whole_proof(self, view: View, *, cot: bool) -> Prompt | None:
        """Ask for the current declaration's proof from its beginning; None where the family only knows single tactics.

        Args:
            cot: let the model think first, where the family can do both.
        """
        ...

    def repair(self, view: View, mistakes: Sequence[Mistake]) -> Prompt | None:
        """Ask for the proof again, given refused ones, the best first; the answer is one of `whole_proof`."""
        ...

    def sketch(self, view: View, lessons: Lessons) -> Prompt | None:
        """Ask for the proof's steps, each with `sorry` for its own proof; the answer is one of `whole_proof`."""
        ...

    def extract_tactic(self, text: str, prompt: Prompt) -> str | None:
        """The tactic in a candidate for a `next_tactic` prompt, laid out at column 0; None where there is none."""
        ...

    def extract_proof(self, text: str) -> str | None:
        """The tactics in a candidate for a `whole_proof` prompt, laid out at column 0; None where there are none."""
        ...
