"""Meeting a process of the same user: by a Unix socket that only its owner may use, where the system has them.

Elsewhere a server listens on loopback, which every user of the machine can reach, and asks for a token.
"""

import socket
from pathlib import Path

from ghostproof.host.system import WINDOWS

# Windows has Unix sockets too, but neither Python nor asyncio offers them there.
UNIX_SOCKETS = not WINDOWS
LONGEST_SOCKET_PATH = 100  # bytes: 103 on macOS, 107 on Linux, without the zero at the end
LOOPBACK = "127.0.0.1"


def connect(path: Path, seconds: float | None) -> socket.socket:
    """A connection to the Unix socket at `path`, whose every operation may take so long.

    Raises:
        OSError: nobody listens there, or this system has no such sockets.
    """
    if not UNIX_SOCKETS:
        raise OSError("This system has no Unix sockets.")
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.settimeout(seconds)
        made.connect(str(path))
    except OSError:
        made.close()
        raise
    return made
