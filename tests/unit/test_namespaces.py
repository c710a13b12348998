"""Which namespaces are open at the end of a text."""

import pytest

from ghostproof.syntax.namespaces import in_reach, open_namespaces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", set()),
        ("namespace A\n", {"A"}),
        ("namespace A.B\n", {"A", "A.B"}),
        ("namespace A\nnamespace B\n", {"A", "A.B"}),
        ("namespace A\nend A\n", set()),
        ("namespace A\nsection\nopen List\nend\n", {"A"}),
        ("open List Nat\n", {"List", "Nat"}),
        ("open List (map)\n", {"List"}),
        ("open scoped Real\n", {"Real"}),
        ("open List in\ntheorem t : True := by\n", set()),
        ("section\nopen List\n", {"List"}),
        ("namespace A\nopen B\n", {"A", "B", "A.B"}),
        ("-- namespace A\n/- open B -/\n", set()),
        ("namespace A\nmutual\nend\n", {"A"}),
        ("namespace A\nnoncomputable section\nend\n", {"A"}),
        ("namespace A\nnamespace B\nend A.B\n", set()),
        ("namespace A.B\nend B\n", {"A"}),
        ("end\nend A\nnamespace C\n", {"C"}),
    ],
)
def test_open_namespaces(text: str, expected: set[str]) -> None:
    assert set(open_namespaces(text)) == expected


# The place is behind the mark.
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\nnamespace A\nb\nend A\nnamespace B\nc\nend B\n‸d", "a d"),
        ("a\nnamespace A\nb\nend A\nnamespace B\n‸c\nend B\nnamespace B\nd\nend B", "a c d"),
        ("a\nnamespace A\nb\nnamespace B\n‸c\nend B\nend A\nnamespace C\nd", "a b c"),
        ("namespace A\na\nend A\nsection\nopen A\n‸b\nend\nc", "a open A b c"),
        ("a -- b\n/- c -/ ‸d", "a d"),
    ],
)
def test_what_is_in_reach_of_a_place(text: str, words: str) -> None:
    assert in_reach(text.replace("‸", ""), text.index("‸")).split() == words.split()
