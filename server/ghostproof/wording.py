"""How messages say how many of something there are."""


def counted(number: int, noun: str) -> str:
    """`1 goal`, `2 goals`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
