"""The pipe to the prober, against processes that misbehave by name."""

import sys
from pathlib import Path

import pytest

from ghostproof.errors import LeanDied, LeanTimeout, ToolchainBroken
from ghostproof.lean.probe import ProbeProcess

READY = 'print(\'{"id":0,"ready":true}\', flush=True)\n'
READ = "import sys, json, time\nfor line in sys.stdin:\n    q = json.loads(line)\n"
BEHAVIOURS = {
    "broken script": "print('Probe.lean:3:1: error: unknown identifier')\nraise SystemExit(1)",
    "crash on request": READY + READ + "    print('INTERNAL PANIC: out of memory', file=sys.stderr)\n    sys.exit(1)\n",
    "noise": READY
    + READ
    + "    print('PANIC at nowhere'); print(json.dumps({'id': q['id'], 'text': 'ok'}), flush=True)\n",
    "silent": READY + READ + "    pass\n",
    "out of order": READY
    + READ
    + "    if q['id'] == 1: held = q; continue\n"
    + "    for one in (q, held): print(json.dumps({'id': one['id'], 'text': one['do']}), flush=True)\n",
    "stops when told": READY
    + READ
    + "    if q['do'] == 'cancel': print(json.dumps({'id': q['target'], 'stopped': True}), flush=True)\n",
}


async def start(behaviour: str) -> ProbeProcess:
    return await ProbeProcess.start([sys.executable, "-c", BEHAVIOURS[behaviour]], Path.cwd(), {})


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


async def test_one_that_does_not_stop_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ghostproof.lean.probe._GRACE_S", 0.05)
    probe = await start("silent")
    with pytest.raises(LeanTimeout):
        await probe.wait(probe.request({"do": "run"}), 0.01)
    assert probe.dead


async def test_kill_is_idempotent() -> None:
    probe = await start("silent")
    await probe.kill()
    await probe.kill()
    assert probe.dead
