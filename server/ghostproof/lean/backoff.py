"""How long to wait before a process that has died is started again."""

import asyncio

# Whoever asks for something does not wait longer than this, however often the process has died.
LONGEST_S = 4.0
_FIRST_S = 0.25


class RestartBackoff:
    """Deaths in a row: the first is forgiven, behind the second comes a second's pause, then twice as long each time.

    Attributes:
        deaths: how many there were since the process last did something useful.
    """

    def __init__(self) -> None:
        self.deaths = 0

    @property
    def seconds(self) -> float:
        """The pause before the next start."""
        # 2.0**63 is beyond every limit, and an exponent without end would overflow.
        return min(LONGEST_S, _FIRST_S * 2.0 ** min(self.deaths, 63)) if self.deaths > 1 else 0.0

    def died(self) -> None:
        self.deaths += 1

    def worked(self) -> None:
        """It has done something useful."""
        self.deaths = 0

    async def pause(self) -> None:
        if self.seconds:
            await asyncio.sleep(self.seconds)
