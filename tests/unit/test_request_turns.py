"""Requests that wait for a thread of the prober: in which order they are taken up, and that their time begins then."""

import asyncio
import sys
from pathlib import Path

from ghostproof.lean.probe import ProbeProcess, ProbeRequest
from ghostproof.lean.probe_threads import AHEAD, ProbeThreads

# Keeps everything until it is told to go on; then it answers the first request, and those that it is told to stop, each
# with what it has heard so far.
HOLDING = """
import json, sys
print(json.dumps({'ready': True}), flush=True)
asked, heard, free = [], [], False
def say(q):
    print(json.dumps({'id': q['id'], 'nonce': q['nonce'], 'text': ' '.join(heard)}), flush=True)
for line in sys.stdin:
    q = json.loads(line)
    heard.append(q['do'])
    if q['do'] == 'run':
        asked.append(q)
    elif q['do'] == 'go on':
        free = True
        say(asked[0])
    if free and 'cancel' in heard:
        say(asked[1])
"""


async def holding(grace_s: float) -> ProbeProcess:
    return await ProbeProcess.start([sys.executable, "-c", HOLDING], Path.cwd(), {}, grace_s=grace_s)


async def turns() -> None:
    """Let everything run that waits for nothing."""
    for _ in range(20):
        await asyncio.sleep(0)


def begun(requests: list[ProbeRequest]) -> list[bool]:
    return [request.begun.is_set() for request in requests]


async def test_as_many_have_begun_as_there_are_threads_in_the_order_in_which_they_were_sent() -> None:
    threads = ProbeThreads(2)
    assert threads.width == 2 + AHEAD
    one, two, three, four = requests = [threads.follow(ProbeRequest(number)) for number in range(4)]
    assert begun(requests) == [True, True, False, False]
    two.done.set_exception(ConnectionError())
    await turns()
    assert begun(requests) == [True, True, True, False]
    assert three.began >= one.began
    three.done.cancel()
    one.done.cancel()
    await turns()
    assert begun(requests) == [True, True, True, True]
    four.done.cancel()
    await turns()
    assert threads.follow(ProbeRequest(5)).begun.is_set()


async def test_the_time_of_a_request_begins_with_its_thread() -> None:
    probe, threads = await holding(grace_s=60), ProbeThreads(1)
    first, second = (threads.follow(probe.request({"do": "run"})) for _ in range(2))
    late = asyncio.create_task(probe.wait(second, 0.0))
    await turns()
    probe.send({"do": "go on"})
    assert (await probe.wait(first, 60)).text("text") == "run run go on"
    assert (await late).text("text") == "run run go on cancel"
    await probe.kill()


async def test_what_is_left_before_its_turn_does_not_end_the_program() -> None:
    probe, threads = await holding(grace_s=0.0), ProbeThreads(1)
    first, second = (threads.follow(probe.request({"do": "run"})) for _ in range(2))
    probe.abandon(second)
    await turns()
    assert not probe.dead
    probe.send({"do": "go on"})
    assert (await probe.wait(first, 60)).text("text") == "run run cancel go on"
    await probe.kill()


async def test_who_waits_for_a_turn_is_told_of_the_end_of_the_program() -> None:
    probe, threads = await holding(grace_s=60), ProbeThreads(1)
    requests = [threads.follow(probe.request({"do": "run"})) for _ in range(3)]
    waiting = [asyncio.create_task(probe.wait(request, 60)) for request in requests]
    await turns()
    await probe.kill()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one).__name__ for one in ended] == ["LeanDied"] * 3
    assert all(begun(requests))
