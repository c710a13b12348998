"""How long tests search: on a machine that is busy with other things the same is found, later.

Lean's heartbeats bound the work of a candidate and are the same everywhere. So long a search gives its candidates
seconds that only end what hangs.
"""

BUDGET_S = 240.0
