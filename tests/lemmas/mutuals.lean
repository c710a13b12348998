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
  sorry

-- [medium]
theorem sizes_join (a b : Forest) : sizes (join a b) = sizes a + sizes b := by
  sorry

-- [medium]
theorem itemsOf_join (a b : Forest) : itemsOf (join a b) = itemsOf a ++ itemsOf b := by
  sorry

-- [hard lemma]
theorem length_items (t : Tree) : (items t).length = size t := by
  sorry

-- [hard lemma]
theorem length_itemsOf (k : Forest) : (itemsOf k).length = sizes k := by
  sorry

-- [hard lemma]
theorem size_bump (t : Tree) : size (bump t) = size t := by
  sorry

-- [hard lemma]
theorem even_double (n : Nat) : even (n + n) = true := by
  sorry

-- [medium lemma]
theorem even_not_odd (n : Nat) : even n = !odd n := by
  sorry

-- [medium lemma]
theorem even_mod (n : Nat) : even n = true ↔ n % 2 = 0 := by
  sorry

-- [medium lemma]
theorem length_evens_odds (xs : List Nat) : (evens xs).length + (odds xs).length = xs.length := by
  sorry

-- [medium]
theorem bumps_join (a b : Forest) : bumps (join a b) = join (bumps a) (bumps b) := by
  sorry

-- [false]
theorem even_all (n : Nat) : even n = true := by
  sorry

-- [false]
theorem evens_odds (xs : List Nat) : (evens xs).length = (odds xs).length := by
  sorry

end Mutuals
