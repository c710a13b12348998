"""What the head of a definition says of its arguments and its result."""

import pytest

from ghostproof.syntax.signature import Signature, signature


@pytest.mark.parametrize(
    ("head", "arguments", "result"),
    [
        (" : Nat → Nat → Nat", ("Nat", "Nat"), "Nat"),
        (" (n m : Nat) : Nat", ("Nat", "Nat"), "Nat"),
        (" {α : Type u} [BEq α] (xs : List α) : List α → Bool", ("List α", "List α"), "Bool"),
        (" (f : α → β) :\n    List α → List β", ("α → β", "List α"), "List β"),
        (" : (α → β) → List α → List β", ("α → β", "List α"), "List β"),
        (" : Nat", (), "Nat"),
    ],
)
def test_signatures(head: str, arguments: tuple[str, ...], result: str) -> None:
    assert signature(head) == Signature(arguments, result)


@pytest.mark.parametrize("head", ["", " n m", " (n m)", " (n) : Nat", " : ", " : (n : Nat) → Fin n", " : ∀ n, Fin n"])
def test_what_is_said_otherwise_has_none(head: str) -> None:
    assert signature(head) is None
