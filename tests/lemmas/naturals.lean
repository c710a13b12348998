/-! Unary numbers of our own. -/

namespace Naturals

inductive N where
  | z
  | s (n : N)
  deriving DecidableEq

def add : N → N → N
  | .z, m => m
  | .s n, m => .s (add n m)

def mul : N → N → N
  | .z, _ => .z
  | .s n, m => add m (mul n m)

def dbl : N → N
  | .z => .z
  | .s n => .s (.s (dbl n))

def half : N → N
  | .z => .z
  | .s .z => .z
  | .s (.s n) => .s (half n)

def isEven : N → Bool
  | .z => true
  | .s n => !isEven n

def leq : N → N → Bool
  | .z, _ => true
  | .s _, .z => false
  | .s n, .s m => leq n m

def sub : N → N → N
  | n, .z => n
  | .z, .s _ => .z
  | .s n, .s m => sub n m

def larger : N → N → N
  | .z, m => m
  | .s n, .z => .s n
  | .s n, .s m => .s (larger n m)

def smaller : N → N → N
  | .z, _ => .z
  | .s _, .z => .z
  | .s n, .s m => .s (smaller n m)

def toNat : N → Nat
  | .z => 0
  | .s n => toNat n + 1

-- [easy]
theorem add_zero (n : N) : add n .z = n := by
  sorry

-- [easy]
theorem add_succ (n m : N) : add n (.s m) = .s (add n m) := by
  sorry

-- [easy]
theorem add_assoc (a b c : N) : add (add a b) c = add a (add b c) := by
  sorry

-- [medium lemma]
theorem add_comm (a b : N) : add a b = add b a := by
  sorry

-- [easy]
theorem toNat_add (a b : N) : toNat (add a b) = toNat a + toNat b := by
  sorry

-- [easy]
theorem mul_zero (n : N) : mul n .z = .z := by
  sorry

-- [easy]
theorem leq_refl (n : N) : leq n n = true := by
  sorry

-- [medium]
theorem leq_trans (a b c : N) (h : leq a b = true) (k : leq b c = true) : leq a c = true := by
  sorry

-- [medium]
theorem leq_antisymm (a b : N) (h : leq a b = true) (k : leq b a = true) : a = b := by
  sorry

-- [easy]
theorem half_dbl (n : N) : half (dbl n) = n := by
  sorry

-- [easy]
theorem isEven_dbl (n : N) : isEven (dbl n) = true := by
  sorry

-- [medium]
theorem larger_comm (a b : N) : larger a b = larger b a := by
  sorry

-- [medium]
theorem smaller_assoc (a b c : N) : smaller (smaller a b) c = smaller a (smaller b c) := by
  sorry

-- [medium]
theorem sub_add (a b : N) : sub (add a b) a = b := by
  sorry

-- [medium]
theorem leq_toNat (a b : N) : leq a b = true ↔ toNat a ≤ toNat b := by
  sorry

-- [medium lemma]
theorem toNat_mul (a b : N) : toNat (mul a b) = toNat a * toNat b := by
  sorry

end Naturals

namespace Doubling

inductive N where
  | z
  | s (n : N)
  deriving DecidableEq

def plus : N → N → N
  | .z, m => m
  | .s n, m => .s (plus n m)

def times : N → N → N
  | .z, _ => .z
  | .s n, m => plus m (times n m)

def twice : N → N
  | .z => .z
  | .s n => .s (.s (twice n))

def even : N → Bool
  | .z => true
  | .s n => !even n

-- [medium lemma]
theorem plus_self (n : N) : plus n n = twice n := by
  sorry

-- [medium lemma]
theorem plus_swap (n m : N) : plus n m = plus m n := by
  sorry

-- [medium lemma]
theorem even_plus_self (n : N) : even (plus n n) = true := by
  sorry

-- [hard lemma]
theorem times_comm (n m : N) : times n m = times m n := by
  sorry

-- [hard lemma]
theorem times_plus (n m k : N) : times n (plus m k) = plus (times n m) (times n k) := by
  sorry

-- [hard lemma]
theorem times_assoc (n m k : N) : times (times n m) k = times n (times m k) := by
  sorry

-- [hard lemma]
theorem even_times_twice (n m : N) : even (times n (twice m)) = true := by
  sorry

-- [false]
theorem twice_same (n : N) : twice n = n := by
  sorry

-- [false]
theorem times_is_plus (n m : N) : times n m = plus n m := by
  sorry

-- [false]
theorem even_always (n : N) : even n = true := by
  sorry

-- [false]
theorem plus_times_wrong (n m k : N) : plus n (times m k) = times (plus n m) k ∧ n = m := by
  sorry

end Doubling
