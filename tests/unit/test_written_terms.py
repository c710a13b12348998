"""Proofs that are terms: which parts of them can be replaced alone. Each is marked in the text that was read."""

from collections.abc import Iterator

import pytest

from ghostproof.syntax.written_proofs import WrittenProof, proof_at, written_proofs

MARKED = {
    "components": "theorem t : p := ⟦⟨⟦hp⟧, ⟦old hq⟧, ⟦⟨⟦a⟧, ⟦by simp⟧⟩⟧⟩⟧\n",
    "arguments in brackets": "theorem t : p := ⟦foo x (⟦bar y⟧) (h := ⟦b⟧) (⟦c⟧ : q) @k⟧\n",
    "literals are no proofs": "def t : p := ⟦⟨3, ⟦foo⟧⟩⟧\n",
    "behind an arrow": "theorem t : p := ⟦fun x (y : q) => ⟦foo y⟧⟧\n",
    "an argument that is a function": "theorem t : p := ⟦h.elim (⟦fun a => ⟦b a⟧⟧) fun c => ⟦d c⟧⟧\n",
    "behind <|": "theorem t : p := ⟦foo <| ⟦bar (⟦x⟧)⟧⟧\n",
    "equations": "theorem t : ∀ n, p n\n  ⟦| 0 => ⟦a⟧\n  | n + 1 => by\n    ⟦simp⟧⟧\n\ntheorem u : q := ⟦b⟧\n",
    "two patterns": "theorem t : ∀ n, p n\n  ⟦| 0 | 1 => ⟦a⟧\n  | _ => ⟦b⟧⟧\n",
    "on one line": "theorem t : ∀ n, p n ⟦| 0 => ⟦a⟧ | n + 1 => ⟦b⟧⟧\n",
    "a match": "theorem t : p := ⟦match h with\n  | .inl a => ⟦b⟧\n  | .inr c =>\n    ⟦d c⟧⟧\n",
    "a match in a match": (
        "theorem t : p :=\n  ⟦match a with\n  | b => ⟦match c with\n    | d => ⟦e⟧\n    | f => ⟦g⟧⟧\n  | h => ⟦i⟧⟧\n"
    ),
    "a function by cases": "theorem t : p := ⟦fun\n  | 0 => ⟦a⟧\n  | _ => ⟦b⟧⟧\n",
    "steps before": (
        "theorem t : p :=\n  ⟦have h : q := ⟦foo\n    bar⟧\n  ⟦have k := by\n    ⟦simp⟧\n  ⟦⟨⟦h⟧, ⟦k⟧⟩⟧⟧⟧\n"
    ),
    "on one line with a semicolon": "theorem t : p := ⟦have h := ⟦a⟧; ⟦b h⟧⟧\n",
    "show from": "theorem t : p := ⟦show q from ⟦foo⟧⟧\n",
    "show by": "theorem t : p := ⟦show q ⟦by simp⟧⟧\n",
    "if": "theorem t : p := ⟦if h : a then ⟦foo h⟧ else ⟦if b then ⟦c⟧ else ⟦d⟧⟧⟧\n",
    "a chain": "theorem t : a = d := ⟦calc a\n  _ = b := ⟦h⟧\n  _ = c := ⟦foo (⟦x⟧)⟧\n  _ = d := ⟦by simp⟧⟧\n",
    "a structure": "theorem t : p ∧ q := ⟦{ left := ⟦a⟧, right := ⟦by simp⟧ }⟧\n",
    "a structure in lines": "theorem t : p := ⟦{\n  left := ⟦a⟧\n  right := ⟦fun x => ⟦b⟧⟧ }⟧\n",
    "fields": "instance : C Nat where\n  one := 1\n  law x := ⟦foo x⟧\n"
    "  cases\n    ⟦| 0 => ⟦a⟧\n    | _ => ⟦b⟧⟧\n  last := by\n    ⟦simp⟧\n",
    "what stands below": "theorem t : p := ⟦help 3⟧\nwhere\n  help (n : Nat) : q n := ⟦foo n⟧\n  more : r := ⟦a⟧\n",
    "termination": (
        "theorem t (n : Nat) : p n := ⟦foo (⟦t (⟦n / 2⟧)⟧)⟧\ntermination_by n\ndecreasing_by\n  ⟦simp_wf\n  omega⟧\n"
    ),
    "mutual": "mutual\ntheorem a : p := ⟦b⟧\ntheorem b : p := ⟦by simp⟧\nend\n",
    "mutual, indented": "mutual\n  theorem a : p := ⟦b⟧\n  theorem b : p := ⟦c⟧\nend\n",
    "attributes and modifiers": "@[simp] private theorem a : p := ⟦b⟧\n/-- a := b -/\nprotected def c : p := ⟦d⟧\n",
    "in the statement": "theorem t (h : x (⟦by simp⟧)) : p := ⟦b⟧\n",
    "a default, and a value in the statement": "theorem t (n : Nat := 3) (h : ∀ x, x = n) : p n := ⟦a⟧\n",
    "bars of a value in the statement": "theorem t : |a| ≤ b := ⟦fun x => ⟦c⟧⟧\n",
    "strings and comments": 'theorem t : p := ⟦foo "by (x)" /- (y) -/ (⟦z⟧)⟧ -- := w\n',
    "no proofs": "structure S where\n  a : Nat := 3\ninductive T\n  | a : Nat → T\naxiom b : p\n#check (c)\n",
}


