r"""Where a text may be cut so that its parts, each encoded alone, give exactly the tokens of the whole.

A byte-level BPE tokenizer first splits a text with regular expressions and then merges within the pieces. A cut is safe
where a piece ends whatever stands on the other side of it.
"""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any


class SplitPoint(Enum):
    """A kind of place, as the zero-width pattern that finds it.

    What Python takes for white space holds all that the tokenizers' regular expressions do, so that too few places are
    found rather than too many.
    """

    # Behind a line end that no further one follows but through something that is no white space.
    LINE_START = re.compile(r"(?<=\n)(?=[ \t]*\S)")
    # Between something that is no white space and a line end.
    LINE_END = re.compile(r"(?<=\S)(?=[\r\n])")


ALL = frozenset(SplitPoint)

_CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_SPACES = r"|\s*[\r\n]+|\s+(?!\S)|\s+"
_LINE_STARTS = (
    # Llama 3, then Qwen2 and Qwen3, then Qwen3.5
    _CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*" + _SPACES,
    _CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*" + _SPACES,
    _CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*" + _SPACES,
    # DeepSeek V3
    r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"""
    + _SPACES,
)
_LINE_ENDS = (r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",)  # GPT-2
_BOTH = (r"\p{N}", r"\p{N}+", r"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", "[一-龥ࠀ-一가-퟿]+")

# The cuts that no match of a known regular expression spans and no look-ahead sees across:
# - In `_LINE_STARTS`, a line end is matched by `[…]+[\r\n]*`, which ends with its run of line ends, or by
#   `\s*[\r\n]+`, which takes white space up to its last line end. `\s+(?!\S)` is tried only where none follows.
# - In `_LINE_ENDS`, white space is never matched behind anything else, and `\s+(?!\S)` looks as far as the next
#   character that is no white space, which stands before the cut.
# - In `_BOTH`, no line end is matched.
# A text for any other expression is not cut.
_SAFE: Mapping[str, frozenset[SplitPoint]] = {
    **dict.fromkeys(_LINE_STARTS, frozenset({SplitPoint.LINE_START})),
    **dict.fromkeys(_LINE_ENDS, frozenset({SplitPoint.LINE_END})),
    **dict.fromkeys(_BOTH, ALL),
}
_EACH_LINE_END = r"[\r\n]"  # isolates every line end, so that what comes after it never sees two lines


def safe_split(tokenizer: Mapping[str, Any]) -> SplitPoint | None:
    """The cut that is proven safe for a tokenizer; None where none is.

    Args:
        tokenizer: the content of its `tokenizer.json`.
    """
    if not (_merges_within_pieces(tokenizer) and _normalizes_around_lines(tokenizer) and _plain_tokens(tokenizer)):
        return None
    safe = ALL
    lines_apart = False
    for stage in _stages(tokenizer.get("pre_tokenizer")):
        if stage["type"] not in ("Split", "Digits", "ByteLevel") or stage.get("add_prefix_space"):
            return None
        lines_apart = lines_apart or _isolates(stage, _EACH_LINE_END)
        if not lines_apart:
            safe &= _respected(stage)
    return next((cut for cut in SplitPoint if cut in safe), None)


def _respected(stage: Mapping[str, Any]) -> frozenset[SplitPoint]:
    match stage["type"]:
        case "Digits":
            return ALL
        case "ByteLevel":
            return frozenset({SplitPoint.LINE_END}) if stage.get("use_regex", True) else ALL
    return next((cuts for regex, cuts in _SAFE.items() if _isolates(stage, regex)), frozenset())


def _isolates(stage: Mapping[str, Any], regex: str) -> bool:
    """Whether a stage makes each match of the expression, and what lies between matches, a piece of its own."""
    pattern = stage.get("pattern")
    written = pattern.get("Regex") if isinstance(pattern, Mapping) else None
    if written is None or stage.get("behavior") != "Isolated" or stage.get("invert"):
        return False
    # Files hold line ends in these expressions as themselves or as escapes.
    return bool(written.replace("\r", r"\r").replace("\n", r"\n") == regex)


def _stages(spec: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    """The pre-tokenizers in their order; one of no known type where there is none, as the whole text is one piece."""
    if spec is None:
        yield {"type": "none"}
    elif spec["type"] == "Sequence":
        for inner in spec["pretokenizers"]:
            yield from _stages(inner)
    else:
        yield spec


def _merges_within_pieces(tokenizer: Mapping[str, Any]) -> bool:
    model = tokenizer["model"]
    return model.get("type", "BPE") == "BPE" and not model.get("dropout")


def _normalizes_around_lines(tokenizer: Mapping[str, Any]) -> bool:
    """Whether normalizing the parts is normalizing the whole: nothing composes or changes places with a line end."""
    spec = tokenizer.get("normalizer")
    inner = spec.get("normalizers", [spec]) if spec else []
    return all(each["type"] == "NFC" for each in inner)


def _plain_tokens(tokenizer: Mapping[str, Any]) -> bool:
    """Whether tokens that are looked for in the text before it is split lie within a line, as all known ones do."""
    return not any(
        token.get("lstrip") or token.get("rstrip") or {"\r", "\n"} & set(token["content"])
        for token in tokenizer.get("added_tokens", [])
    )
