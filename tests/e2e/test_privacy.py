"""Whom a process of ours reaches over a network: the server that the settings name, and nobody else."""

import json
import os
import subprocess
import sys
from pathlib import Path

# Python tells of every connection, look-up of a name and datagram of the process; sockets of this machine's files are
# no network.
WATCHED = """
import json, sys
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


def watched(commands: list[list[str]], folder: Path) -> tuple[list[int], list[list[str]]]:
    """Exit codes of command lines, and what was reached meanwhile."""
    env = os.environ | {"XDG_STATE_HOME": str(folder / "state"), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, json.dumps(commands)], capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    return told["codes"], told["reached"]


def test_whoever_names_a_server_reaches_that_one_alone(tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text('[prover]\nurl = "http://127.0.0.1:9/v1"\n[lean]\ntoolchain = "project"\n')
    _, reached = watched([["--config", str(settings), "doctor", str(tmp_path)]], tmp_path)
    assert reached
    assert {address for event, address in reached if event == "socket.connect"} == {"('127.0.0.1', 9)"}
    assert all("127.0.0.1" in address for _, address in reached)
