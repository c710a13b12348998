/-! Propositional and first-order logic. -/

theorem and_swap (p q : Prop) (h : p ∧ q) : q ∧ p := by
  sorry -- expect: closes

theorem or_swap (p q : Prop) (h : p ∨ q) : q ∨ p := by
  sorry -- expect: closes

theorem modus (p q r : Prop) (hpq : p → q) (hqr : q → r) (hp : p) : r := by
  sorry -- expect: closes

theorem contra (p q : Prop) (h : p → q) (hq : ¬q) : ¬p := by
  sorry -- expect: closes

theorem de_morgan (p q : Prop) : ¬(p ∨ q) ↔ ¬p ∧ ¬q := by
  sorry -- expect: closes

theorem curry (p q r : Prop) : (p ∧ q → r) ↔ (p → q → r) := by
  sorry -- expect: closes

theorem from_false (p q : Prop) (hp : p) (hn : ¬p) : q := by
  sorry -- expect: closes

theorem keep_first (p q : Prop) : p → q → p := by
  sorry -- expect: closes

theorem imp_names (p q : Prop) (f : p → Nat → q) : p → ∀ k : Nat, k = 0 → q := by
  sorry -- expect: progress intro h k h₁ → 1 goal

theorem exists_swap {α : Type} (r : α → α → Prop) (h : ∃ x, ∀ y, r x y) : ∀ y, ∃ x, r x y := by
  sorry -- expect: closes

theorem exists_and {α : Type} (p q : α → Prop) (h : ∃ x, p x ∧ q x) : (∃ x, p x) ∧ ∃ x, q x := by
  sorry -- expect: closes

theorem forall_right {α : Type} (p q : α → Prop) (h : ∀ x, p x ∧ q x) (a : α) : q a := by
  sorry -- expect: closes

theorem exists_witness : ∃ n : Nat, n * n = 49 := by
  sorry -- expect: progress constructor

theorem exists_from (p : Nat → Prop) (h : p 7) : ∃ n, p n := by
  sorry -- expect: closes

theorem subst_all (a b c : Nat) (h₁ : a = b) (h₂ : b = c) : c = a := by
  sorry -- expect: closes by omega

theorem rewrite_fun {α β : Type} (f : α → β) (x y z : α) (h₁ : x = y) (h₂ : y = z) : f x = f z := by
  sorry -- expect: closes by grind

theorem opaque_goal (p q r s : Prop) (h : p ∧ q → r ∧ s) : p → q → s ∧ r := by
  sorry -- expect: closes

theorem conj_progress (P Q : Nat → Prop) (h : ∀ n, P n → Q n) (hp : P 3) : Q 3 ∧ P 4 := by
  sorry -- expect: progress constructor → 2 goals
