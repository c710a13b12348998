"""Prompts for a place in a file: what the model is shown of the file, so that it fits, and stays the same while typing.

The parts that change least come first, since a prover keeps its work on everything up to the first difference: fixed
words, imports, premises, the file above the current declaration, the declaration up to the cursor, the goals.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from cachetools import LRUCache

from ghostproof.errors import PromptTooLong
from ghostproof.prover.prompts.block import statement_end
from ghostproof.prover.prompts.families import family_of
from ghostproof.prover.prompts.family import Family, Lessons, Mistake, View, neutral
from ghostproof.prover.prompts.pieces import Kind, Piece, identifiers, split
from ghostproof.prover.prompts.window import Window
from ghostproof.prover.protocol import Prompt
from ghostproof.syntax.spot import Spot, SpotKind, typed_prefix

log = logging.getLogger(__name__)

Count = Callable[[list[str]], Awaitable[list[int]]]

# Tokens for the beginning of the text, and for texts that are counted apart and stand together.
SPARE = 16
# The room for the file above changes in steps of this part of the whole only, not with each character typed.
STEPS = 16

_HALF_WORD = re.compile(r"[\w.'!?✝«»]*$")


@dataclass
class _Document:
    """What is remembered of one document."""

    pieces: tuple[Piece, ...] = ()
    window: Window = field(default_factory=Window)
    left_out: tuple[str, ...] = ()


class Prompter:
    """Makes prompts for one model. Safe to use from many tasks of one event loop.

    Args:
        family: how the model is asked.
        count: how many tokens each of some texts has, or more; such as `Prover.count`.
        context_tokens: longest prompt and candidate together.
        candidate_tokens: most tokens of one tactic.
    """

    def __init__(self, family: Family, count: Count, context_tokens: int, candidate_tokens: int) -> None:
        self.family = family
        self._count = count
        self._context_tokens = context_tokens
        self._candidate_tokens = candidate_tokens
        self._counted: LRUCache[str, int] = LRUCache(1 << 14)
        self._documents: LRUCache[str, _Document] = LRUCache(32)

    async def next_tactic(
        self, text: str, spot: Spot, goals: Sequence[str], document: str = "", premises: Sequence[str] = ()
    ) -> Prompt:
        """A prompt for the tactic at a spot of `text`.

        Args:
            goals: pretty-printed, the main goal first. None: the prompt as far as it does not depend on them, which is
                the beginning of the one that comes when they are known.
            premises: statements of declarations from elsewhere, most relevant first.

        Raises:
            PromptTooLong
            ProverFailed: from `count`.
        """
        view, above = self._look(text, spot, document)
        view = replace(view, goals=tuple(map(neutral, goals)), premises=_lines(premises))
        view, room = await self._fit(view, self._candidate_tokens, lambda view: self.family.next_tactic(view).text)
        view = replace(view, preceding=await self._shown(above, room, view, document))
        return replace(self.family.next_tactic(view), document=document)

    async def whole_proof(
        self,
        text: str,
        spot: Spot,
        tokens: int,
        document: str = "",
        *,
        cot: bool = False,
        premises: Sequence[str] = (),
    ) -> Prompt | None:
        """A prompt for the proof, from its beginning, of the declaration that holds a spot; None where there is none.

        Args:
            tokens: most tokens of the answer.
            cot: let the model think first, where its family can do both.

        Raises:
            PromptTooLong
            ProverFailed: from `count`.
        """
        return await self._of_declaration(
            text, spot, tokens, document, premises, lambda view: self.family.whole_proof(view, cot=cot)
        )

    async def repair(
        self, text: str, spot: Spot, tokens: int, document: str, mistakes: Sequence[Mistake]
    ) -> Prompt | None:
        """A prompt for the same proof again, given refused ones, the best first; as many as fit, at least one.

        Raises: as `whole_proof`.
        """
        given = [_neutral(mistake) for mistake in mistakes]
        for shown in range(len(given), 0, -1):
            write = partial(self.family.repair, mistakes=given[:shown])
            try:
                return await self._of_declaration(text, spot, tokens, document, (), write)
            except PromptTooLong:
                if shown == 1:
                    raise
        return None

    async def sketch(self, text: str, spot: Spot, tokens: int, document: str, lessons: Lessons) -> Prompt | None:
        """A prompt for the steps of the same proof.

        Raises: as `whole_proof`.
        """
        given = Lessons(
            tuple(map(neutral, lessons.proved)),
            tuple(map(neutral, lessons.open)),
            tuple(map(_neutral, lessons.mistakes)),
        )
        return await self._of_declaration(
            text, spot, tokens, document, (), lambda view: self.family.sketch(view, given)
        )

    def extract_tactic(self, text: str, prompt: Prompt) -> str | None:
        """The tactic in a candidate for a prompt of `next_tactic`, laid out at column 0; None where there is none."""
        return self.family.extract_tactic(text, prompt)

    def extract_proof(self, text: str) -> str | None:
        """The tactics in a candidate for a prompt of `whole_proof`, laid out at column 0; None where there are none."""
        return self.family.extract_proof(text)

    async def _of_declaration(
        self,
        text: str,
        spot: Spot,
        tokens: int,
        document: str,
        premises: Sequence[str],
        write: Callable[[View], Prompt | None],
    ) -> Prompt | None:
        """What is written of the declaration that holds a spot, with as much of the file above as fits."""
        view, above = self._look(text, spot, document)
        view = replace(view, premises=_lines(premises))
        if write(view) is None:
            return None

        def written(view: View) -> str:
            prompt = write(view)
            return prompt.text if prompt else ""

        view, room = await self._fit(view, tokens, written)
        view = replace(view, preceding=await self._shown(above, room, view, document))
        prompt = write(view)
        return replace(prompt, document=document) if prompt else None

    def _look(self, text: str, spot: Spot, document: str) -> tuple[View, tuple[Piece, ...]]:
        """What the file shows at the spot, and the commands above the current one."""
        known = self._documents.setdefault(document, _Document())
        known.pieces = split(text[: spot.start], known.pieces)
        *above, current = known.pieces or (Piece("", Kind.DECLARATION),)
        view = View(
            header="".join(piece.shown for piece in above if piece.kind is Kind.HEADER),
            statement=neutral(current.text[: statement_end(current.text)]),
            written=neutral(current.text) + spot.lead,
            column=spot.column,
            bullet=spot.kind is SpotKind.BULLET,
            typed=_whole_words(typed_prefix(spot, text)),
        )
        return view, tuple(piece for piece in above if piece.kind is not Kind.HEADER)

    async def _fit(self, view: View, answer: int, written: Callable[[View], str]) -> tuple[View, int]:
        """The view with as many premises and goals as fit, the main one always, and the room for the file above.

        Raises:
            PromptTooLong
        """
        limit = self._context_tokens - answer - SPARE
        while (tokens := await self._tokens(written(view))) > limit:
            if view.premises:
                view = replace(view, premises=view.premises[:-1])
            elif len(view.goals) > 1:
                log.info("one of %d goals is left out of the prompt", len(view.goals))
                view = replace(view, goals=view.goals[:-1])
            else:
                raise PromptTooLong(
                    f"The declaration and its goal need {tokens} tokens; the model's context has room for {limit}.",
                    "Raise `prover.context`, if the model allows it, or make the declaration shorter.",
                )
        step = max(1, limit // STEPS)
        return view, (limit - tokens) // step * step

    async def _shown(self, above: Sequence[Piece], room: int, view: View, document: str) -> tuple[str, ...]:
        """The texts of the commands above the current one that are shown."""
        known = self._documents.setdefault(document, _Document())
        texts = [piece.shown for piece in above]
        shown = tuple(above)
        if not known.window.shows_all or sum(map(_bytes, texts)) > room:
            costs = await self._counts(texts)
            wanted = identifiers("\n".join((view.statement, *view.goals)))
            shown = known.window.choose(above, costs, room, wanted)
        kept = set(map(id, shown))
        left_out = tuple(piece.title for piece in above if id(piece) not in kept and piece.kind is not Kind.COMMENT)
        if left_out and left_out != known.left_out:
            log.info("%d of %d commands are left out of the prompt: %s", len(left_out), len(above), ", ".join(left_out))
        known.left_out = left_out
        return tuple(piece.shown for piece in shown)

    async def _tokens(self, text: str) -> int:
        """Tokens of a text, or slightly more: line by line, so that little is counted again when a line changes."""
        return sum(await self._counts(text.splitlines(keepends=True)))

    async def _counts(self, texts: Sequence[str]) -> list[int]:
        known = {text: self._counted[text] for text in texts if text in self._counted}
        new = list(dict.fromkeys(text for text in texts if text not in known))
        if new:
            known.update(zip(new, await self._count(new), strict=True))
            self._counted.update({text: known[text] for text in new})
        return [known[text] for text in texts]


def prompter_for(family: str, model: str, count: Count, context_tokens: int, candidate_tokens: int) -> Prompter:
    """Prompts for a model by its name, or for a family by the setting `prover.family`.

    Raises:
        BadInput: there is no such family.
    """
    return Prompter(family_of(model, family), count, context_tokens, candidate_tokens)


def _whole_words(typed: str) -> str:
    """A tactic's beginning without what may be half a word: a model cannot go on with that as it has learnt to."""
    whole = _HALF_WORD.sub("", typed).rstrip()
    return whole if neutral(whole) == whole else ""


def _lines(premises: Sequence[str]) -> tuple[str, ...]:
    return tuple(neutral(premise).replace("-/", "- /").rstrip() + "\n" for premise in premises)


def _neutral(mistake: Mistake) -> Mistake:
    return Mistake(neutral(mistake.script), neutral(mistake.message), neutral(mistake.step))


def _bytes(text: str) -> int:
    """No fewer than the tokens of a byte-level tokenizer."""
    return len(text.encode())
