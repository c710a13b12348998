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
  induction n with
  | zero => exact Even.zero
  | succ n ih => exact Even.step _ ih

-- [medium]
theorem even_add (n m : Nat) (h : Even n) (k : Even m) : Even (n + m) := by
  induction k with
  | zero => exact h
  | step m _ ih => exact Even.step _ ih

-- [medium]
theorem even_is_double (n : Nat) (h : Even n) : ∃ m, n = double m := by
  induction h with
  | zero => exact ⟨0, rfl⟩
  | step n _ ih => obtain ⟨m, rfl⟩ := ih; exact ⟨m + 1, rfl⟩

-- [medium]
theorem even_mod (n : Nat) (h : Even n) : n % 2 = 0 := by
  induction h <;> omega

-- [easy]
theorem le_succ (n m : Nat) (h : Le n m) : Le n (m + 1) := Le.step _ _ h

-- [medium]
theorem le_trans (a b c : Nat) (h : Le a b) (k : Le b c) : Le a c := by
  induction k with
  | refl => exact h
  | step m _ ih => exact Le.step _ _ ih

-- [medium]
theorem le_succ_succ (n m : Nat) (h : Le n m) : Le (n + 1) (m + 1) := by
  induction h with
  | refl => exact Le.refl _
  | step m _ ih => exact Le.step _ _ ih

-- [medium]
theorem le_zero (n : Nat) : Le 0 n := by
  induction n with
  | zero => exact Le.refl _
  | succ n ih => exact Le.step _ _ ih

-- [medium]
theorem le_sound (n m : Nat) (h : Le n m) : n ≤ m := by
  induction h <;> omega

-- [hard lemma]
theorem le_complete (n m : Nat) (h : n ≤ m) : Le n m := by
  have g (k : Nat) : Le n (n + k) := by
    induction k with
    | zero => exact Le.refl _
    | succ k ih => exact Le.step _ _ ih
  have := g (m - n)
  rwa [show n + (m - n) = m by omega] at this

-- [medium]
theorem path_trans (edge : Nat → Nat → Prop) (a b c : Nat) (h : Path edge a b) (k : Path edge b c) : Path edge a c := by
  induction h with
  | here => exact k
  | next a b _ e _ ih => exact Path.next _ _ _ e (ih k)

-- [medium]
theorem path_snoc (edge : Nat → Nat → Prop) (a b c : Nat) (h : Path edge a b) (k : edge b c) : Path edge a c := by
  induction h with
  | here => exact Path.next _ _ _ k (Path.here _)
  | next a b _ e _ ih => exact Path.next _ _ _ e (ih k)

-- [hard lemma]
theorem path_back (edge : Nat → Nat → Prop) (a b : Nat) (h : Path edge a b) : Path (fun x y => edge y x) b a := by
  have snoc (a b c : Nat) (h : Path (fun x y => edge y x) a b) (k : edge c b) : Path (fun x y => edge y x) a c := by
    induction h with
    | here => exact Path.next _ _ _ k (Path.here _)
    | next a b _ e _ ih => exact Path.next _ _ _ e (ih k)
  induction h with
  | here => exact Path.here _
  | next a b _ e _ ih => exact snoc _ _ _ ih e

-- [medium]
theorem within_append (x : Nat) (xs ys : List Nat) (h : Within x ys) : Within x (xs ++ ys) := by
  induction xs with
  | nil => exact h
  | cons y xs ih => exact Within.tail _ _ _ ih

-- [medium]
theorem within_mem (x : Nat) (xs : List Nat) (h : Within x xs) : x ∈ xs := by
  induction h <;> simp_all

-- [easy]
theorem sub_refl (xs : List Nat) : Sub xs xs := by
  induction xs with
  | nil => exact Sub.nil
  | cons x xs ih => exact Sub.keep _ _ _ ih

-- [easy]
theorem sub_nil (xs : List Nat) : Sub [] xs := by
  induction xs with
  | nil => exact Sub.nil
  | cons x xs ih => exact Sub.drop _ _ _ ih

-- [medium]
theorem sub_length (xs ys : List Nat) (h : Sub xs ys) : xs.length ≤ ys.length := by
  induction h <;> simp_all ; omega

-- [medium]
theorem sub_append (xs ys zs : List Nat) (h : Sub xs ys) : Sub xs (zs ++ ys) := by
  induction zs with
  | nil => exact h
  | cons z zs ih => exact Sub.drop _ _ _ ih

-- [hard]
theorem sub_trans (xs ys zs : List Nat) (h : Sub xs ys) (k : Sub ys zs) : Sub xs zs := by
  induction k generalizing xs with
  | nil => exact h
  | drop z _ _ _ ih => exact Sub.drop _ _ _ (ih _ h)
  | keep z ys zs k ih =>
    cases h with
    | drop _ _ _ h => exact Sub.drop _ _ _ (ih _ h)
    | keep _ _ _ h => exact Sub.keep _ _ _ (ih _ h)

-- [medium]
theorem ordered_tail (x : Nat) (xs : List Nat) (h : Ordered (x :: xs)) : Ordered xs := by
  cases h with
  | one => exact Ordered.nil
  | cons _ _ _ _ k => exact k

-- [false: 0, [0], [1]]
theorem append_len (n : Nat) (xs ys : List Nat) : (xs ++ ys).length ≤ n ∨ n = 1 := sorry

-- [false: 1]
theorem double_same (n : Nat) : double n = n := sorry

end Predicates
