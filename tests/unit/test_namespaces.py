"""Which namespaces are open at the end of a text."""

import pytest

from ghostproof.syntax.namespaces import open_namespaces


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
