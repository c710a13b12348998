/-!
A tour of Ghostproof: every `sorry` below is a place to ask at.

    ghostproof suggest examples/Demo.lean          all of them
    ghostproof suggest examples/Demo.lean:59:3     one of them

Only Lean's own library is imported, so the embedded Lean is enough.
-/

namespace Demo

/-! ## Arithmetic and logic -/

theorem between (a b c : Nat) (h : a < b) (h' : b < c) : a + 2 ≤ c := by
  sorry

theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by
  sorry

theorem distrib (p q r : Prop) : p ∧ (q ∨ r) → (p ∧ q) ∨ (p ∧ r) := by
  sorry

theorem witness (f : Nat → Nat) (h : f 3 = 7) : ∃ n, f n = 7 := by
  sorry

/-! ## A type and functions of one's own -/

inductive Tree (α : Type) where
  | leaf
  | node (left : Tree α) (value : α) (right : Tree α)

def Tree.mirror {α : Type} : Tree α → Tree α
  | leaf => leaf
  | node l v r => node r.mirror v l.mirror

def Tree.size {α : Type} : Tree α → Nat
  | leaf => 0
  | node l _ r => l.size + 1 + r.size

def Tree.flatten {α : Type} : Tree α → List α → List α
  | leaf, acc => acc
  | node l v r, acc => l.flatten (v :: r.flatten acc)

theorem Tree.mirror_mirror {α : Type} (t : Tree α) : t.mirror.mirror = t := by
  sorry

theorem Tree.size_mirror {α : Type} (t : Tree α) : t.mirror.size = t.size := by
  sorry

theorem Tree.length_flatten {α : Type} (t : Tree α) (acc : List α) :
    (t.flatten acc).length = t.size + acc.length := by
  sorry

def rev {α : Type} : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => rev xs (x :: acc)

theorem rev_spec {α : Type} (xs acc : List α) : rev xs acc = xs.reverse ++ acc := by
  sorry

/-! ## In the middle of a proof -/

theorem nested (xs ys : List Nat) (h : xs.length = 2) : (xs ++ ys).length = ys.length + 2 := by
  have split : (xs ++ ys).length = xs.length + ys.length := by
    sorry
  sorry

theorem cases_of (o : Option Nat) (h : o ≠ none) : ∃ n, o = some n := by
  match o with
  | none => exact absurd rfl h
  | some n => sorry

theorem steps (a b c : Nat) (h₁ : a = b + 1) (h₂ : c = b) : a = c + 1 := by
  calc a = b + 1 := by sorry
    _ = c + 1 := by rw [h₂]

/-! ## Where one tactic is not enough: the next step, and what it leaves -/

theorem sum_comm_three (f : Nat → Nat) (hf : ∀ n, f (n + 1) = f n + n) (n : Nat) : 2 * f n + n = 2 * f 0 + n * n := by
  sorry

end Demo
