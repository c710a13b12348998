"""The tokenizer: text to tokens and back, exactly, encoding only the lines that were not met before."""

import codecs
import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from cachetools import LRUCache
from tokenizers import Tokenizer

from ghostproof.errors import ModelBroken
from ghostproof.prover.engine.tokenizer.split_points import SplitPoint, safe_split
from ghostproof.prover.models.folder import read_json

log = logging.getLogger(__name__)

# Everything that a wrongly read tokenizer has been seen to lose: spaces, line ends, indentation, Lean's symbols.
SAMPLE = (
    "theorem t (a b : ℕ) (f : ℕ → ℝ) : ∀ ε > 0, ⟨a, b⟩ = ⟨b, a⟩ ∨ x₁ ≤ 2 ^ 10 := by\n"
    "  induction a with\n  | zero => simp\n\n  | succ n ih =>\n\t· rw [add_comm, ← mul_assoc]  -- …\r\n    omega\n"
)
# Special tokens with which instruction-tuned models end their turn; some name only one of them in their settings.
TURN_ENDS = frozenset(
    {
        "<|im_end|>",
        "<|endoftext|>",
        "<|EOT|>",
        "<|eot_id|>",
        "<|eom_id|>",
        "<|end_of_text|>",
        "<｜end▁of▁sentence｜>",
        "</s>",
    }
)
KEPT_TOKENS = 1 << 18  # about 10 MB, and 60 files of 300 lines


class TextDecoder:
    """The text of one candidate, token by token; characters come when their last byte is there."""

    def __init__(self, words: Sequence[bytes]) -> None:
        self._words = words
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, token: int) -> str:
        """What the token adds to the text; "" for a row of the vocabulary that has no token."""
        return self._utf8.decode(self._words[token])


