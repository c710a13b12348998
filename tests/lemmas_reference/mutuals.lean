/-! Mutual types and functions, and nested types. -/

-- The standard library's functions have no code everywhere, and nothing is run here.
noncomputable section

namespace Mutuals

mutual
inductive Tree where
  | node (x : Nat) (kids : Forest)
inductive Forest where
  | nil
  | cons (t : Tree) (ts : Forest)
end

mutual
def size : Tree → Nat
  | .node _ k => sizes k + 1
def sizes : Forest → Nat
  | .nil => 0
  | .cons t ts => size t + sizes ts
end

mutual
def items : Tree → List Nat
  | .node x k => x :: itemsOf k
def itemsOf : Forest → List Nat
  | .nil => []
  | .cons t ts => items t ++ itemsOf ts
end

mutual
def bump : Tree → Tree
  | .node x k => .node (x + 1) (bumps k)
def bumps : Forest → Forest
  | .nil => .nil
  | .cons t ts => .cons (bump t) (bumps ts)
end

def join : Forest → Forest → Forest
  | .nil, us => us
  | .cons t ts, us => .cons t (join ts us)

mutual
def even : Nat → Bool
  | 0 => true
  | n + 1 => odd n
def odd : Nat → Bool
  | 0 => false
  | n + 1 => even n
end

mutual
def evens : List Nat → List Nat
  | [] => []
  | x :: xs => x :: odds xs
def odds : List Nat → List Nat
  | [] => []
  | _ :: xs => evens xs
end

-- [easy]
theorem join_assoc (a b c : Forest) : join (join a b) c = join a (join b c) := by
  match a with
  | .nil => simp [join]
  | .cons t ts => simp [join, join_assoc ts b c]

-- [medium]
theorem sizes_join (a b : Forest) : sizes (join a b) = sizes a + sizes b := by
  match a with
  | .nil => simp [join, sizes]
  | .cons t ts => simp [join, sizes, sizes_join ts b]; omega

-- [medium]
theorem itemsOf_join (a b : Forest) : itemsOf (join a b) = itemsOf a ++ itemsOf b := by
  match a with
  | .nil => simp [join, itemsOf]
  | .cons t ts => simp [join, itemsOf, itemsOf_join ts b]

mutual
-- [aux]
theorem aux_items (t : Tree) : (items t).length = size t := by
  match t with
  | .node x k => simp [items, size, aux_itemsOf k]
-- [aux]
theorem aux_itemsOf (k : Forest) : (itemsOf k).length = sizes k := by
  match k with
  | .nil => simp [itemsOf, sizes]
  | .cons t ts => simp [itemsOf, sizes, aux_items t, aux_itemsOf ts]
end

-- [hard lemma]
theorem length_items (t : Tree) : (items t).length = size t := aux_items t

-- [hard lemma]
theorem length_itemsOf (k : Forest) : (itemsOf k).length = sizes k := aux_itemsOf k

mutual
-- [aux]
theorem aux_bump (t : Tree) : size (bump t) = size t := by
  match t with
  | .node x k => simp [bump, size, aux_bumps k]
-- [aux]
theorem aux_bumps (k : Forest) : sizes (bumps k) = sizes k := by
  match k with
  | .nil => simp [bumps, sizes]
  | .cons t ts => simp [bumps, sizes, aux_bump t, aux_bumps ts]
end

-- [hard lemma]
theorem size_bump (t : Tree) : size (bump t) = size t := aux_bump t

-- [hard lemma]
theorem even_double (n : Nat) : even (n + n) = true := by
  induction n with
  | zero => simp [even]
  | succ n ih => rw [show n + 1 + (n + 1) = n + n + 1 + 1 by omega]; simp [even, odd, ih]

-- [medium lemma]
theorem even_not_odd (n : Nat) : even n = !odd n := by
  have h : even n = !odd n ∧ odd n = !even n := by
    induction n with
    | zero => simp [even, odd]
    | succ n ih => exact ⟨by simp only [even, odd]; exact ih.2, by simp only [even, odd]; exact ih.1⟩
  exact h.1

-- [medium lemma]
theorem even_mod (n : Nat) : even n = true ↔ n % 2 = 0 := by
  have h : (even n = true ↔ n % 2 = 0) ∧ (odd n = true ↔ n % 2 = 1) := by
    induction n <;> simp_all [even, odd] ; omega
  exact h.1

-- [medium lemma]
theorem length_evens_odds (xs : List Nat) : (evens xs).length + (odds xs).length = xs.length := by
  induction xs <;> simp_all [evens, odds] ; omega

-- [medium]
theorem bumps_join (a b : Forest) : bumps (join a b) = join (bumps a) (bumps b) := by
  match a with
  | .nil => simp [join, bumps]
  | .cons t ts => simp [join, bumps, bumps_join ts b]

-- [false: 1]
theorem even_all (n : Nat) : even n = true := sorry

-- [false: [0]]
theorem evens_odds (xs : List Nat) : (evens xs).length = (odds xs).length := sorry

end Mutuals
