"""The comments of a script that stay when another one takes its place."""

from ghostproof.syntax.lexical import mask


def with_comments(script: str, before: str) -> str:
    """A script with the comments that stood at the same lines of an earlier one."""
    above, behind = _comments(before)
    lines: list[str] = []
    for line in script.split("\n"):
        code, indent = line.strip(), line[: len(line) - len(line.lstrip())]
        lines += [indent + comment for comment in above.pop(code, ())]
        lines.append(line + behind.pop(code, ""))
    return "\n".join(lines)


def _comments(script: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Comments by the line that they stand above, and by the line that they stand behind."""
    above: dict[str, list[str]] = {}
    behind: dict[str, str] = {}
    masked, _ = mask(script)
    waiting: list[str] = []
    for line, code in zip(script.split("\n"), masked.split("\n"), strict=True):
        if not code.strip():
            waiting += [line.strip()] if line.strip() else []
            continue
        key = code.strip()
        if waiting:
            above.setdefault(key, waiting)
        if code.rstrip() != line.rstrip() and line.startswith(code.rstrip()):
            behind.setdefault(key, line[len(code.rstrip()) :])
        waiting = []
    return above, behind
