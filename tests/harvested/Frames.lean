namespace Shop

def double : Nat → Nat
  | 0 => 0
  | n + 1 => double n + 2

theorem double_eq (n : Nat) : double n = 2 * n := by
  induction n with
  | zero => rfl
  | succ k ih =>
    simp only [double, ih]
    omega

theorem both (p q : Prop) (hp : p) (hq : q) : p ∧ q := by
  constructor
  · exact hp
  · have h : q := by
      exact hq
    exact h

theorem twice (n : Nat) : double n = n + n := by
  rw [double_eq]; omega

theorem all (a b : Nat) (h : a = b) : b = a ∧ a = b := by
  constructor <;> simp_all

theorem terms (a b : Nat) (h : a = b) : b = a :=
  Eq.symm (by exact h)

theorem cases' (n : Nat) : n = 0 ∨ 0 < n := by
  match n with
  | 0 => left; rfl
  | k + 1 =>
    right
    exact Nat.succ_pos k

theorem steps (a b c : Nat) (h : a = b) (k : b = c) : a = c := by
  calc a = b := by rw [h]
    _ = c := by
      exact k

theorem case_by_case (p q : Prop) (h : p ∨ q) : q ∨ p := by
  cases h
  case inl hp => exact Or.inr hp
  case inr hq =>
    apply Or.inl
    assumption

theorem tried (n : Nat) : n + 0 = n := by
  first
    | exact absurd rfl (by decide)
    | (skip; simp)

theorem unfinished (n : Nat) : n = n + 0 := by
  have := n
  sorry

theorem wrong (n : Nat) : n = n + 1 := by
  simp

example : True ∧ True := by
  refine ⟨?_, ?_⟩
  all_goals trivial

end Shop
