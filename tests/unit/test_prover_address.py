"""Where prompts go: which addresses a prover may have, and that no key and no password of them is ever shown."""

from collections.abc import AsyncIterator

import pytest

from ghostproof.errors import ProverFailed
from ghostproof.prover.address import remote
from ghostproof.prover.client.prover import OpenAIProver, remote_prover
from ghostproof.prover.protocol import Prompt, SamplingParams
from support.misbehaving_prover import KEY, Misbehaving, misbehaving


@pytest.fixture
async def server() -> AsyncIterator[Misbehaving]:
    async with misbehaving() as server:
        yield server


async def prover_answers(prover: OpenAIProver) -> int:
    """How many candidates a prover gives."""
    return len([one async for one in prover.ask(Prompt("by\n  "), 3, SamplingParams(greedy_first=False))])


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://host/v1", "http://", "http://host:99999/v1"])
async def test_what_is_no_address_is_refused(url: str) -> None:
    prover = remote_prover(url, "NO_SUCH_VARIABLE")
    with pytest.raises(ProverFailed, match="is not the address of a server"):
        await prover.context()
    assert prover.status.state == "error"
    await prover.close()


@pytest.mark.parametrize("url", ["http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/completions/"])
def test_an_address_may_be_written_in_several_ways(url: str) -> None:
    assert remote(url, "", "K").url == "http://h:1"


def test_neither_key_nor_password_is_shown() -> None:
    address = remote("https://user:password@host/base/v1", KEY, "K")
    assert KEY not in repr(address)
    assert address.shown == "https://host/base"


async def test_a_key_that_cannot_be_sent_is_not_shown_either() -> None:
    with pytest.raises(ProverFailed) as caught:
        remote("http://host", "sk\n1", "THE_KEY")
    assert caught.value.message == "The key in THE_KEY has characters that no key has."


@pytest.mark.parametrize(
    ("url", "goes_to"),
    [
        ("https://user:password@host/v1", "https://host"),
        ("http://host:8000/v1", "http://host:8000 (not encrypted)"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://localhost.example", "http://localhost.example (not encrypted)"),
    ],
)
async def test_the_status_says_where_prompts_go_before_any_does(url: str, goes_to: str) -> None:
    prover = remote_prover(url, "NO_SUCH_VARIABLE")
    assert prover.status.goes_to == goes_to
    await prover.close()


async def test_the_status_goes_on_saying_where_prompts_go(server: Misbehaving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", KEY)
    prover = remote_prover(server.url, "THE_KEY", "m")
    await prover_answers(prover)
    assert (prover.status.state, prover.status.goes_to) == ("ready", server.url)
    assert (await prover.about()).startswith(f"prompts go to {server.url}, ")
    server.way = "server_error"
    with pytest.raises(ProverFailed):
        await prover_answers(prover)
    assert (prover.status.state, prover.status.goes_to) == ("error", server.url)
    await prover.close()


async def test_a_login_in_the_address_is_sent_and_never_shown(server: Misbehaving) -> None:
    url = server.url.replace("//", "//me:se%20cret@")
    address = remote(url, "", "THE_KEY")
    prover = OpenAIProver(lambda: address, "m")
    assert await prover_answers(prover) == 3
    assert server.keys == {"Basic bWU6c2UgY3JldA=="}
    assert "cret" not in repr(address) + address.shown + str(prover.status) + await prover.about()
    await prover.close()