class ExactTokens:
    """One model's tokenizer, read without transformers, whose `AutoTokenizer` garbles DeepSeek's in some versions.

    Safe to use from several threads.
    """

    def __init__(
        self, tokenizer: Tokenizer, words: Sequence[bytes], bos: int | None, eos: frozenset[int], cut: SplitPoint | None
    ) -> None:
        self._tokenizer = tokenizer
        self._words = words
        self._cut = cut
        self._lock = threading.Lock()
        self._known: LRUCache[str, list[int]] = LRUCache(KEPT_TOKENS, getsizeof=len)
        self.bos = bos
        self.eos = eos
        self.newlines = frozenset(token for token, word in enumerate(words) if b"\n" in word)
        self.size = len(words)
        self.encoded = 0  # characters that had to be encoded so far, the others were known

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The tokenizer of a model folder.

        Raises:
            ModelBroken: it is not there, of no known kind, or does not give a text back unchanged.
        """
        spec, tokenizer = _read(folder)
        settings = _settings(folder / "special_tokens_map.json") | _settings(folder / "tokenizer_config.json")
        model = _settings(folder / "config.json")
        generation = _settings(folder / "generation_config.json")
        words = _words(tokenizer, spec, rows=model.get("vocab_size", 0))
        bos = _bos(tokenizer, settings, (generation, model))
        eos = _eos(tokenizer, settings, (generation, model))
        tokens = cls(tokenizer, words, bos, eos, safe_split(spec))
        tokens._assert_exact(folder)
        return tokens

    def encode(self, text: str, document: str = "") -> list[int]:
        """The whole text's tokens, the beginning-of-text token in front where the model wants one.

        Only lines that were not met before are encoded. All documents share them, so that `document` is not needed.
        """
        text = text.encode("utf-8", "replace").decode()  # half a surrogate pair, as an editor may send, is no character
        parts = self._cut.value.split(text) if self._cut else [text]
        with self._lock:
            ids = self._known_ids(parts)
        if self.bos is not None and ids[:1] != [self.bos]:
            ids.insert(0, self.bos)
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """The text of all the tokens; bytes that are no UTF-8 become U+FFFD."""
        return b"".join(self._words[token] for token in ids).decode("utf-8", "replace")

    def decoder(self) -> TextDecoder:
        return TextDecoder(self._words)

    def _known_ids(self, parts: list[str]) -> list[int]:
        ids: list[int] = []
        for part in parts:
            known = self._known.get(part)
            if known is None:
                known = self._tokenizer.encode(part, add_special_tokens=False).ids
                self.encoded += len(part)
                if len(known) <= KEPT_TOKENS:
                    self._known[part] = known
            ids.extend(known)
        return ids

    def _assert_exact(self, folder: Path) -> None:
        whole: list[int] = self._tokenizer.encode(SAMPLE, add_special_tokens=False).ids
        text = self.decode(whole)
        # Tokenizers of SentencePiece's kind put a space in front of every text, and models are trained on that.
        if text.removeprefix(" ") != SAMPLE:
            at = next((i for i, (a, b) in enumerate(zip(SAMPLE, text, strict=False)) if a != b), len(text))
            raise ModelBroken(
                f"The tokenizer in {folder} does not give text back unchanged: {SAMPLE[at : at + 12]!r} becomes "
                f"{text[at : at + 12]!r}.",
                "Fetch the model's `tokenizer.json` again.",
            )
        if self.encode(SAMPLE)[self.bos is not None :] != whole:
            log.error("%s: lines of a text encode differently than the whole; texts are encoded whole", folder)
            self._cut = None
            self._known.clear()


def _read(folder: Path) -> tuple[dict[str, Any], Tokenizer]:
    path = folder / "tokenizer.json"
    if not path.exists():
        if (folder / "tokenizer.model").exists():
            raise ModelBroken(
                f"{folder} holds its tokenizer as SentencePiece's `tokenizer.model` only, which is not supported.",
                "Convert it to `tokenizer.json` with transformers' `convert_slow_tokenizer`.",
            )
        raise ModelBroken(f"{folder} holds no tokenizer.json.", "ghostproof model pull ID fetches a whole model.")
    spec = read_json(path)
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as problem:  # the library raises nothing narrower
        raise ModelBroken(f"Cannot read {path}: {problem}.", "Fetch the file again.") from problem
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return spec, tokenizer


def _settings(path: Path) -> dict[str, Any]:
    """The object in a file that not every model has; empty where it is missing."""
    return read_json(path) if path.exists() else {}


def _bos(tokenizer: Tokenizer, settings: Mapping[str, Any], models: Sequence[Mapping[str, Any]]) -> int | None:
    """The token that the model was trained to see in front of every text; None where it was not."""
    named = _named(settings.get("bos_token"))
    ids = [tokenizer.token_to_id(named)] if named else [model.get("bos_token_id") for model in models]
    bos = next((each for each in ids if isinstance(each, int)), None)
    template: list[int] = tokenizer.encode("", add_special_tokens=True).ids
    wanted = settings.get("add_bos_token")
    if wanted is None:
        # The Llama class puts it in front whatever the file's template says, unless told otherwise.
        wanted = template[:1] == [bos] or str(settings.get("tokenizer_class")).startswith("LlamaTokenizer")
    return bos if wanted else None


def _eos(tokenizer: Tokenizer, settings: Mapping[str, Any], models: Sequence[Mapping[str, Any]]) -> frozenset[int]:
    """Every token that ends a text or a turn."""
    names = {added.content for added in tokenizer.get_added_tokens_decoder().values()} & TURN_ENDS
    if named := _named(settings.get("eos_token")):
        names.add(named)
    found = {tokenizer.token_to_id(name) for name in names}
    for model in models:
        ids = model.get("eos_token_id")
        found |= set(ids) if isinstance(ids, list) else {ids}
    return frozenset(each for each in found if isinstance(each, int))


def _named(token: object) -> str:
    """The text of a special token, which settings give as itself or as an object."""
    content = token.get("content") if isinstance(token, Mapping) else token
    return content if isinstance(content, str) else ""


def _words(tokenizer: Tokenizer, spec: Mapping[str, Any], rows: int) -> list[bytes]:
    """The bytes of every token, by its id."""
    vocabulary = tokenizer.get_vocab(with_added_tokens=True)
    tokens = max(vocabulary.values(), default=-1) + 1
    if rows and tokens > rows:
        raise ModelBroken(
            f"The tokenizer has {tokens} tokens, but the model's vocabulary only {rows}.",
            "They belong to different models: fetch the model again.",
        )
    words = [b""] * max(rows, tokens)
    spell = _byte_level() if "ByteLevel" in json.dumps(spec.get("decoder")) else _sentence_piece
    added = tokenizer.get_added_tokens_decoder()
    for word, token in vocabulary.items():
        words[token] = word.encode() if token in added else spell(word)
    return words


def _byte_level() -> Callable[[str], bytes]:
    """How tokens that are written one printable character per byte (GPT-2's alphabet) are spelled."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(0x100) if byte not in printable]
    letters = {byte: chr(byte) for byte in printable} | {byte: chr(0x100 + i) for i, byte in enumerate(others)}
    alphabet = frozenset(letters.values())
    to_byte = str.maketrans({letter: chr(byte) for byte, letter in letters.items()})

    def spell(word: str) -> bytes:
        return word.translate(to_byte).encode("latin-1") if alphabet.issuperset(word) else word.encode()

    return spell


def _sentence_piece(word: str) -> bytes:
    """How tokens with visible spaces, and `<0x0A>` for single bytes, are spelled."""
    if len(word) == 6 and word.startswith("<0x") and word.endswith(">"):
        return bytes.fromhex(word[3:5])
    return word.replace("▁", " ").encode()
