"""What a file imports, read without Lean."""

import json

import pytest

from ghostproof.syntax.header import Import, Imports, read_imports

INIT = Import("Init")


@pytest.mark.parametrize(
    ("text", "imports"),
    [
        ("", Imports((INIT,))),
        ("theorem import : p := sorry", Imports((INIT,))),
        ("prelude\ntheorem a : p := sorry", Imports(())),
        ("import Mathlib\n\nopen Nat", Imports((INIT, Import("Mathlib")))),
        ("import A.B import C\r\nimport D--end\n", Imports((INIT, Import("A.B"), Import("C"), Import("D")))),
        ("/- a /- nested -/ import X -/\n-- import Y\nimport Z", Imports((INIT, Import("Z")))),
        ("import A\n/-- A doc -/ theorem t : p := sorry\nimport B", Imports((INIT, Import("A")))),
        ("import «a b».C'd", Imports((INIT, Import("«a b».C'd")))),
        ("import A\nimport", Imports((INIT, Import("A")))),
        (
            "module\nprelude\npublic import A\nimport all B\npublic meta import C\nmeta import D",
            Imports(
                (
                    Import("A"),
                    Import("B", import_all=True, is_exported=False),
                    Import("C", is_meta=True),
                    Import("D", is_exported=False, is_meta=True),
                ),
                is_module=True,
            ),
        ),
        (
            "/- Copyright -/\n-- note\nmodule\npublic import A -- why\n/-! about -/\nimport B",
            Imports((INIT, Import("A"), Import("B", is_exported=False)), is_module=True),
        ),
        ("import runtime A\nmodule", Imports((INIT, Import("A")))),
        ("/- never closed import A", Imports((INIT,))),
    ],
)
def test_the_header_is_read(text: str, imports: Imports) -> None:
    assert read_imports(text) == imports


def test_lake_reads_one_line_of_json() -> None:
    line = read_imports("module\nimport all A.«b\tc»").as_json()
    assert "\n" not in line
    assert json.loads(line) == {
        "imports": [
            {"module": "Init", "importAll": False, "isExported": True, "isMeta": False},
            {"module": "A.«b\tc»", "importAll": True, "isExported": False, "isMeta": False},
        ],
        "isModule": True,
    }


@pytest.mark.parametrize("filler", ["-- a long remark\n", "/- another -/\n", "/- a -/ import A.B\n"])
def test_a_long_header_is_read_to_its_end(filler: str) -> None:
    text = filler * 500 + "import Last\n" + "theorem t : p := by simp\n" * 5000
    assert read_imports(text).imports[-1] == Import("Last")


@pytest.mark.parametrize("cut", range(4080, 4110))
def test_a_word_on_the_edge_of_the_first_look_is_read_whole(cut: int) -> None:
    text = "--" + " " * (cut - 22) + "\nimport Mathlib.Data.List.Basic\nimport Other\ntheorem t : p := sorry\n"
    assert read_imports(text) == Imports((INIT, Import("Mathlib.Data.List.Basic"), Import("Other")))
