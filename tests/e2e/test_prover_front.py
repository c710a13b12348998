"""The engine's HTTP face over a real socket, in front of an engine that answers by a script."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Literal

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from ghostproof.prover.address import Address
from ghostproof.prover.client.prover import OpenAIProver
from ghostproof.prover.engine.contract import Ask, Ended, Event, Finished, Text
from ghostproof.prover.engine.server.completions import BadRequest, read
from ghostproof.prover.engine.server.front import Front
from ghostproof.prover.engine.server.model import LoadStage
from ghostproof.prover.engine.server.other_engines import make_room
from ghostproof.prover.local.paths import EnginePaths
from ghostproof.prover.protocol import Priority, Prompt, SamplingParams, Stop, StopRule
from ghostproof.prover.wire import Extra
from support.scripted_engine import BEGIN, CONTEXT, ScriptedEngine, loaded, words

Reason = Literal["context", "memory", "superseded", "cancelled", "error"]
EXTRA = {"rule": "tactic", "column": 2, "before": "", "document": "d", "priority": "proof", "greedy_first": True}


@dataclass
class Served:
    """A front on a Unix socket and whoever asks it."""

    front: Front
    engine: ScriptedEngine
    session: aiohttp.ClientSession
    socket: Path

    async def post(self, path: str, body: object) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.session.post(f"http://x{path}", data=data) as response:
            return response.status, await response.json()

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.session.get(f"http://x{path}") as response:
            return response.status, await response.json()

    async def stream(self, **body: object) -> list[Any]:
        request = {"prompt": "p", "stream": True} | body
        async with self.session.post("http://x/v1/completions", json=request) as response:
            assert response.status == 200
            assert response.content_type == "text/event-stream"
            text = await response.text()
        lines = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
        return [line if line == "[DONE]" else json.loads(line) for line in lines]


@asynccontextmanager
async def serving(
    folder: Path,
    script: Callable[[Ask], Iterable[Event]] = words,
    ready: bool = True,
    clock: Callable[[], float] = monotonic,
) -> AsyncIterator[Served]:
    engine = ScriptedEngine(script)
    front = Front("tiny", clock=clock)
    if ready:
        front.serve(loaded(engine))
    runner = web.AppRunner(front.application(), handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    socket = folder / "s.sock"
    await web.UnixSite(runner, str(socket)).start()
    async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(socket))) as session:
        yield Served(front, engine, session, socket)
    await runner.cleanup()
    engine.close()


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path) as served:
        yield served


async def test_an_answer_in_one_piece(served: Served) -> None:
    body = {"model": "tiny", "prompt": "abc", "n": 2, "max_tokens": 5, "logprobs": 1, "stop": "X", "seed": 7}
    status, answer = await served.post("/v1/completions", body)
    assert status == 200
    assert answer["object"] == "text_completion"
    assert answer["model"] == "tiny"
    assert answer["choices"] == [
        {
            "index": index,
            "text": f"tactic {index}",
            "finish_reason": "stop",
            "logprobs": {
                "tokens": ["tactic", f" {index}"],
                "token_logprobs": [-0.5, -0.25],
                "top_logprobs": [{"tactic": -0.5}, {f" {index}": -0.25}],
                "text_offset": [0, 6],
            },
        }
        for index in range(2)
    ]
    assert answer["usage"]["total_tokens"] == answer["usage"]["prompt_tokens"] + answer["usage"]["completion_tokens"]
    assert "ghostproof" not in answer
    (ask,) = served.engine.asked
    assert (ask.n, ask.limits.tokens, ask.limits.seed, ask.stop.strings) == (2, 5, 7, ("X",))
    assert not ask.limits.greedy_first


async def test_a_stream_adds_up_to_the_same(served: Served) -> None:
    *chunks, usage, done = await served.stream(n=3, stream_options={"include_usage": True})
    assert done == "[DONE]"
    assert usage["choices"] == []
    assert usage["usage"]["prompt_tokens"] == 1
    texts = ["", "", ""]
    finishes: list[str | None] = [None] * 3
    for chunk in chunks:
        (choice,) = chunk["choices"]
        assert choice["logprobs"] is None
        texts[choice["index"]] += choice["text"]
        finishes[choice["index"]] = choice["finish_reason"]
    assert texts == ["tactic 0", "tactic 1", "tactic 2"]
    assert finishes == ["stop"] * 3
    assert len({chunk["id"] for chunk in chunks}) == 1


async def test_our_own_client_gets_one_event_for_each_candidate(served: Served) -> None:
    first, second, figures, done = await served.stream(n=2, ghostproof=EXTRA)
    assert first["choices"][0]["ghostproof"] == {"logprob": -0.75, "tokens": 3}
    assert second["choices"][0]["text"] == "tactic 1"
    assert figures["ghostproof"]["tokens_per_s"] == 123.0
    assert done == "[DONE]"
    (ask,) = served.engine.asked
    assert ask.stop == Stop(rule=StopRule.TACTIC, column=2)
    assert (ask.priority, ask.document, ask.limits.greedy_first, ask.stream_text) == (Priority.PROOF, "d", True, False)


async def test_dropped_duplicates_are_finished_for_clients_that_count(tmp_path: Path) -> None:
    def script(ask: Ask) -> Iterable[Event]:
        if ask.stream_text:
            yield Text(0, "simp", (-1.0,))
            yield Text(1, "simp", (-1.0,))
        yield Finished(0, "simp", -1.0, 1, "stop")
        yield Ended("done", duplicates=1)

    async with serving(tmp_path, script) as served:
        _, answer = await served.post("/v1/completions", {"prompt": "p", "n": 2})
        assert [(c["text"], c["finish_reason"]) for c in answer["choices"]] == [("simp", "stop")] * 2
        chunks = await served.stream(n=2)
        assert sum(chunk["choices"][0]["finish_reason"] == "stop" for chunk in chunks[:-1]) == 2
        assert len(await served.stream(n=2, ghostproof=EXTRA)) == 3


async def test_warming_draws_nothing(served: Served) -> None:
    status, answer = await served.post("/v1/completions", {"prompt": "p", "max_tokens": 0})
    assert status == 200
    assert [c["text"] for c in answer["choices"]] == []
    assert served.engine.asked[0].n == 0


REASONS: dict[Reason, int] = {"context": 400, "memory": 503, "superseded": 409, "cancelled": 409, "error": 500}


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("reason", REASONS)
async def test_a_refusal_has_a_status_of_its_own(tmp_path: Path, reason: Reason, stream: bool) -> None:
    async with serving(tmp_path, lambda _: [Ended(reason, "why not")]) as served:
        status, answer = await served.post("/v1/completions", {"prompt": "p", "stream": stream})
        assert status == REASONS[reason]
        assert answer["error"]["message"] == "why not"
        assert answer["error"]["type"] == ("invalid_request_error" if status < 500 else "server_error")


async def test_a_failure_after_the_first_event_is_told_in_the_stream(tmp_path: Path) -> None:
    def script(_: Ask) -> Iterable[Event]:
        yield Text(0, "simp", (-1.0,))
        yield Ended("memory", "full")

    async with serving(tmp_path, script) as served:
        first, last = await served.stream()
        assert first["choices"][0]["text"] == "simp"
        assert last["error"]["code"] == "out_of_memory"


WRONG: dict[str, tuple[object, int, str]] = {
    "no JSON": (b"{", 400, "The body is no JSON."),
    "deep JSON": (b"[" * 100_000, 400, "The body is no JSON."),
    "no object": ([1], 400, "The body must be a JSON object."),
    "no prompt": ({}, 400, "`prompt` must be one string"),
    "tokens": ({"prompt": [1, 2]}, 400, "`prompt` must be one string"),
    "half a character": ({"prompt": "\ud800"}, 400, "`prompt` holds half a character."),
    "n": ({"prompt": "", "n": 1000}, 400, "`n` must be a whole number from 0 to 256."),
    "n is true": ({"prompt": "", "n": True}, 400, "`n` must be a whole number"),
    "max_tokens": ({"prompt": "", "max_tokens": -1}, 400, "`max_tokens` must be"),
    "temperature": ({"prompt": "", "temperature": "hot"}, 400, "`temperature` must be a number from 0 to 100."),
    "not a number": (b'{"prompt": "", "temperature": NaN}', 400, "`temperature` must be a number"),
    "top_p": ({"prompt": "", "top_p": 0}, 400, "`top_p` must be"),
    "seed": ({"prompt": "", "seed": "x"}, 400, "`seed` must be a whole number."),
    "stop": ({"prompt": "", "stop": [1]}, 400, "`stop` must be a string"),
    "empty stop": ({"prompt": "", "stop": ""}, 400, "`stop` must be a string"),
    "logprobs": ({"prompt": "", "logprobs": 5}, 400, "`logprobs` must be 0 or 1"),
    "echo": ({"prompt": "", "echo": True}, 400, "`echo` is not supported."),
    "best_of": ({"prompt": "", "best_of": 4}, 400, "`best_of` must equal `n`."),
    "stream": ({"prompt": "", "stream": 1}, 400, "`stream` must be true or false."),
    "model": ({"prompt": "", "model": "gpt-9"}, 404, "The model `gpt-9` is not served here."),
    "extra": ({"prompt": "", "ghostproof": {"colour": 1}}, 400, "`ghostproof`: `colour` is not known."),
    "priority": ({"prompt": "", "ghostproof": {"priority": "urgent"}}, 400, "`ghostproof`: `priority` must be"),
    "too large": (b" " * (9 << 20), 413, ""),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_wrong_is_named(served: Served, name: str) -> None:
    body, status, message = WRONG[name]
    got, answer = await served.post("/v1/completions", body)
    assert got == status
    assert answer["error"]["message"].startswith(message)
    assert served.engine.asked == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = [
    "prompt",
    "n",
    "max_tokens",
    "temperature",
    "top_p",
    "seed",
    "stop",
    "stream",
    "logprobs",
    "ghostproof",
    "echo",
]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON).map(lambda fields: {"prompt": "p"} | fields))
@settings(max_examples=300, deadline=None)
def test_any_request_is_understood_or_refused(fields: dict[str, object]) -> None:
    try:
        wanted = read(fields)
    except BadRequest:
        return
    assert 0 <= wanted.ask.n <= 256
    assert 0 < wanted.ask.limits.top_p <= 1


@given(
    st.builds(
        Extra,
        st.sampled_from(StopRule),
        st.integers(0, 99),
        st.text(),
        st.text(),
        st.sampled_from(Priority),
        st.booleans(),
    )
)
def test_what_is_said_to_our_engine_is_read_back(extra: Extra) -> None:
    assert Extra.read(json.loads(json.dumps(extra.plain()))) == extra


async def test_unknown_paths_and_methods_are_errors_of_the_same_shape(served: Served) -> None:
    assert (await served.get("/v2"))[1]["error"]["message"] == "Not Found"
    assert (await served.get("/v1/completions"))[0] == 405


async def test_tokens_there_and_back(served: Served) -> None:
    _, tokens = await served.post("/tokenize", {"prompt": "a ℕ", "add_special_tokens": False})
    assert tokens == {"count": 5, "max_model_len": CONTEXT, "tokens": list("a ℕ".encode())}
    assert (await served.post("/tokenize", {"content": "a"}))[1]["tokens"] == [BEGIN, 97]
    _, text = await served.post("/detokenize", {"tokens": tokens["tokens"]})
    assert text["prompt"] == "a ℕ"
    for wrong in ([257], [-1], [True], "x", None):
        assert (await served.post("/detokenize", {"tokens": wrong}))[0] == 400
    assert (await served.post("/ghostproof/count", {"texts": ["", "abc"]}))[1] == {"counts": [0, 3]}
    assert (await served.post("/ghostproof/count", {"texts": "abc"}))[0] == 400


async def test_before_the_model_is_loaded(tmp_path: Path) -> None:
    async with serving(tmp_path, ready=False) as served:
        status, health = await served.get("/health")
        assert (status, health["state"]) == (503, "starting")
        served.front.show(LoadStage("loading", "loading the weights", part=0.25))
        status, report = await served.get("/ghostproof/status")
        assert (status, report["state"], report["progress"]) == (200, "loading", 0.25)
        status, answer = await served.post("/v1/completions", {"prompt": "p"})
        assert (status, answer["error"]["message"]) == (503, "loading the weights")
        served.front.show(LoadStage("error", "The model is broken.", "Fetch it again."))
        assert (await served.get("/v1/models"))[1]["error"]["message"] == "The model is broken. Fetch it again."
        assert served.front.rest >= 0
        served.front.serve(loaded(served.engine))
        status, health = await served.get("/health")
        assert (status, health["state"], health["device"]) == (200, "ready", "cpu")
        assert (await served.get("/v1/models"))[1]["data"][0]["max_model_len"] == CONTEXT


async def test_metrics_are_in_prometheus_format(served: Served) -> None:
    await served.stream()
    async with served.session.get("http://x/metrics") as response:
        assert response.content_type == "text/plain"
        lines = (await response.text()).splitlines()
    assert 'ghostproof_requests_total{model="tiny"} 1' in lines
    assert 'ghostproof_ended_total{model="tiny",reason="done"} 1' in lines
    assert "# TYPE ghostproof_kv_budget gauge" in lines


@pytest.mark.parametrize("stream", [True, False])
async def test_a_client_that_goes_cancels_in_the_engine(served: Served, stream: bool) -> None:
    served.engine.hold()
    asking = asyncio.create_task(served.post("/v1/completions", {"prompt": "p", "stream": stream}))
    await asyncio.to_thread(served.engine.wait_asked)
    asking.cancel()
    assert await asyncio.to_thread(served.engine.wait_cancelled, 1)


async def test_somebody_at_work_is_no_rest(tmp_path: Path) -> None:
    async with serving(tmp_path) as served:
        served.engine.hold()
        asking = asyncio.create_task(served.post("/v1/completions", {"prompt": "p"}))
        await asyncio.to_thread(served.engine.wait_asked)
        assert served.front.rest == 0
        served.engine.go_on()
        assert (await asking)[0] == 200


async def test_our_client_drops_what_another_request_takes_the_place_of(tmp_path: Path) -> None:
    async with serving(tmp_path, lambda _: [Ended("superseded")]) as served:
        prover = OpenAIProver(lambda: Address("http://x", served.socket))
        assert [c async for c in prover.ask(Prompt("p"), 2, SamplingParams())] == []
        assert prover.status.state == "ready"
        await prover.close()


async def test_it_makes_room_when_it_rests(tmp_path: Path) -> None:
    now = 0.0
    async with serving(tmp_path, clock=lambda: now) as served:
        other = EnginePaths(*(tmp_path / f"other.{kind}" for kind in ("sock", "lock", "json", "log", "err")))
        assert not await asyncio.to_thread(make_room, other), "it was started a moment ago"
        assert not served.front.leaving.is_set()
        now += 61
        served.engine.hold()
        asking = asyncio.create_task(served.post("/v1/completions", {"prompt": "p"}))
        await asyncio.to_thread(served.engine.wait_asked)
        assert not await asyncio.to_thread(make_room, other), "somebody uses it"
        served.engine.go_on()
        await asking
        now += 61
        assert await asyncio.to_thread(make_room, other)
        assert served.front.leaving.is_set()


async def test_the_dead_make_no_room(tmp_path: Path) -> None:
    (tmp_path / "dead.sock").touch()
    other = EnginePaths(*(tmp_path / f"other.{kind}" for kind in ("sock", "lock", "json", "log", "err")))
    assert not await asyncio.to_thread(make_room, other)
