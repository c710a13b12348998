/-! Options, sums, pairs, booleans, functions. -/

theorem some_inj' (a b : Nat) (h : some a = some b) : a = b := by
  sorry -- expect: closes

theorem none_or_some (o : Option Nat) : o = none ∨ ∃ x, o = some x := by
  sorry -- expect: closes

theorem map_none (f : Nat → Nat) (o : Option Nat) (h : o = none) : o.map f = none := by
  sorry -- expect: closes

def orZero : Option Nat → Nat
  | none => 0
  | some n => n

theorem orZero_map (o : Option Nat) : orZero (o.map (· + 0)) = orZero o := by
  sorry -- expect: closes

theorem orZero_le (o : Option Nat) (h : ∀ n, o = some n → n ≤ 5) : orZero o ≤ 5 := by
  sorry -- expect: closes

theorem pair_eta {α β : Type} (p : α × β) : (p.1, p.2) = p := by
  sorry -- expect: closes by rfl

theorem swap_swap {α β : Type} (p : α × β) : p.swap.swap = p := by
  sorry -- expect: closes

theorem bool_and_comm (a b : Bool) : (a && b) = (b && a) := by
  sorry -- expect: closes

theorem xor_not (a b : Bool) : (a != b) = ((a && !b) || (!a && b)) := by
  sorry -- expect: closes

theorem comp_assoc {α : Type} (f g h : α → α) : (f ∘ g) ∘ h = f ∘ (g ∘ h) := by
  sorry -- expect: closes by rfl

theorem fun_eq (f g : Nat → Nat) (h : ∀ x, f x = g x) : f = g := by
  sorry -- expect: closes

theorem sum_elim {α : Type} (s : α ⊕ α) : ∃ a, s = .inl a ∨ s = .inr a := by
  sorry -- expect: closes
