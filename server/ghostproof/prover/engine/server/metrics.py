"""The engine's counters in the text format that Prometheus reads."""

from collections.abc import Iterator, Mapping

from ghostproof.prover.engine.contract import EngineStats

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# name: (kind, help)
_SERIES: Mapping[str, tuple[str, str]] = {
    "requests": ("counter", "Requests taken since the start."),
    "prompt_tokens": ("counter", "Tokens of all prompts."),
    "cached_tokens": ("counter", "Tokens of prompts whose keys and values were there already."),
    "drawn_tokens": ("counter", "Tokens drawn, of all candidates together."),
    "steps": ("counter", "Forward passes that drew tokens."),
    "running": ("gauge", "Requests that are computed now."),
    "waiting": ("gauge", "Requests that wait for their turn."),
    "kv_used": ("gauge", "Bytes of keys and values, pinned or kept for later."),
    "kv_pinned": ("gauge", "Bytes of keys and values that requests hold now."),
    "kv_budget": ("gauge", "Bytes that keys and values may take."),
    "tokens_per_s": ("gauge", "Tokens drawn per second in the latest request."),
}


def exposition(model: str, stats: EngineStats | None, connected: int) -> str:
    """All series; before the model is loaded, only whether it is and who is being served.

    Args:
        connected: requests over HTTP that are not answered to the end.
    """
    lines = [
        *_series("ready", "gauge", "1 when the model is loaded.", [("", float(stats is not None))], model),
        *_series("http_requests", "gauge", "Requests over HTTP in progress.", [("", float(connected))], model),
    ]
    if stats is not None:
        for name, (kind, about) in _SERIES.items():
            lines += _series(name, kind, about, [("", float(vars(stats)[name]))], model)
        ends = [(f',reason="{reason}"', float(number)) for reason, number in sorted(stats.ended.items())]
        lines += _series("ended", "counter", "Requests by how they ended.", ends, model)
    return "\n".join(lines) + "\n"


def _series(name: str, kind: str, about: str, values: list[tuple[str, float]], model: str) -> Iterator[str]:
    full = f"ghostproof_{name}" + ("_total" if kind == "counter" else "")
    yield f"# HELP {full} {about}"
    yield f"# TYPE {full} {kind}"
    for labels, value in values:
        yield f'{full}{{model="{_escaped(model)}"{labels}}} {value:.17g}'


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
