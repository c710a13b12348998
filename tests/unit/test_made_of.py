"""What definitions are made of, and what is declared together, read from text."""

from ghostproof.syntax.constructors import Plainest, plain_constructors
from ghostproof.syntax.definitions import definitions, made_of
from ghostproof.syntax.mutual import mutual_blocks

TEXT = """
def push (q : Queue) (a : Nat) : Queue := ⟨q.front, a :: q.back⟩

/-- Speaks of unrelated. -/
def pushAll : Queue → List Nat → Queue
  | q, [] => q
  | q, x :: xs => pushAll (push q x) xs

def unrelated : Nat → Nat
  | n => n

mutual
inductive Tree where
  | node (kids : Forest)
private inductive Forest where
  | nil
  | cons (t : Tree) (ts : Forest)
end

mutual
def size : Tree → Nat
  | .node k => sizes k + 1
@[simp] def sizes : Forest → Nat
  | .nil => 0
  | .cons t ts => size t + sizes ts
def other : Nat → Nat
  | n => n
end

mutual
def alone : Nat → Nat
  | n => n
end
"""


def test_what_a_function_is_made_of_is_followed() -> None:
    known = definitions(TEXT)
    assert made_of(frozenset({"pushAll"}), known) == ("push",)
    assert made_of(frozenset({"size"}), known) == ("sizes",)
    assert made_of(frozenset({"unheard"}), known) == ()
    signature = known["push"].signature
    assert signature is not None
    assert signature.arguments == ("Queue", "Nat")


def test_what_is_declared_together_has_partners() -> None:
    types, functions = mutual_blocks(TEXT)
    assert types.types == ("Tree", "Forest")
    assert set(functions.functions) == {"size", "sizes", "other"}
    assert functions.partner("size", "Tree", "Forest") == "sizes"
    assert functions.partner("sizes", "Forest", "Tree") == "size"
    assert functions.partner("size", "Nat", "Forest") is None
    assert functions.partner("unheard", "Tree", "Forest") is None


def test_the_plainest_constructors_of_a_type() -> None:
    text = """
inductive N where
  | z
  | s (n : N)
  deriving DecidableEq

inductive Unary : Type
  | zero : Unary
  | next : Unary → Unary

inductive Tree (α : Type) where
  | leaf
  | node (l : Tree α) (x : α) (r : Tree α)

inductive Even : Nat → Prop where
  | zero : Even 0
"""
    assert plain_constructors(text) == {
        "N": Plainest("z", "s"),
        "Unary": Plainest("zero", "next"),
        "Tree": Plainest("leaf", ""),
    }


def test_two_that_would_do_are_no_partner() -> None:
    text = "mutual\ndef f : A → Nat\n  | _ => 0\ndef g : B → Nat\n  | _ => 0\ndef h : B → Nat\n  | _ => 0\nend\n"
    [block] = mutual_blocks(text)
    assert block.partner("f", "A", "B") is None
    assert block.partner("g", "B", "A") == "f"
