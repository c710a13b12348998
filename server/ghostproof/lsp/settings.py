"""What a client says of settings: on its own, or below our name among those of others."""

from collections.abc import Mapping


def changes(settings: object) -> Mapping[str, object] | None:
    """The settings that are ours, by section; None where there is nothing of the kind."""
    values = settings.get("ghostproof", settings) if isinstance(settings, Mapping) else None
    return values if isinstance(values, Mapping) else None
