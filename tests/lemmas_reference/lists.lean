/-! Functions of our own over lists. -/

namespace Lists

def join : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, ys => x :: join xs ys

def flip : List Nat → List Nat
  | [] => []
  | x :: xs => join (flip xs) [x]

def size : List Nat → Nat
  | [] => 0
  | _ :: xs => size xs + 1

def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs

def bump : List Nat → List Nat
  | [] => []
  | x :: xs => (x + 1) :: bump xs

def keep (p : Nat → Bool) : List Nat → List Nat
  | [] => []
  | x :: xs => if p x then x :: keep p xs else keep p xs

def front : Nat → List Nat → List Nat
  | 0, _ => []
  | _ + 1, [] => []
  | n + 1, x :: xs => x :: front n xs

def rest : Nat → List Nat → List Nat
  | 0, xs => xs
  | _ + 1, [] => []
  | n + 1, _ :: xs => rest n xs

def times (a : Nat) : List Nat → Nat
  | [] => 0
  | x :: xs => if x = a then times a xs + 1 else times a xs

def has (a : Nat) : List Nat → Bool
  | [] => false
  | x :: xs => x == a || has a xs

def weave : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, [] => x :: xs
  | x :: xs, y :: ys => x :: y :: weave xs ys

def snoc : List Nat → Nat → List Nat
  | [], a => [a]
  | x :: xs, a => x :: snoc xs a

-- [aux]
theorem aux_join_nil (xs : List Nat) : join xs [] = xs := by
  induction xs <;> simp_all [join]

-- [easy]
theorem join_assoc (xs ys zs : List Nat) : join (join xs ys) zs = join xs (join ys zs) := by
  induction xs <;> simp_all [join]

-- [easy]
theorem size_join (xs ys : List Nat) : size (join xs ys) = size xs + size ys := by
  induction xs <;> simp_all [join, size] <;> omega

-- [easy]
theorem total_join (xs ys : List Nat) : total (join xs ys) = total xs + total ys := by
  induction xs <;> simp_all [join, total] <;> omega

-- [easy]
theorem bump_join (xs ys : List Nat) : bump (join xs ys) = join (bump xs) (bump ys) := by
  induction xs <;> simp_all [join, bump]

-- [easy]
theorem size_bump (xs : List Nat) : size (bump xs) = size xs := by
  induction xs <;> simp_all [bump, size]

-- [easy]
theorem keep_join (p : Nat → Bool) (xs ys : List Nat) :
    keep p (join xs ys) = join (keep p xs) (keep p ys) := by
  induction xs <;> simp_all [join, keep]
  split <;> simp_all [join]

-- [easy]
theorem keep_keep (p : Nat → Bool) (xs : List Nat) : keep p (keep p xs) = keep p xs := by
  induction xs <;> simp_all [keep]
  split <;> simp_all [keep]

-- [easy]
theorem size_keep_le (p : Nat → Bool) (xs : List Nat) : size (keep p xs) ≤ size xs := by
  induction xs <;> simp_all [keep, size]
  split <;> simp_all [size] ; omega

-- [medium]
theorem front_rest (n : Nat) (xs : List Nat) : join (front n xs) (rest n xs) = xs := by
  induction n generalizing xs <;> cases xs <;> simp_all [front, rest, join]

-- [medium]
theorem rest_rest (n m : Nat) (xs : List Nat) : rest n (rest m xs) = rest (m + n) xs := by
  induction m generalizing xs with
  | zero => simp [rest]
  | succ m ih =>
    cases xs <;> cases n <;> simp_all [rest, Nat.succ_add]
    rfl

-- [medium]
theorem size_rest (n : Nat) (xs : List Nat) : size (rest n xs) = size xs - n := by
  induction n generalizing xs <;> cases xs <;> simp_all [rest, size]

-- [medium]
theorem size_weave (xs ys : List Nat) : size (weave xs ys) = size xs + size ys := by
  induction xs generalizing ys <;> cases ys <;> simp_all [weave, size] <;> omega

-- [easy]
theorem snoc_join (xs : List Nat) (a : Nat) : snoc xs a = join xs [a] := by
  induction xs <;> simp_all [snoc, join]

-- [easy]
theorem times_join (a : Nat) (xs ys : List Nat) : times a (join xs ys) = times a xs + times a ys := by
  induction xs <;> simp_all [times, join]
  split <;> omega

-- [easy]
theorem has_join (a : Nat) (xs ys : List Nat) : has a (join xs ys) = (has a xs || has a ys) := by
  induction xs <;> simp_all [has, join, Bool.or_assoc]

-- [easy]
theorem has_times (a : Nat) (xs : List Nat) : has a xs = true ↔ 0 < times a xs := by
  induction xs <;> simp_all [has, times]
  split <;> simp_all

-- [aux]
theorem aux_flip_join (xs ys : List Nat) : flip (join xs ys) = join (flip ys) (flip xs) := by
  induction xs <;> simp_all [flip, join, aux_join_nil, join_assoc]

-- [medium lemma]
theorem flip_flip (xs : List Nat) : flip (flip xs) = xs := by
  induction xs <;> simp_all [flip, join, aux_flip_join]

