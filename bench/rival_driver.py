"""Tries tactics the way a rival's users do. Run by the rivals' own Python, never imported by the bench.

    python rival_driver.py RIVAL PROJECT FILE

Works in a folder that looks like a Lake project, with `lake` and `lean` found on PATH.
Speaks JSON lines: `{"line", "column", "tactics"}` in (0-based, code points: where the tactic to replace starts, on a
line that it ends), `{"seconds", "proved"}` or `{"error"}` out. Its first line is `{"ready"}`, sent when the file is
elaborated.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ELABORATION_S = 120.0
ERROR = 1  # severity, in the Language Server Protocol


@dataclass(frozen=True)
class Request:
    """Where to try which tactics."""

    line: int
    column: int
    tactics: Sequence[str]


Attempt = Callable[[Request], Coroutine[Any, Any, list[str]]]
Settle = Callable[[], None]  # waits until Lean is idle again, so that the next contender has the machine to itself


@contextlib.asynccontextmanager
async def lean_lsp_mcp(project: Path, file: str) -> AsyncIterator[tuple[Attempt, Settle]]:
    """`lean_multi_attempt` of the real MCP server, over stdio."""
    from mcp import StdioServerParameters
    from mcp.client import Client
    from mcp.client.stdio import get_default_environment, stdio_client

    command = Path(sys.executable).with_name("lean-lsp-mcp")
    env = {**get_default_environment(), "LEAN_PROJECT_PATH": str(project), "LEAN_LOG_LEVEL": "NONE"}
    server = StdioServerParameters(command=str(command), args=[], env=env, cwd=str(project))
    async with Client(stdio_client(server)) as client:

        async def attempt(request: Request) -> list[str]:
            answer = await client.call_tool(
                "lean_multi_attempt",
                {
                    "file_path": file,
                    "line": request.line + 1,
                    "column": request.column + 1,
                    "snippets": list(request.tactics),
                },
            )
            if answer.is_error:
                raise RuntimeError(str(answer.content))
            return [item["snippet"] for item in answer.structured_content["items"] if accepted(item)]

        def accepted(item: dict[str, Any]) -> bool:
            errors = [d for d in item["diagnostics"] if d["severity"] == "error"]
            return not item["goals"] and not errors and not item["timed_out"]

        yield attempt, lambda: None  # it answers when the whole file is elaborated


@contextlib.asynccontextmanager
async def leanclient(project: Path, file: str) -> AsyncIterator[tuple[Attempt, Settle]]:
    """`update_file`, `get_diagnostics` of the changed line and `get_goal` behind the tactic, one tactic at a time."""
    from leanclient import DocumentContentChange, LeanLSPClient

    client = LeanLSPClient(str(project), prevent_cache_get=True)
    try:
        client.open_file(file)
        client.get_diagnostics(file, inactivity_timeout=ELABORATION_S)
        original = client.get_file_content(file).split("\n")

        def put(request: Request, text: str, width: int) -> None:
            start, end = (request.line, request.column), (request.line, request.column + width)
            client.update_file(file, [DocumentContentChange(text, start, end)])

        def attempt_one(request: Request, tactic: str, width: int) -> bool:
            put(request, tactic, width)
            found = client.get_diagnostics(file, start_line=request.line, end_line=request.line)
            goal = client.get_goal(file, request.line, request.column + len(tactic))
            errors = [d for d in found if d["severity"] == ERROR]
            return not errors and goal is not None and not goal["goals"]

        async def attempt(request: Request) -> list[str]:
            replaced = original[request.line][request.column :]
            width, proved = len(replaced), []
            for tactic in request.tactics:
                if attempt_one(request, tactic, width):
                    proved.append(tactic)
                width = len(tactic)
            put(request, replaced, width)
            return proved

        def settle() -> None:
            client.get_diagnostics(file, inactivity_timeout=ELABORATION_S)

        yield attempt, settle
    finally:
        client.close()


RIVALS = {"lean-lsp-mcp": lean_lsp_mcp, "leanclient": leanclient}


def say(**values: object) -> None:
    print(json.dumps(values, ensure_ascii=False), flush=True)


async def main(rival: str, project: Path, file: str) -> None:
    async with RIVALS[rival](project, file) as (attempt, settle):
        say(ready=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            request = Request(**json.loads(line))
            started = time.perf_counter()
            proved = await attempt(request)
            seconds = time.perf_counter() - started
            settle()
            say(seconds=seconds, proved=proved)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]).resolve(), sys.argv[3]))
