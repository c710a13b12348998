"""Whom a process of ours reaches over a network: the server that the settings name, and nobody else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# Python tells of every connection, look-up of a name and datagram of the process; sockets of this machine's files are
# no network.
WATCHED = """
import faulthandler, json, sys
faulthandler.dump_traceback_later(600, exit=True)  # whoever waits for ever says where
reached = []
def hear(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg") and not isinstance(arguments[1], (str, bytes)):
        reached.append([event, str(arguments[1])])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        reached.append([event, str(arguments[0])])
sys.addaudithook(hear)
from ghostproof.cli import run
codes = [run(command) for command in json.loads(sys.argv[1])]
print("\\n" + json.dumps({"codes": codes, "reached": reached}))
"""
PROVED = "theorem a (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  exact h.symm\n"
TEXT = f"{PROVED}\nexample (p : Prop) (h : p) : p := by\n  sorry\n"


def watched(commands: list[list[str]], folder: Path) -> tuple[list[int], list[list[str]]]:
    """Exit codes of command lines, and what was reached meanwhile."""
    env = os.environ | {"XDG_STATE_HOME": str(folder / "state"), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, json.dumps(commands)], capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    return told["codes"], told["reached"]


@pytest.mark.lean
@pytest.mark.slow
def test_what_learns_and_proves_reaches_nobody(embedded_root: Path, tmp_path: Path) -> None:
    """Without a model: all that a user's own proofs go through, from the first harvest to the log of use."""
    file, settings = tmp_path / "A.lean", tmp_path / "config.toml"
    file.write_text(TEXT, "utf-8")
    settings.write_text(
        '[learn]\nlog_use = true\n[lean]\ntoolchain = "embedded"\nchecker = "probe"\n[prover]\nmodel = ""\n', "utf-8"
    )
    common = ["--config", str(settings)]
    commands = [
        [*common, "harvest", str(tmp_path)],
        [*common, "suggest", str(file)],
        [*common, "prove", str(file), "--budget", "60"],
        [*common, "learned", "status", str(tmp_path)],
        [*common, "learned", "forget", str(tmp_path)],
    ]
    codes, reached = watched(commands, tmp_path)
    assert reached == []
    assert codes == [0] * len(commands)


def test_whoever_names_a_server_reaches_that_one_alone(tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text('[prover]\nurl = "http://127.0.0.1:9/v1"\n[lean]\ntoolchain = "project"\n')
    _, reached = watched([["--config", str(settings), "doctor", str(tmp_path)]], tmp_path)
    assert reached
    assert {address for event, address in reached if event == "socket.connect"} == {"('127.0.0.1', 9)"}
    assert all("127.0.0.1" in address for _, address in reached)
