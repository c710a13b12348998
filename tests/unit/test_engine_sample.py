"""What is drawn: its distribution, its support, its log-probabilities, and that only the seed decides."""

import math

import pytest
import torch
from torch import Tensor

from ghostproof.prover.engine.contract import TokenDraw
from ghostproof.prover.engine.model.sampler import CHANCES_AT_ONCE, Chances, Drawn, draw, draw_rows, tries, uniforms
from ghostproof.prover.engine.transfer import indices

CPU = torch.device("cpu")
DRAWS = 20_000


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def logits(size: int, spread: float = 2.0, seed: int = 5) -> Tensor:
    return torch.randn(1, size, generator=torch.Generator().manual_seed(seed)) * spread


def nucleus(probabilities: Tensor, top_p: float) -> set[int]:
    """By the definition: the likeliest tokens, until they hold the mass."""
    chosen, mass = set(), 0.0
    for token in probabilities.argsort(descending=True).tolist():
        if mass >= top_p:
            break
        chosen.add(token)
        mass += float(probabilities[token])
    return chosen


def many(scores: Tensor, temperature: float = 1.0, top_p: float = 1.0, draws: int = DRAWS) -> Tensor:
    chance = uniforms(3, draws, 1, top_p, CPU)[:, 0]
    return torch.cat([draw(scores, part, temperature, top_p)[0] for part in chance.split(1000)])


def assert_drawn_from(tokens: Tensor, probabilities: Tensor) -> None:
    """Pearson's chi-square test at one in 10,000, tokens expected less than five times taken together."""
    expected = probabilities.double() / probabilities.double().sum() * len(tokens)
    counts = torch.bincount(tokens, minlength=len(probabilities)).double()
    rare = expected < 5
    assert counts[expected == 0].sum() == 0
    seen = torch.cat([counts[~rare], counts[rare].sum()[None]])
    meant = torch.cat([expected[~rare], expected[rare].sum()[None]])
    seen, meant = seen[meant > 0], meant[meant > 0]
    chi_square = float(((seen - meant) ** 2 / meant).sum())
    freedom = len(seen) - 1
    if not freedom:
        return  # one token has all the mass
    # Wilson and Hilferty's approximation of the quantile at 0.9999.
    limit = freedom * (1 - 2 / (9 * freedom) + 3.719 * math.sqrt(2 / (9 * freedom))) ** 3
    assert chi_square < limit, (chi_square, limit)


@pytest.mark.parametrize("size", [5, 256, 1000, 4096])
@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7])
def test_the_whole_distribution(size: int, temperature: float) -> None:
    scores = logits(size)
    assert_drawn_from(many(scores, temperature), (scores[0] / temperature).softmax(-1))


@pytest.mark.parametrize(("size", "spread"), [(5, 2.0), (1000, 3.0), (1000, 0.1), (5000, 0.5)])
@pytest.mark.parametrize("temperature", [0.6, 1.0])
@pytest.mark.parametrize("top_p", [0.3, 0.9, 0.95])
def test_the_distribution_inside_the_nucleus(size: int, spread: float, temperature: float, top_p: float) -> None:
    scores = logits(size, spread)
    probabilities = (scores[0] / temperature).softmax(-1)
    inside = torch.zeros_like(probabilities)
    kept = sorted(nucleus(probabilities.double(), top_p))
    inside[kept] = probabilities[kept]
    assert_drawn_from(many(scores, temperature, top_p), inside)


@pytest.mark.parametrize("top_p", [1e-6, 0.2, 0.5, 0.8, 0.99])
def test_every_token_of_the_nucleus_is_drawn_and_no_other(top_p: float) -> None:
    scores = logits(40, 1.0)
    every = torch.linspace(0, 1 - 1e-6, 20_000)[:, None].expand(-1, tries(top_p))
    tokens, _ = draw(scores, every, 1.0, top_p)
    assert set(tokens.tolist()) == nucleus(scores[0].softmax(-1).double(), top_p)


@pytest.mark.parametrize("top_p", [0.9, 1.0])
def test_a_token_without_mass_is_never_drawn(top_p: float) -> None:
    scores = torch.full((1, 700), -math.inf)
    scores[0, 300] = 0.0
    edges = torch.tensor([[0.0], [0.5], [1 - 2**-24]]).expand(-1, tries(top_p))
    assert draw(scores, edges, 1.0, top_p)[0].tolist() == [300] * 3