-- [medium lemma]
theorem flip_join (xs ys : List Nat) : flip (join xs ys) = join (flip ys) (flip xs) := aux_flip_join xs ys

-- [medium lemma]
theorem size_flip (xs : List Nat) : size (flip xs) = size xs := by
  induction xs <;> simp_all [flip, size, size_join]

-- [medium lemma]
theorem total_flip (xs : List Nat) : total (flip xs) = total xs := by
  induction xs <;> simp_all [flip, total, total_join] <;> omega

-- [medium lemma]
theorem bump_flip (xs : List Nat) : bump (flip xs) = flip (bump xs) := by
  induction xs <;> simp_all [flip, bump, bump_join]

-- [medium lemma]
theorem times_flip (a : Nat) (xs : List Nat) : times a (flip xs) = times a xs := by
  induction xs <;> simp_all [flip, times, times_join]
  split <;> omega

-- [medium lemma]
theorem has_flip (a : Nat) (xs : List Nat) : has a (flip xs) = has a xs := by
  induction xs <;> simp_all [flip, has, has_join, Bool.or_comm]

-- [hard lemma]
theorem flip_snoc (xs : List Nat) (a : Nat) : flip (snoc xs a) = a :: flip xs := by
  induction xs <;> simp_all [flip, snoc, join]

-- [hard lemma]
theorem flip_twice_join (xs ys : List Nat) : flip (join (flip xs) ys) = join (flip ys) xs := by
  simp [aux_flip_join, flip_flip]

-- [false: [1, 2]]
theorem flip_same (xs : List Nat) : flip xs = xs := sorry

-- [false: [1], [2]]
theorem join_comm (xs ys : List Nat) : join xs ys = join ys xs := sorry

-- [false: [1, 2], [3]]
theorem flip_join_straight (xs ys : List Nat) : flip (join xs ys) = join (flip xs) (flip ys) := sorry

-- [false: 1, [0, 0]]
theorem size_front (n : Nat) (xs : List Nat) : size (front n xs) = size xs := sorry

-- [false: [0], [1]]
theorem weave_comm (xs ys : List Nat) : weave xs ys = weave ys xs := sorry

end Lists

namespace Polymorphic

def cat {α : Type} : List α → List α → List α
  | [], ys => ys
  | x :: xs, ys => x :: cat xs ys

def turn {α : Type} : List α → List α
  | [] => []
  | x :: xs => cat (turn xs) [x]

def each {α β : Type} (f : α → β) : List α → List β
  | [] => []
  | x :: xs => f x :: each f xs

def flat {α : Type} : List (List α) → List α
  | [] => []
  | xs :: xss => cat xs (flat xss)

def folded {α β : Type} (f : α → β → β) (b : β) : List α → β
  | [] => b
  | x :: xs => f x (folded f b xs)

-- [aux]
theorem aux_cat_assoc {α : Type} (a b c : List α) : cat (cat a b) c = cat a (cat b c) := by
  induction a <;> simp_all [cat]

-- [aux]
theorem aux_cat_nil {α : Type} (a : List α) : cat a [] = a := by
  induction a <;> simp_all [cat]

-- [easy]
theorem each_cat {α β : Type} (f : α → β) (xs ys : List α) : each f (cat xs ys) = cat (each f xs) (each f ys) := by
  induction xs <;> simp_all [each, cat]

-- [easy]
theorem each_each {α β γ : Type} (f : α → β) (g : β → γ) (xs : List α) :
    each g (each f xs) = each (fun x => g (f x)) xs := by
  induction xs <;> simp_all [each]

-- [easy]
theorem folded_cat {α β : Type} (f : α → β → β) (b : β) (xs ys : List α) :
    folded f b (cat xs ys) = folded f (folded f b ys) xs := by
  induction xs <;> simp_all [folded, cat]

-- [medium lemma]
theorem each_turn {α β : Type} (f : α → β) (xs : List α) : each f (turn xs) = turn (each f xs) := by
  induction xs <;> simp_all [each, turn, each_cat]

-- [medium lemma]
theorem turn_turn {α : Type} (xs : List α) : turn (turn xs) = xs := by
  have h (x : List α) (a : α) : turn (cat x [a]) = a :: turn x := by
    induction x <;> simp_all [turn, cat]
  induction xs <;> simp_all [turn]

-- [medium lemma]
theorem flat_cat {α : Type} (xs ys : List (List α)) : flat (cat xs ys) = cat (flat xs) (flat ys) := by
  induction xs <;> simp_all [flat, cat, aux_cat_assoc]

-- [hard lemma]
theorem turn_flat {α : Type} (xs : List (List α)) : turn (flat xs) = flat (turn (each turn xs)) := by
  have h (x y : List α) : turn (cat x y) = cat (turn y) (turn x) := by
    induction x <;> simp_all [turn, cat, aux_cat_nil, aux_cat_assoc]
  induction xs <;> simp_all [turn, flat, each, flat_cat, aux_cat_nil]

-- [medium lemma]
theorem each_flat {α β : Type} (f : α → β) (xs : List (List α)) : each f (flat xs) = flat (each (each f) xs) := by
  induction xs <;> simp_all [flat, each, each_cat]

end Polymorphic
