"""The benchmarks. They share the goals, corpora and models of the tests, whose folder is put on the path here."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
