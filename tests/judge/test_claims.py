"""How a claim is taken apart, by text alone."""

import pytest

from judge.claims import Claim, cut
from support.marked import parts


def claim(marked: str) -> Claim:
    return Claim(*parts(marked))


@pytest.mark.parametrize(
    ("marked", "declaration", "names", "closing"),
    [
        ("theorem a : p := by\n  ⟦x⟧\n\ntheorem b : q := y\n", "theorem a : p := by\n  x\n", ("a",), ()),
        ("def o := 1\n@[simp]\ntheorem a : p := by ⟦x⟧", "@[simp]\ntheorem a : p := by x", ("a",), ()),
        ("namespace N\nsection\ntheorem a.{u} : p := by ⟦x⟧", "theorem a.{u} : p := by x", ("a",), ("end", "end N")),
        ("namespace N\nend N\nexample : p := by ⟦x⟧", "example : p := by x", (), ()),
        (
            "mutual\ntheorem a : p := by ⟦x⟧\ntheorem b : q := y\nend\n#check a",
            "mutual\ntheorem a : p := by x\ntheorem b : q := y\nend",
            ("a", "b"),
            (),
        ),
        ("theorem a : p := by\n⟦x⟧\nexact y\n#check a", "theorem a : p := by\nx\nexact y", ("a",), ()),
        ("instance : C := by ⟦x⟧", "instance : C := by x", (), ()),
        ("set_option o 1 in\ntheorem a : p := by ⟦x⟧", "set_option o 1 in\ntheorem a : p := by x", ("a",), ()),
    ],
)
def test_where_a_declaration_begins_and_ends(
    marked: str, declaration: str, names: tuple[str, ...], closing: tuple[str, ...]
) -> None:
    parts = cut(claim(marked))
    assert (parts.declaration, parts.names, parts.closing) == (declaration, names, closing)


def test_the_imports_and_what_stands_between() -> None:
    parts = cut(claim("import Std\nimport Lean\n\ndef o := 1\n\ntheorem a : p := by ⟦x⟧"))
    assert (parts.header, parts.prefix) == ("import Std\nimport Lean", "\ndef o := 1\n")
    assert parts.first_line == 5


@pytest.mark.parametrize(
    "above", ["macro ...", "notation ...", "  local instance ...", "attribute [simp] f", "#eval 1"]
)
def test_what_changes_how_others_are_read_stands_apart(above: str) -> None:
    assert cut(claim(f"{above}\ntheorem a : p := by ⟦x⟧")).apart
    assert not cut(claim("def o := 1\ntheorem a : p := by ⟦x⟧")).apart


def test_the_sketch_has_a_hole_with_the_same_blanks_before_it() -> None:
    assert Claim("theorem a : p := by", "\n  x", "\n").sketch == "theorem a : p := by\n  sorry\n"
