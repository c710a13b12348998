"""Triton's interpreter for a script of its own: imported before Triton, which decides then whether it interprets.

It gives Triton's language its interpreted meaning anew for each call of each function, which takes two thirds of the
time; here that is done once, for good.
"""

import os
import warnings
from types import FunctionType

os.environ["TRITON_INTERPRET"] = "1"
# The logarithm of a part without keys, which weighs nothing; rows behind a group's own, which are of no use.
warnings.filterwarnings("ignore", "divide by zero|invalid value|overflow|All-NaN")

import triton.language as tl  # noqa: E402 - after the environment
from triton.runtime import interpreter as interpreter  # noqa: E402 - for scripts that order programs


def _interpret_for_good() -> None:
    both_names_of_the_language = {"tl": tl, "core": tl.core}
    interpreter._patch_lang(FunctionType(_interpret_for_good.__code__, both_names_of_the_language))
    interpreter._patch_lang = lambda _: interpreter._LangPatchScope()


_interpret_for_good()