def every(proof: WrittenProof) -> Iterator[WrittenProof]:
    yield proof
    for part in proof.parts:
        yield from every(part)


def marked(text: str) -> str:
    """The text with a mark around each proof, and each part of one, that was read in it."""
    found = [proof for root in written_proofs(text) for proof in every(root)]
    edges = [(proof.start if proof.is_term else proof.spot.start, nth, "⟦") for nth, proof in enumerate(found)]
    edges += [(proof.spot.end, -1, "⟧") for proof in found]
    for at, _, mark in sorted(edges, reverse=True):
        text = text[:at] + mark + text[at:]
    return text


@pytest.mark.parametrize("name", MARKED)
def test_the_parts_of_a_term(name: str) -> None:
    assert marked(MARKED[name].replace("⟦", "").replace("⟧", "")) == MARKED[name]


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("theorem t : p := foo x", "exact foo x"),
        (
            "theorem t : p := foo\n    x\n  y",
            f"exact\n{' ' * 17}foo\n    x\n  y",
        ),
    ],
)
def test_a_term_is_judged_with_its_own_layout(text: str, script: str) -> None:
    (proof,) = written_proofs(text)
    assert proof.script == script


def test_a_term_without_some_of_its_parts() -> None:
    (proof,) = written_proofs("theorem t : p := ⟨old a, by\n  simp, fun x => foo (bar x)⟩\n")
    first, block, last = proof.parts
    assert proof.without([first]) == "refine\n                 ⟨?_, by\n  simp, fun x => foo (bar x)⟩"
    assert proof.without([block, *last.parts]) == "refine ⟨old a, ?_, fun x => ?_⟩"
    (inner,) = last.parts[0].parts
    assert proof.without([inner]).endswith("fun x => foo (?_)⟩")


def test_equations_without_an_arm() -> None:
    (proof,) = written_proofs("theorem t : ∀ n, p n\n  | 0 => a\n  | _ => b\n")
    assert proof.without(proof.parts[1:]) == "refine fun\n  | 0 => a\n  | _ => ?_"
    assert proof.spot.fill("theorem t : ∀ n, p n\n  | 0 => a\n  | _ => b\n", "intro n\nsimp") == (
        "theorem t : ∀ n, p n := by\n  intro n\n  simp\n"
    )


@pytest.mark.parametrize(("cursor", "script"), [("old", "exact f (old) (by\n  rfl)"), ("rfl", "rfl"), ("by", "rfl")])
def test_the_block_at_a_cursor_or_the_whole_term(cursor: str, script: str) -> None:
    text = "theorem t : p :=\n  f (old) (by\n    rfl)\n"
    found = proof_at(text, text.index(cursor))
    assert found is not None
    assert found.script.split() == script.split()


def test_parts_move_with_what_is_above_them() -> None:
    text = "theorem t : p := ⟨a, f (b)⟩\n"
    (before,), (after,) = written_proofs(text), written_proofs("-- above\n" + text)
    assert before.moved(len("-- above\n")) == after
