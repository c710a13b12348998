"""What a server can do: which model it has, how much text that takes, and whether its tokenizer gives text back."""

import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ghostproof.errors import ProverFailed
from ghostproof.prover.address import Address
from ghostproof.prover.client.errors import NotOffered, Unreachable
from ghostproof.prover.wire import VENDOR

if TYPE_CHECKING:
    from ghostproof.prover.client.http import Connection

log = logging.getLogger(__name__)

# Spaces, a line end with an indentation, letters beyond ASCII and brackets: what a wrong tokenizer loses.
PROBE = "theorem t (a b : ℕ) : ⟨a, b⟩ = ⟨b, a⟩ := by\n  simp"
UNKNOWN_CONTEXT = 4096
MOST_CONTEXT = 1 << 24
LONGEST_NAME = 256

_CURE = (
    "Versions 5.3.0 to 5.21.1 of transformers read the tokenizers of DeepSeek provers wrongly. On the server, set "
    '"tokenizer_class" to "PreTrainedTokenizerFast" in the model\'s tokenizer_config.json (a local copy of the model '
    "will do), and start it again."
)
_NAME_IT = "Set `prover.remote_model` to the name of the model that is to be asked."


@dataclass(frozen=True)
class Server:
    """What is known of a server.

    Attributes:
        model: the name to ask for, "" where the server has no names.
        ours: it is an engine of Ghostproof.
        context: longest prompt and candidate together, in tokens.
        counts: it tells how many tokens a text has.
    """

    model: str
    ours: bool
    context: int
    counts: bool


async def greet(connection: "Connection", address: Address, model: str) -> Server:
    """Ask a server what it can do, and have a known text given back.

    Raises:
        ProverFailed: it cannot be reached, lacks the model, or garbles text.
    """
    entry = await _entry(connection, address, model)
    ours = entry.get("owned_by") == VENDOR
    name = str(entry.get("id", model))
    if len(name) > LONGEST_NAME:
        raise ProverFailed(f"The prover at {address.shown} names a model with {len(name)} characters.", _NAME_IT)
    context = _context(entry) or await _llama_cpp_context(connection) or UNKNOWN_CONTEXT
    returned = await _returned(connection, name)
    if returned is None:
        returned = None if ours else await _echoed(connection, name)
        counts = False
    else:
        counts = True
    if returned is None:
        log.info("%s does not tell how it reads a text: its tokenizer is unchecked", address.shown)
    elif PROBE not in returned:
        raise ProverFailed(f"The prover at {address.shown} garbles what it is given: {returned[:80]!r}.", _CURE)
    return Server(name, ours, context, counts)


async def _entry(connection: "Connection", address: Address, model: str) -> Mapping[str, Any]:
    """The model's entry in the server's list; {} where it keeps none."""
    try:
        entries = (await connection.get("/v1/models")).get("data")
    except NotOffered:
        return {}
    named = [e for e in entries if isinstance(e, dict) and "id" in e] if isinstance(entries, list) else []
    if not model or not named:
        return named[0] if named else {}
    for entry in named:
        if entry["id"] == model:
            return entry
    names = ", ".join(f"`{str(entry['id'])[:LONGEST_NAME]}`" for entry in named[:8])
    raise ProverFailed(
        f"The prover at {address.shown} has no model `{model}`.", f"Set `prover.remote_model` to one of: {names}."
    )


async def _llama_cpp_context(connection: "Connection") -> int:
    """What a llama.cpp server gives to one request; 0 for any other."""
    properties = await _optional(connection.get("/props"))
    settings = properties.get("default_generation_settings")
    return _size(settings.get("n_ctx")) if isinstance(settings, dict) else 0


def _context(entry: Mapping[str, Any]) -> int:
    return _size(entry.get("max_model_len"))


def _size(value: object) -> int:
    """A number of tokens, 0 for what can be none."""
    return value if type(value) is int and 0 < value <= MOST_CONTEXT else 0


async def _returned(connection: "Connection", model: str) -> str | None:
    """The probe after encoding and decoding; None where the server does not offer that."""
    tokens = (await _optional(connection.post("/tokenize", tokenize(PROBE, model)))).get("tokens")
    if not isinstance(tokens, list) or not all(isinstance(token, int) for token in tokens):
        return None
    answer = await _optional(connection.post("/detokenize", {"model": model, "tokens": tokens}))
    texts = [answer[name] for name in ("prompt", "content", "text") if isinstance(answer.get(name), str)]
    return str(texts[0]) if texts else None


async def _echoed(connection: "Connection", model: str) -> str | None:
    """The probe as the server repeats it before a completion; None where it does not do that."""
    request = {"model": model, "prompt": PROBE, "echo": True, "max_tokens": 1, "temperature": 0}
    choices = (await _optional(connection.post("/v1/completions", request))).get("choices")
    text = choices[0].get("text") if isinstance(choices, list) and choices and isinstance(choices[0], dict) else None
    if not isinstance(text, str):
        return None
    # A server that knows no echo gives a completion only, which has nothing to do with the probe.
    return text if _letters(text).startswith(_letters(PROBE)) else None


def tokenize(text: str, model: str) -> dict[str, object]:
    """The request that vLLM (`prompt`), SGLang and llama.cpp (`content`) all understand."""
    return {"model": model, "prompt": text, "content": text, "add_special_tokens": False}


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isalnum())


async def _optional(answer: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """An answer that a server need not be able to give: {} then. Raises only where nobody answers any more."""
    try:
        return await answer
    except Unreachable:
        raise
    except ProverFailed:
        return {}
