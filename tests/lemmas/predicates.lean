/-! Inductive predicates. -/

namespace Predicates

inductive Even : Nat → Prop where
  | zero : Even 0
  | step (n : Nat) (h : Even n) : Even (n + 2)

inductive Le : Nat → Nat → Prop where
  | refl (n : Nat) : Le n n
  | step (n m : Nat) (h : Le n m) : Le n (m + 1)

inductive Path (edge : Nat → Nat → Prop) : Nat → Nat → Prop where
  | here (a : Nat) : Path edge a a
  | next (a b c : Nat) (h : edge a b) (k : Path edge b c) : Path edge a c

inductive Ordered : List Nat → Prop where
  | nil : Ordered []
  | one (x : Nat) : Ordered [x]
  | cons (x y : Nat) (xs : List Nat) (h : x ≤ y) (k : Ordered (y :: xs)) : Ordered (x :: y :: xs)

inductive Within : Nat → List Nat → Prop where
  | head (x : Nat) (xs : List Nat) : Within x (x :: xs)
  | tail (x y : Nat) (xs : List Nat) (h : Within x xs) : Within x (y :: xs)

inductive Sub : List Nat → List Nat → Prop where
  | nil : Sub [] []
  | drop (x : Nat) (xs ys : List Nat) (h : Sub xs ys) : Sub xs (x :: ys)
  | keep (x : Nat) (xs ys : List Nat) (h : Sub xs ys) : Sub (x :: xs) (x :: ys)

def double : Nat → Nat
  | 0 => 0
  | n + 1 => double n + 2

-- [easy]
theorem even_double (n : Nat) : Even (double n) := by
  sorry

-- [medium]
theorem even_add (n m : Nat) (h : Even n) (k : Even m) : Even (n + m) := by
  sorry

-- [medium]
theorem even_is_double (n : Nat) (h : Even n) : ∃ m, n = double m := by
  sorry

-- [medium]
theorem even_mod (n : Nat) (h : Even n) : n % 2 = 0 := by
  sorry

-- [easy]
theorem le_succ (n m : Nat) (h : Le n m) : Le n (m + 1) := by
  sorry

-- [medium]
theorem le_trans (a b c : Nat) (h : Le a b) (k : Le b c) : Le a c := by
  sorry

-- [medium]
theorem le_succ_succ (n m : Nat) (h : Le n m) : Le (n + 1) (m + 1) := by
  sorry

-- [medium]
theorem le_zero (n : Nat) : Le 0 n := by
  sorry

-- [medium]
theorem le_sound (n m : Nat) (h : Le n m) : n ≤ m := by
  sorry

-- [hard lemma]
theorem le_complete (n m : Nat) (h : n ≤ m) : Le n m := by
  sorry

-- [medium]
theorem path_trans (edge : Nat → Nat → Prop) (a b c : Nat) (h : Path edge a b) (k : Path edge b c) : Path edge a c := by
  sorry

-- [medium]
theorem path_snoc (edge : Nat → Nat → Prop) (a b c : Nat) (h : Path edge a b) (k : edge b c) : Path edge a c := by
  sorry

-- [hard lemma]
theorem path_back (edge : Nat → Nat → Prop) (a b : Nat) (h : Path edge a b) : Path (fun x y => edge y x) b a := by
  sorry

-- [medium]
theorem within_append (x : Nat) (xs ys : List Nat) (h : Within x ys) : Within x (xs ++ ys) := by
  sorry

-- [medium]
theorem within_mem (x : Nat) (xs : List Nat) (h : Within x xs) : x ∈ xs := by
  sorry

-- [easy]
theorem sub_refl (xs : List Nat) : Sub xs xs := by
  sorry

-- [easy]
theorem sub_nil (xs : List Nat) : Sub [] xs := by
  sorry

-- [medium]
theorem sub_length (xs ys : List Nat) (h : Sub xs ys) : xs.length ≤ ys.length := by
  sorry

-- [medium]
theorem sub_append (xs ys zs : List Nat) (h : Sub xs ys) : Sub xs (zs ++ ys) := by
  sorry

-- [hard]
theorem sub_trans (xs ys zs : List Nat) (h : Sub xs ys) (k : Sub ys zs) : Sub xs zs := by
  sorry

-- [medium]
theorem ordered_tail (x : Nat) (xs : List Nat) (h : Ordered (x :: xs)) : Ordered xs := by
  sorry

-- [false]
theorem append_len (n : Nat) (xs ys : List Nat) : (xs ++ ys).length ≤ n ∨ n = 1 := by
  sorry

-- [false]
theorem double_same (n : Nat) : double n = n := by
  sorry

end Predicates
