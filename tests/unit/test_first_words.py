"""What is kept of what Lean says of a program that it does not take."""

from ghostproof.lean.first_words import MOST_LINES, FirstWords

WARNING = "probe.lean:7:2: warning: `String.drop` has been deprecated"
ERROR = "probe.lean:40:4: error(lean.unknownIdentifier): Unknown constant `Lean.Options.setNat`"


def heard(*lines: str) -> list[str]:
    words = FirstWords()
    for line in lines:
        words.hear(line)
    return words.text.split("\n")


def test_an_error_is_not_lost_behind_warnings() -> None:
    assert heard(*[WARNING] * 500, ERROR) == [ERROR]


def test_the_lines_of_a_message_belong_to_it() -> None:
    lines = (
        WARNING,
        "",
        "Note: This linter can be disabled",
        ERROR,
        "but it has type",
        "  Nat  ",
        WARNING,
        "  outdated",
    )
    assert heard(*lines) == [ERROR, "but it has type", "  Nat"]


def test_without_an_error_the_warnings_are_told() -> None:
    assert heard(WARNING, "Note: so it is") == [WARNING, "Note: so it is"]


def test_what_is_no_message_of_leans_is_told() -> None:
    assert heard("lean: error while loading shared libraries") == ["lean: error while loading shared libraries"]
    assert heard() == [""]


def test_the_first_errors_are_kept() -> None:
    errors = [f"probe.lean:{line}:0: error: line {line}" for line in range(1, 100)]
    assert heard(*errors) == errors[:MOST_LINES]
