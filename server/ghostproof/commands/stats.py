"""`ghostproof stats`: what the log of use tells."""

import argparse
import dataclasses
import json

from ghostproof import render
from ghostproof.commands.exit_codes import FOUND, NOTHING
from ghostproof.learning.usage import events, usage_path
from ghostproof.learning.usage_summary import UsageSummary, summary
from ghostproof.visible import json_line, visible


def run(arguments: argparse.Namespace) -> int:
    path = usage_path()
    found = summary(events(path))
    if arguments.json:
        fields = dataclasses.asdict(found) | {"kept": found.kept, "acceptance": found.acceptance, "log": str(path)}
        print(json_line(json.dumps(fields, ensure_ascii=False)))
    elif found.shown:
        print("\n".join(map(visible, told(found))))
    else:
        render.note(f"Nothing is logged in {path}. The setting `learn.log_use` turns the log on; it stays here.")
    return FOUND if found.shown else NOTHING


def told(found: UsageSummary) -> list[str]:
    """The summary in lines for a person."""
    rate = f"{found.acceptance:.0%}" if found.acceptance is not None else "none"
    lines = [
        f"shown                {found.shown}",
        f"accepted             {found.accepted} ({rate} of what was shown)",
        f"kept after a minute  {found.kept} ({found.edited} edited, {found.deleted} deleted)",
    ]
    if found.first_ms_p50 is not None and found.first_ms_p90 is not None:
        lines.append(f"first suggestion     {found.first_ms_p50:,.0f} ms (p50), {found.first_ms_p90:,.0f} ms (p90)")
    lines += [f"  {name:<18} {use.accepted} accepted, {use.kept} kept" for name, use in found.sources.items()]
    return lines
