"""Where workers run: in this process, or on a Ray cluster."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ghostproof.errors import BadInput
from ghostproof.work.crew import LOCAL, Crew, LocalCrew


@contextmanager
def crew(most: int | None, ray: str | None) -> Iterator[Crew]:
    """The workers' place for as long as it is needed.

    Args:
        most: so many workers at most.
        ray: address of a Ray cluster, or `local` for one that is started and ended here; None: this process.

    Raises:
        BadInput: Ray is not installed, or there is no cluster.
    """
    if ray is None:
        yield LocalCrew(most)
        return
    # Ray reads these when it is imported. It would report its use to its makers; and it binds to loopback alone only
    # where it is told, as on macOS, that a cluster is this machine alone.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if ray == LOCAL:
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    try:
        from ghostproof.work.ray_crew import cluster
    except ImportError:
        raise BadInput("Ray is not installed.", "Install it with Ghostproof: pip install 'ghostproof[ray]'") from None
    with cluster(ray, most) as found:
        yield found
