"""The pipe to the prober, against processes that misbehave by name."""

import asyncio
import socket
import sys
from pathlib import Path

import pytest

from ghostproof.errors import LeanDied, LeanTimeout, ToolchainBroken
from ghostproof.lean.probe import GRACE_S, ProbeAnswer, ProbeProcess

READY = 'print(\'{"id":0,"ready":true}\', flush=True)\n'
READ = "import sys, json, time\nfor line in sys.stdin:\n    q = json.loads(line)\n"
# An answer to the request `q`, as the prober writes it.
SAY = "    print('\\n' + json.dumps({'id': q['id'], 'nonce': q['nonce'], "
BEHAVIOURS = {
    "broken script": "print('Probe.lean:3:1: error: unknown identifier')\nraise SystemExit(1)",
    "crash on request": READY + READ + "    print('INTERNAL PANIC: out of memory', file=sys.stderr)\n    sys.exit(1)\n",
    "noise": READY + READ + "    print('PANIC at nowhere')\n" + SAY + "'text': 'ok'}), flush=True)\n",
    "silent": READY + READ + "    pass\n",
    "out of order": READY
    + READ
    + "    if q['id'] == 1: held = q; continue\n"
    + "    for one in (q, held): print(json.dumps({**one, 'text': one['do']}), flush=True)\n",
    "stops when told": READY
    + READ
    + "    if q['do'] != 'cancel': held = q; continue\n"
    + "    print(json.dumps({'id': q['target'], 'nonce': held['nonce'], 'stopped': True}), flush=True)\n",
    "forged answers": READY
    + READ
    + "    for nonce in ('', 'f' * 32, None, 7, q['nonce'][:-1], q['nonce'].upper() + '!'):\n"
    + "        print(json.dumps({'id': q['id'], 'nonce': nonce, 'text': 'forged'}))\n"
    + "    print(json.dumps({'id': q['id'], 'text': 'forged'})); print('[' * 100000)\n"
    + "    print('no line end', end='')\n"
    + SAY
    + "'text': 'true'}), flush=True)\n",
    "answers while it is ended": "import socket\n"
    + READY
    + READ
    + SAY
    + "'cause': 'interrupt'}), flush=True)\n"
    + "    socket.create_connection(('127.0.0.1', q['port'])).close()\n",
    "never ready": "import time\nprint('elaborating', flush=True)\nwhile True: time.sleep(60)\n",
}


async def start(behaviour: str, grace_s: float = GRACE_S) -> ProbeProcess:
    return await ProbeProcess.start([sys.executable, "-c", BEHAVIOURS[behaviour]], Path.cwd(), {}, grace_s=grace_s)


async def test_a_script_that_does_not_compile_is_told_with_lean_s_words() -> None:
    with pytest.raises(ToolchainBroken, match="unknown identifier"):
        await start("broken script")


async def test_a_lean_that_is_not_there() -> None:
    with pytest.raises(ToolchainBroken, match="can't be started"):
        await ProbeProcess.start(["/nowhere/lean"], Path.cwd(), {})


async def test_a_death_fails_what_is_in_flight_with_the_end_of_stderr() -> None:
    probe = await start("crash on request")
    request = probe.request({"do": "run"})
    with pytest.raises(LeanDied, match="out of memory"):
        await probe.wait(request, 60)
    assert probe.dead
    with pytest.raises(LeanDied):
        await probe.wait(probe.request({"do": "run"}), 60)


async def test_lines_that_are_no_answers_are_skipped() -> None:
    probe = await start("noise")
    assert (await probe.wait(probe.request({"do": "run"}), 60)).text("text") == "ok"
    await probe.kill()


@pytest.mark.parametrize("wait", ["wait", "wait_for_stop"])
async def test_who_is_cancelled_as_an_answer_comes_is_cancelled(wait: str) -> None:
    probe = await start("silent")
    for later in range(5):
        request = probe.request({"do": "run"})
        waiting = asyncio.create_task(probe.wait(request, 60) if wait == "wait" else probe.wait_for_stop(request))
        await asyncio.sleep(0)
        request.done.set_result(ProbeAnswer({}))
        for _ in range(later):
            await asyncio.sleep(0)
        if waiting.cancel():
            with pytest.raises(asyncio.CancelledError):
                await waiting
    await probe.kill()


async def test_answers_find_their_requests() -> None:
    probe = await start("out of order")
    first, second = probe.request({"do": "a"}), probe.request({"do": "b"})
    assert (await probe.wait(first, 60)).text("text") == "a"
    assert (await probe.wait(second, 60)).text("text") == "b"
    await probe.kill()


async def test_a_late_request_is_stopped() -> None:
    probe = await start("stops when told")
    assert (await probe.wait(probe.request({"do": "run"}), 0.01)).flag("stopped")
    assert not probe.dead
    await probe.kill()


async def test_one_that_does_not_stop_is_ended() -> None:
    probe = await start("silent", grace_s=0.05)
    with pytest.raises(LeanTimeout):
        await probe.wait(probe.request({"do": "run"}), 0.01)
    assert probe.dead


async def test_what_the_elaborated_code_prints_is_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    probe = await start("forged answers")
    assert (await probe.wait(probe.request({"do": "run"}), 60)).text("text") == "true"
    assert probe.dropped == 9
    assert "answers nothing" in caplog.text
    await probe.kill()


async def test_it_is_settled_when_what_nobody_waits_for_is_answered_too() -> None:
    probe = await start("stops when told")
    request = probe.request({"do": "run"})
    settled = asyncio.create_task(probe.settled())
    await asyncio.sleep(0)
    assert not settled.done()
    probe.abandon(request)
    await settled
    assert request.done.done()
    await probe.settled()
    await probe.kill()


async def test_the_late_answer_of_a_request_is_no_stray_line(caplog: pytest.LogCaptureFixture) -> None:
    probe = await start("answers while it is ended")
    with socket.create_server(("127.0.0.1", 0)) as said:
        request = probe.request({"do": "run", "port": said.getsockname()[1]})
        said.accept()[0].close()  # its answer is in the pipe, where nobody has read it yet
    await probe.kill()
    with pytest.raises(LeanDied):
        await request.done
    assert probe.dropped == 0
    assert caplog.text == ""


async def test_each_request_has_a_nonce_of_its_own() -> None:
    probe = await start("silent")
    assert len({probe.request({"do": "run"}).nonce for _ in range(20)}) == 20
    await probe.kill()


async def test_a_start_that_hangs_is_ended() -> None:
    argv = [sys.executable, "-c", BEHAVIOURS["never ready"]]
    with pytest.raises(LeanTimeout, match="not ready"):
        await ProbeProcess.start(argv, Path.cwd(), {}, start_s=0.5)


async def test_lean_s_words_about_the_script_are_explained() -> None:
    argv = [sys.executable, "-c", BEHAVIOURS["broken script"]]
    with pytest.raises(ToolchainBroken, match=r"Hole\.lean:3:1"):
        await ProbeProcess.start(argv, Path.cwd(), {}, explain=lambda said: said.replace("Probe", "Hole"))


async def test_kill_is_idempotent() -> None:
    probe = await start("silent")
    await probe.kill()
    await probe.kill()
    assert probe.dead
