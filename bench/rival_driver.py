"""Tries tactics the way a rival's users do. Run by the rivals' own Python, never imported by the bench.

    python rival_driver.py RIVAL PROJECT FILE

Works in a folder that looks like a Lake project, with `lake` and `lean` found on PATH.
Speaks JSON lines: `{"line", "column", "tactics", "text"}` in (0-based, code points: where the tactic to replace starts,
on a line that it ends; the text that the file is to have before that, or null), `{"seconds", "closed"}` out: of each
tactic whether it closes the goal. Its first line is `{"ready"}`, sent when the file is elaborated.
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
    """Where to try which tactics.

    Attributes:
        tactics: their further lines are relative to column 0.
        text: what the file is to have; None if it stays as it is.
    """

    line: int
    column: int
    tactics: Sequence[str]
    text: str | None = None

    def laid_out(self, tactic: str) -> str:
        """The tactic with its further lines indented for the place."""
        return ("\n" + " " * self.column).join(tactic.split("\n"))

    def end_of(self, laid_out: str) -> tuple[int, int]:
        """The position behind a text at the place."""
        lines = laid_out.split("\n")
        return self.line + len(lines) - 1, len(lines[-1]) + (self.column if len(lines) == 1 else 0)

    def with_room(self, text: str) -> str:
        """The text with blank lines below the place: a longer tactic of `lean_multi_attempt` replaces what is there."""
        lines = text.split("\n")
        room = max((tactic.count("\n") for tactic in self.tactics), default=0)
        return "\n".join([*lines[: self.line + 1], *[""] * room, *lines[self.line + 1 :]])


Attempt = Callable[[Request], Coroutine[Any, Any, list[bool]]]
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

        async def attempt(request: Request) -> list[bool]:
            if request.text is not None:
                (project / file).write_text(request.with_room(request.text), "utf-8")
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
            return [accepted(item) for item in answer.structured_content["items"]]

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
        text = client.get_file_content(file)

        def put(request: Request, laid_out: str, end: tuple[int, int]) -> None:
            client.update_file(file, [DocumentContentChange(laid_out, (request.line, request.column), end)])

        def attempt_one(request: Request, laid_out: str, end: tuple[int, int]) -> bool:
            put(request, laid_out, end)
            line, column = request.end_of(laid_out)
            found = client.get_diagnostics(file, start_line=request.line, end_line=line)
            goal = client.get_goal(file, line, column)
            errors = [d for d in found if d["severity"] == ERROR]
            return not errors and goal is not None and not goal["goals"]

        async def attempt(request: Request) -> list[bool]:
            nonlocal text
            if request.text is not None and request.text != text:
                text = request.text
                client.update_file_content(file, text)
            replaced = text.split("\n")[request.line][request.column :]
            end, closed = request.end_of(replaced), []
            for laid_out in map(request.laid_out, request.tactics):
                closed.append(attempt_one(request, laid_out, end))
                end = request.end_of(laid_out)
            put(request, replaced, end)
            return closed

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
            closed = await attempt(request)
            seconds = time.perf_counter() - started
            settle()
            say(seconds=seconds, closed=closed)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]).resolve(), sys.argv[3]))
