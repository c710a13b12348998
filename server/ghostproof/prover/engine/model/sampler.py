"""Draws the next token of every candidate on the model's device, and brings the few numbers drawn to the host."""

from collections.abc import Sequence
from math import ceil, log, log1p

import torch
from torch import Tensor

from ghostproof.prover.engine.contract import TokenDraw
from ghostproof.prover.engine.transfer import indices, sent

# Tokens summed up together, so that a draw walks over two short sums instead of one over the vocabulary.
# 16 rows of 102,400 on one core: 2.5 ms; exponential noise for every token would take 27 ms, sorting 108 ms.
_BLOCK = 256
# Draws from the whole distribution until one is in the nucleus; that none of them is happens once in a million.
MOST_TRIES = 8
_ALL_FAIL = 1e-6
# The likeliest tokens that are looked at first, on the CPU, where the nucleus is too small for that.
_FIRST_LOOK = 128
CHANCES_AT_ONCE = 256  # tokens; most tactics have fewer


def tries(top_p: float) -> int:
    """How many uniform numbers one draw takes."""
    if top_p >= 1:
        return 1
    needed = ceil(log(_ALL_FAIL) / log1p(-max(top_p, 1e-6)))
    return needed if needed <= MOST_TRIES else 1


def uniforms(seed: int, rows: int, tokens: int, top_p: float, device: torch.device) -> Tensor:
    """What decides every draw of a request: [rows, tokens, tries], uniform in [0, 1).

    Row i depends on the seed, `tokens` and `top_p` alone: neither the number of rows nor what else is in the batch
    changes a candidate.
    """
    generator = torch.Generator().manual_seed(seed)
    return sent(torch.rand(rows, tokens, tries(top_p), generator=generator), device)


class Chances:
    """What decides the draws of one request's rows, token by token: numbers of `uniforms`, of few tokens at a time.

    All of a long candidate's would take as much as its keys, and nobody charges them to a budget.
    """

    def __init__(self, seed: int, rows: int, tokens: int, top_p: float, device: torch.device) -> None:
        self._seed = seed
        self._rows = list(range(rows))
        self._tokens = min(tokens, CHANCES_AT_ONCE)
        self._top_p = top_p
        self._device = device
        self._part, self._numbers = 0, self._made(0)

    def of(self, token: int) -> Tensor:
        """Of each row's token at this place, [rows, tries]."""
        part, place = divmod(token, self._tokens)
        if part != self._part:
            self._part, self._numbers = part, self._made(part)
        return self._numbers[:, place]

    def keep(self, places: Sequence[int]) -> None:
        """Go on with the rows at these places only, in this order."""
        self._rows = [self._rows[place] for place in places]
        self._numbers = self._numbers.index_select(0, indices(places, self._device))

    def _made(self, part: int) -> Tensor:
        seed = (self._seed + part) % (1 << 63)
        every = uniforms(seed, max(self._rows) + 1, self._tokens, self._top_p, self._device)
        return every.index_select(0, indices(self._rows, self._device))


def draw(
    logits: Tensor, chance: Tensor, temperature: float, top_p: float, *, greedy_first: bool = False
) -> tuple[Tensor, Tensor]:
    """One token for each row, by inverting the distribution at `chance`; nothing waits for a CUDA device.

    Args:
        logits: [rows, vocabulary], or [1, vocabulary] for rows that share them.
        chance: [rows, tries], uniform in [0, 1).
        temperature: 0 takes the likeliest token of every row.
        top_p: only the fewest likeliest tokens that hold this share of the mass are drawn.
        greedy_first: the first row takes its likeliest token.

    Returns:
        Tokens [rows], int64, and their natural log-probabilities [rows] at temperature 1 over the whole vocabulary.
    """
    total = logits.logsumexp(-1, keepdim=True)
    if temperature <= 0:
        tokens = logits.argmax(-1).expand(chance.shape[0])
    else:
        scaled = logits if temperature == 1 else logits / temperature
        scale = total if temperature == 1 else scaled.logsumexp(-1, keepdim=True)
        if top_p >= 1:
            tokens = _from_all((scaled - scale).exp(), chance)[:, 0]
        elif tries(top_p) > 1:
            tokens = _by_trial((scaled - scale).exp(), chance, top_p)
        else:
            tokens = _by_order(scaled, scale, chance[:, 0], top_p)
        if greedy_first:
            tokens = torch.cat([logits[0].argmax().view(1), tokens[1:]])
    logprobs = logits.gather(1, tokens.view(logits.shape[0], -1)) - total
    return tokens, logprobs.view(-1)


def draw_rows(logits: Tensor, draws: Sequence[TokenDraw]) -> Tensor:
    """As `contract.Runner.draw`, by torch's operators, on any device."""
    parts = logits.split([one.rows for one in draws]) if len(draws) > 1 else (logits,)
    every = [
        draw(part, one.chance, one.temperature, one.top_p, greedy_first=one.greedy_first)
        for part, one in zip(parts, draws, strict=True)
    ]
    # A float64 holds every token id exactly.
    return torch.cat([torch.stack([tokens.double(), logprobs.double()], 1) for tokens, logprobs in every])


