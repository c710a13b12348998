"""Whoever stands between a search and the prober passes on all that it can be asked."""

import pytest

from ghostproof.verify import small_values
from ghostproof.verify.advance import Advancer
from ghostproof.verify.auto_checker import AutoChecker
from ghostproof.verify.definitions import Definer
from ghostproof.verify.premises import TheoremTeller
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.workspace import Workspace


@pytest.mark.parametrize("asked", [Advancer, Definer, small_values.Evaluator, small_values.Tester, TheoremTeller])
@pytest.mark.parametrize("between", [ProbeChecker, AutoChecker, Workspace])
def test_what_can_be_asked_is_passed_on(asked: type, between: type) -> None:
    assert issubclass(between, asked)
