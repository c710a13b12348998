"""The report of searches for proofs as one page of HTML: what was found at each place, and what was tried."""

from collections.abc import Sequence

from ghostproof.report.page import rendered
from ghostproof.report.reported import Reported

# Goals that stand open on the page when it is loaded, besides those of the proof.
OPEN_GOALS = 1


def page(reported: Sequence[Reported], title: str = "Searches for proofs") -> str:
    """The whole page. What stands in it came from files, Lean and models: all of it is escaped and made visible."""
    return rendered("proofs.html.jinja", reported=reported, title=title, open_goals=OPEN_GOALS)
