"""What a tactic is up to the names that it brings in, so that two people's way of writing the same step compare equal.

The hypotheses of the goal keep their names, as both are about the same goal. The cases written out behind `with` are
not part of the step itself, nor is the order of lemmas that a simplifier is given.
"""

import re
from collections.abc import Collection, Iterator

from ghostproof.syntax import brackets
from ghostproof.syntax.lexical import Token, mask, tokens
from ghostproof.syntax.quoting import last_part
from ghostproof.syntax.script import script_steps

# What ends the step itself: its cases come behind it.
_WITH_CASES = frozenset({"induction", "cases", "fun_induction", "fun_cases", "match"})
_UNORDERED = frozenset({"simp", "simp_all", "simp?", "simp_all?", "grind", "grind?", "simpa", "dsimp", "norm_num"})
_REWRITES = frozenset({"rw", "rewrite", "erw"})
_INTRODUCES = frozenset({"intro", "intros", "rintro", "rename_i", "next", "obtain", "rcases", "ext", "funext", "fun"})
_INTRODUCES_BEHIND = frozenset({"λ", "∃", "with", "have", "let", "set", "generalize", "fun", "·"})
_WORD = re.compile(r"[^\W\d]")


def first_tactics(script: str) -> tuple[str, ...]:
    """The step that a script begins with, then what that begins with itself; none if the script has no step.

    `a <;> b` begins with `a`, and `rw [a, b]` with `rw [a]`, as it is one rewriting after the other.
    """
    steps = script_steps(script)
    if not steps:
        return ()
    whole = steps[0].text
    masked, depth = mask(whole)[0], 0
    for token in _until_cases(list(tokens(masked, 0, len(masked)))):
        depth += brackets.step(token.text)
        if token.text == "<;>" and depth == 0:
            return whole, whole[: token.start].rstrip()
    return whole, *_rewritings(whole, masked)


def _rewritings(step: str, masked: str) -> Iterator[str]:
    """`rw [a, b]` and `rw [a]` of `rw [a, b, c]`, the longest first, each with what stands behind the list."""
    found = list(tokens(masked, 0, len(masked)))
    if len(found) < 2 or found[0].text not in _REWRITES or found[1].text != "[":
        return
    depth = 0
    ends: list[int] = []
    for token in found[1:]:
        depth += brackets.step(token.text)
        if token.text == "," and depth == 1:
            ends.append(token.start)
        elif depth == 0:
            yield from (step[:end] + step[token.start :] for end in reversed(ends))
            return


def tactic_form(tactic: str, hypotheses: Collection[str]) -> str:
    """A text that is equal for tactics that differ in the names that they bring in only.

    Args:
        hypotheses: names that the goal has.
    """
    masked = mask(tactic)[0]
    found = list(tokens(masked, 0, len(masked)))
    head = found[0].text if found else ""
    words = list(_renamed(list(_until_cases(found)), tactic, frozenset(hypotheses)))
    if head in _UNORDERED:
        words = _ordered(words)
    # `exact rfl` and `rfl` are one step to everybody.
    return " ".join(words[1:] if words == ["exact", "rfl"] else words)


def _until_cases(found: list[Token]) -> Iterator[Token]:
    """The tokens of a step, without the cases that are written out."""
    depth, with_cases = 0, bool(found) and found[0].text in _WITH_CASES
    for token in found:
        depth += brackets.step(token.text)
        if with_cases and depth == 0 and token.text == "with":
            return
        yield token


def _renamed(found: list[Token], text: str, hypotheses: frozenset[str]) -> Iterator[str]:
    """The words of a tactic: names that it introduces by number, constants by their last part."""
    numbers: dict[str, int] = {}
    introducing = bool(found) and found[0].text in _INTRODUCES
    behind_dot = False
    for token in found:
        word = text[token.start : token.end]
        introducing = introducing or token.text in _INTRODUCES_BEHIND
        first = word.partition(".")[0]
        if not _WORD.match(word) or behind_dot or first in hypotheses:
            yield word
        elif first in numbers:
            yield f"#{numbers[first]}{word[len(first) :]}"
        elif introducing and "." not in word and token.text not in _INTRODUCES | _INTRODUCES_BEHIND | {"rfl", "from"}:
            yield f"#{numbers.setdefault(word, len(numbers))}"
        else:
            yield last_part(word)
        if token.text in (":=", "from", "=>"):
            introducing = False
        behind_dot = word == "." or word.endswith(".")


def _ordered(words: list[str]) -> list[str]:
    """With what stands between commas of the first pair of square brackets in an order of its own."""
    start = words.index("[") if "[" in words else len(words)
    depth = 0
    parts: list[list[str]] = [[]]
    for at, word in enumerate(words[start:], start):
        depth += brackets.step(word)
        if depth == 0:
            inside = [word for part in sorted(parts) for word in (",", *part)][1:]
            return [*words[: start + 1], *inside, *words[at:]]
        if word == "," and depth == 1:
            parts.append([])
        elif at > start:
            parts[-1].append(word)
    return words