@pytest.mark.parametrize("size", [255, 257, 513])
def test_the_ends_of_the_vocabulary_are_reached(size: int) -> None:
    edges = torch.tensor([[0.0], [1 - 2**-24]])
    assert draw(torch.zeros(1, size), edges, 1.0, 1.0)[0].tolist() == [0, size - 1]


@pytest.mark.parametrize("temperature", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("top_p", [0.7, 1.0])
def test_log_probabilities_are_those_at_temperature_1_over_everything(temperature: float, top_p: float) -> None:
    scores = torch.cat([logits(300, seed=seed) for seed in range(4)])
    tokens, logprobs = draw(scores, uniforms(1, 4, 1, top_p, CPU)[:, 0], temperature, top_p)
    expected = scores.log_softmax(-1)[torch.arange(4), tokens]
    torch.testing.assert_close(logprobs, expected)


def test_temperature_0_takes_the_likeliest() -> None:
    scores = torch.cat([logits(300, seed=seed) for seed in range(4)])
    tokens, _ = draw(scores, torch.full((4, 1), 0.9), 0.0, 0.5)
    assert tokens.tolist() == scores.argmax(-1).tolist()


@pytest.mark.parametrize("top_p", [0.9, 1.0])
def test_only_the_first_row_is_greedy(top_p: float) -> None:
    scores = logits(3000, 0.1)
    tokens, _ = draw(scores, torch.full((3, tries(top_p)), 0.3), 1.0, top_p, greedy_first=True)
    assert tokens[0] == scores.argmax()
    assert tokens[1] == tokens[2] != tokens[0]


@pytest.mark.parametrize(("temperature", "top_p"), [(0.7, 0.9), (1.0, 1.0), (1.0, 0.95)])
@pytest.mark.parametrize("spread", [0.1, 3.0])
def test_a_row_alone_is_what_it_is_among_others(temperature: float, top_p: float, spread: float) -> None:
    scores = torch.cat([logits(3000, spread, seed) for seed in range(6)])
    chance = uniforms(2, 6, 1, top_p, CPU)[:, 0]
    together, _ = draw(scores, chance, temperature, top_p)
    alone = [draw(scores[i : i + 1], chance[i : i + 1], temperature, top_p)[0] for i in range(6)]
    assert together.tolist() == torch.cat(alone).tolist()


@pytest.mark.parametrize("top_p", [0.9, 1.0])
def test_shared_logits_are_as_expanded_ones(top_p: float) -> None:
    scores = logits(3000)
    chance = uniforms(2, 16, 1, top_p, CPU)[:, 0]
    shared = draw(scores, chance, 0.8, top_p)
    expanded = draw(scores.expand(16, -1).contiguous(), chance, 0.8, top_p)
    assert shared[0].tolist() == expanded[0].tolist()
    torch.testing.assert_close(shared[1], expanded[1])


def test_a_seed_decides_each_row_whatever_the_number_of_rows() -> None:
    few, many_rows = uniforms(7, 2, 30, 0.9, CPU), uniforms(7, 16, 30, 0.9, CPU)
    assert torch.equal(few, many_rows[:2])
    assert not torch.equal(few, uniforms(8, 2, 30, 0.9, CPU))


def test_what_decides_the_draws_of_a_long_candidate_is_made_in_parts() -> None:
    tokens = 3 * CHANCES_AT_ONCE
    few, every = Chances(7, 3, tokens, 0.9, CPU), Chances(7, 9, tokens, 0.9, CPU)
    assert torch.equal(few.of(5), uniforms(7, 3, CHANCES_AT_ONCE, 0.9, CPU)[:, 5])
    every.keep([0, 2])
    seen = []
    for token in (0, 1, CHANCES_AT_ONCE - 1, CHANCES_AT_ONCE, CHANCES_AT_ONCE, tokens - 1):
        assert every.of(token).shape == (2, tries(0.9))
        assert torch.equal(every.of(token), few.of(token)[[0, 2]]), "neither other rows nor those given up matter"
        seen.append(every.of(token))
        if token == CHANCES_AT_ONCE:
            every.keep([0, 1])
    assert torch.equal(seen[3], seen[4])
    assert len({tuple(numbers.flatten().tolist()) for numbers in seen}) == 5
    every.keep([1])
    assert torch.equal(every.of(tokens - 1), few.of(tokens - 1)[2:])
    assert torch.equal(
        Chances((1 << 63) - 1, 1, tokens, 1.0, CPU).of(CHANCES_AT_ONCE), Chances(0, 1, tokens, 1.0, CPU).of(0)
    )


def test_what_was_drawn_arrives_in_order() -> None:
    scores = torch.full((3, 102_400), -torch.inf)
    scores[0, 3] = scores[1, 102_399] = scores[2, 0] = 1.0
    scores[2, 7] = 1.0
    half = TokenDraw(torch.tensor([[0.2], [0.6]]), 1.0, 1.0)
    drawn = Drawn(draw_rows(scores, [half, TokenDraw(torch.tensor([[0.7]]), 0.0, 0.5)]))
    assert drawn.take() == [(3, 0.0), (102_399, 0.0), (0, pytest.approx(-math.log(2)))]


def test_draws_together_are_each_alone() -> None:
    scores = torch.cat([logits(300, seed=seed) for seed in range(5)])
    chance = uniforms(2, 5, 1, 0.9, CPU)[:, 0]
    draws = [TokenDraw(chance[:2], 0.7, 0.9, greedy_first=True), TokenDraw(chance[2:], 1.2, 1.0)]
    together = draw_rows(scores, draws)
    assert torch.equal(together, torch.cat([draw_rows(scores[:2], draws[:1]), draw_rows(scores[2:], draws[1:])]))
    shared = draw_rows(scores[:1], [TokenDraw(chance, 0.7, 0.9)])
    assert torch.equal(shared[:, 0].long(), draw(scores[:1], chance, 0.7, 0.9)[0])


class OnDevice:
    """What `Drawn` asks of a tensor on a CUDA device."""

    is_cuda, dtype, device, shape = True, torch.float64, torch.device("cuda", 0), torch.Size((1, 2))


def test_nobody_spins_for_what_was_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that is not blocking is waited for by spinning, on a core that Lean needs."""
    made: list[dict[str, bool]] = []
    waited: list[str] = []
    make = torch.empty

    class Event:
        def __init__(self, **options: bool) -> None:
            made.append(options)

        def record(self, stream: object) -> None:
            waited.append("recorded")

        def synchronize(self) -> None:
            waited.append("waited")

    class Host:
        @staticmethod
        def copy_(source: OnDevice, *, non_blocking: bool) -> None:
            assert non_blocking

        @staticmethod
        def tolist() -> list[list[float]]:
            return [[7.0, -0.5]]

    def pinned(*_: object, pin_memory: bool = False, **__: object) -> Host:
        assert pin_memory
        return Host()

    monkeypatch.setattr(torch.cuda, "Event", Event)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: None)
    monkeypatch.setattr(torch, "empty", pinned)
    drawn = Drawn(OnDevice())  # type: ignore[arg-type]
    monkeypatch.setattr(torch, "empty", make)
    assert drawn.take() == [(7, -0.5)]
    assert made == [{"blocking": True}]
    assert waited == ["recorded", "waited"]


def test_numbers_are_sent_from_pinned_memory_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []

    def pin(tensor: Tensor) -> Tensor:
        steps.append("pinned")
        return tensor

    def to(tensor: Tensor, device: torch.device, *, non_blocking: bool) -> Tensor:
        steps.append(f"to {device.type}, waiting: {not non_blocking}")
        return tensor

    monkeypatch.setattr(Tensor, "pin_memory", pin)
    monkeypatch.setattr(Tensor, "to", to)
    assert indices([3, 1], torch.device("cuda")).tolist() == [3, 1]
    assert steps == ["pinned", "to cuda, waiting: False"]


@pytest.mark.parametrize("top_p", [1.0, 0.95, 0.4])
@pytest.mark.parametrize("size", [97, 256, 300])
@pytest.mark.parametrize("some", [True, False], ids=["one is none", "all are none"])
def test_scores_that_are_no_numbers_draw_a_token_of_the_vocabulary_and_tell(
    size: int, top_p: float, some: bool
) -> None:
    scores = logits(size).repeat(2, 1)
    scores[1, size // 2 if some else slice(None)] = torch.nan
    chance = torch.rand(2, tries(top_p), generator=torch.Generator().manual_seed(1))
    tokens, logprobs = draw(scores, chance, 0.7, top_p)
    assert 0 <= int(tokens.min()) <= int(tokens.max()) < size
    assert logprobs.isnan().tolist() == [False, True]