def _by_trial(mass: Tensor, chance: Tensor, top_p: float) -> Tensor:
    """Tokens [rows] from the nucleus: the first draw that is in it, else the likeliest token."""
    drawn = _from_all(mass, chance)  # [rows, tries]
    own = mass.expand(drawn.shape[0], -1).gather(1, drawn)
    tokens = drawn[:, 0]
    found = torch.zeros_like(tokens, dtype=torch.bool)
    for attempt in range(drawn.shape[1]):
        good = ~found & _in_nucleus(mass, own[:, attempt], top_p)
        tokens = torch.where(good, drawn[:, attempt], tokens)
        found |= good
        if not found.is_cuda and bool(found.all()):
            return tokens
    return torch.where(found, tokens, mass.argmax(-1))


def _in_nucleus(mass: Tensor, own: Tensor, top_p: float) -> Tensor:
    """Whether tokens of this mass [rows] belong to the nucleus of their row: likelier ones do not fill it."""
    if mass.is_cuda:
        return torch.where(mass > own[:, None], mass, 0).sum(-1) < top_p
    # What is left beside the token does not fill it: most rows of a trained model need no look at the others.
    inside = own > 1 - top_p
    if len(unsure := (~inside).nonzero()[:, 0]):
        rows = mass[unsure] if len(mass) > 1 else mass
        inside[unsure] = torch.where(rows > own[unsure, None], rows, 0).sum(-1) < top_p
    return inside


def _by_order(scaled: Tensor, total: Tensor, chance: Tensor, top_p: float) -> Tensor:
    """Tokens [rows] from the nucleus, its tokens put in order."""
    size = scaled.shape[-1]
    # On CUDA the look that suffices is not known without waiting for the device.
    width = size if scaled.is_cuda else min(_FIRST_LOOK, size)
    while True:
        top, token = scaled.topk(width) if width < size else scaled.sort(-1, descending=True)
        mass = (top - total).exp().cumsum(-1)
        if width == size or bool((mass[:, -1] >= top_p).all()):
            break
        width = min(width * 16, size)
    last = (mass < top_p).sum(-1, keepdim=True).clamp(max=width - 1)
    target = chance.view(mass.shape[0], -1) * mass.gather(1, last)
    place = torch.searchsorted(mass, target, right=True)
    return token.gather(1, torch.minimum(place, last)).view(-1)


def _from_all(mass: Tensor, chance: Tensor) -> Tensor:
    """Tokens [rows, tries] from the whole vocabulary; `mass` is [rows or 1, vocabulary].

    Mass that is no number yields some token or other: whoever reads its log-probability sees that it is none.
    """
    size = mass.shape[-1]
    if short := -size % _BLOCK:
        mass = torch.nn.functional.pad(mass, (0, short))
    blocks = mass.view(mass.shape[0], -1, _BLOCK)  # [rows or 1, blocks, _BLOCK]
    edges = blocks.sum(-1).cumsum(-1)
    block, rest = _walk(edges, chance.reshape(mass.shape[0], -1) * edges[:, -1:])
    row = torch.arange(mass.shape[0], device=mass.device)[:, None]
    inside = blocks[row, block].cumsum(-1)  # [rows or 1, draws, _BLOCK]
    place, _ = _walk(inside, rest.unsqueeze(-1))
    return (block * _BLOCK + place.squeeze(-1)).clamp(max=size - 1).view(chance.shape)


def _walk(edges: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Where the rising `edges` first exceed `target`, and what is left of it there.

    Rounding never carries a draw over the last edge, or to a place that has no mass.
    """
    below_end = torch.nextafter(edges[..., -1:], torch.zeros_like(edges[..., -1:]))
    target = torch.minimum(target, below_end)
    place = torch.searchsorted(edges, target, right=True).clamp(max=edges.shape[-1] - 1)
    before = edges.gather(-1, (place - 1).clamp(min=0)) * (place > 0)
    return place, target - before


class Drawn:
    """Tokens and log-probabilities on their way to the host, for all rows of one step: one small copy.

    Args:
        numbers: [rows, 2], float64, as `contract.Runner.draw` answers.
    """

    def __init__(self, numbers: Tensor) -> None:
        self._arrived: torch.cuda.Event | None = None
        if numbers.is_cuda:
            self._numbers = torch.empty(numbers.shape, dtype=numbers.dtype, pin_memory=True)
            self._numbers.copy_(numbers, non_blocking=True)
            # A blocking event: to spin for it would take a core that Lean needs.
            self._arrived = torch.cuda.Event(blocking=True)
            self._arrived.record(torch.cuda.current_stream(numbers.device))
        else:
            self._numbers = numbers

    def take(self) -> list[tuple[int, float]]:
        """Wait for the numbers: token and log-probability of each row, in order."""
        if self._arrived is not None:
            self._arrived.synchronize()
        return [(int(token), logprob) for token, logprob in self._numbers.tolist()]
