"""Where declarations begin and end: `‹` and `›` mark the extent, `¦` the offset that is asked about."""

import pytest

from ghostproof.syntax.extent import axioms_declared, declaration_at


def check(marked: str) -> None:
    offset = marked.replace("‹", "").replace("›", "").index("¦")
    text = marked.replace("¦", "")
    start, end = text.index("‹"), text.index("›") - 1
    found = declaration_at(text.replace("‹", "").replace("›", ""), offset)
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize(
    "marked",
    [
        "‹theorem a : p := by\n  so¦rry›\n\ntheorem b : q := rfl",
        "‹theorem a : p := by\n  simp¦›",
        "‹theorem a : p := by¦›\n\n\n#check b",
        "‹theorem a : p := by\n  have : q := by\n    ¦\n  exact this›\n/-- About b. -/\ndef b := 1",
        "‹theorem a : p := by\n  simp¦ -- not here: \n/- theorem x -/\n  rfl›\n@[simp] def b := 1",
        '‹theorem a : f "\ntheorem" = ¦ p›\nend',
        "‹def f : Nat → Nat\n| 0 => ¦1\n| n + 1 => f n\ntermination_by n => n\ndecreasing_by\n  simp›\nopen A in\nx",
        "‹structure S where\n  x : Nat := ¦1\nderiving Repr›\nderiving instance BEq for S",
        "‹theorem a : g = 1 := by\n  ¦rfl\nwhere\n  g := 1›\nvariable (n : Nat)",
        "‹theorem a : p := by\nintro¦ x\nexact x›\nprivate theorem b : q := rfl",
        "@[simp]\n‹theorem a : p := ¦by›\nset_option x true in\ntheorem b : q := rfl",
        "namespace A\n‹mutual\ntheorem a : p := by\n  ¦\n\ntheorem b : q := by\n  exact a\nend›\n#check c\nend A",
        "mutual\ndef a := 1\nend\n‹theorem c : q := by ¦›\nend A",
        "theorem a : p := rfl\n\n‹example : endless ∧ section' := by\n  ¦skip›\nend",
        "‹  ¦›",
    ],
)
def test_extent(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    ("text", "keyword", "name", "full"),
    [
        ("theorem a.b (x : p) : q := by ", "theorem", "a.b", ("a.b",)),
        ("namespace A\nnamespace B.C\nend B.C\nprotected lemma x.{u} : q := by ", "lemma", "x", ("A.x",)),
        ("namespace A\nsection\ntheorem _root_.x : q := by ", "theorem", "_root_.x", ("x",)),
        ("namespace A\nnoncomputable section\ndef y := 1\nend\ntheorem x : q := by ", "theorem", "x", ("A.x",)),
        ("namespace A.B\nend B\ntheorem x : q := by ", "theorem", "x", ("A.x",)),
        ("example (theorem' : p) : q := by ", "example", "", ()),
        ("instance : C Nat := by ", "instance", "", ()),
        ("instance foo : C Nat := by ", "instance", "foo", ("foo",)),
        ("@[simp] theorem «a b» : q := by ", "theorem", "«a b»", ("«a b»",)),
        ("mutual\ntheorem a : p := b\ntheorem b : q := by ", "theorem", "b", ("a", "b")),
        ("-- theorem x\n#check 1", "", "", ()),
    ],
)
def test_name(text: str, keyword: str, name: str, full: tuple[str, ...]) -> None:
    found = declaration_at(text, len(text))
    assert (found.keyword, found.name, found.full_names) == (keyword, name, full)


def test_axioms_of_a_file() -> None:
    text = "axiom a : p\n/- axiom b : p -/\n@[simp] private axiom N.c (x : q) : p\ntheorem axiomatic : p := by\n"
    text += "def d := 1 axiom e : p"
    assert axioms_declared(text) == {"a", "N.c", "e"}
