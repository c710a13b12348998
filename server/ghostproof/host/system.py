"""Which kind of system this is. Whoever needs to know asks here, or better, asks for what differs."""

import os

from ghostproof.host.posix import PosixTrees
from ghostproof.host.trees import Trees
from ghostproof.host.windows import WindowsTrees

WINDOWS = os.name == "nt"
TREES: Trees = WindowsTrees() if WINDOWS else PosixTrees()
