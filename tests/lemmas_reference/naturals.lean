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
  induction n <;> simp_all [add]

-- [easy]
theorem add_succ (n m : N) : add n (.s m) = .s (add n m) := by
  induction n <;> simp_all [add]

-- [easy]
theorem add_assoc (a b c : N) : add (add a b) c = add a (add b c) := by
  induction a <;> simp_all [add]

-- [medium lemma]
theorem add_comm (a b : N) : add a b = add b a := by
  induction a <;> simp_all [add, add_zero, add_succ]

-- [easy]
theorem toNat_add (a b : N) : toNat (add a b) = toNat a + toNat b := by
  induction a <;> simp_all [add, toNat] <;> omega

-- [easy]
theorem mul_zero (n : N) : mul n .z = .z := by
  induction n <;> simp_all [mul, add]

-- [easy]
theorem leq_refl (n : N) : leq n n = true := by
  induction n <;> simp_all [leq]

-- [medium]
theorem leq_trans (a b c : N) (h : leq a b = true) (k : leq b c = true) : leq a c = true := by
  induction a generalizing b c <;> cases b <;> cases c <;> simp_all [leq]
  grind

-- [medium]
theorem leq_antisymm (a b : N) (h : leq a b = true) (k : leq b a = true) : a = b := by
  induction a generalizing b <;> cases b <;> simp_all [leq]
  rename_i ih _
  exact ih _ h k

-- [easy]
theorem half_dbl (n : N) : half (dbl n) = n := by
  induction n <;> simp_all [half, dbl]

-- [easy]
theorem isEven_dbl (n : N) : isEven (dbl n) = true := by
  induction n <;> simp_all [isEven, dbl]

-- [medium]
theorem larger_comm (a b : N) : larger a b = larger b a := by
  induction a generalizing b <;> cases b <;> simp_all [larger]

-- [medium]
theorem smaller_assoc (a b c : N) : smaller (smaller a b) c = smaller a (smaller b c) := by
  induction a generalizing b c <;> cases b <;> cases c <;> simp_all [smaller]

-- [medium]
theorem sub_add (a b : N) : sub (add a b) a = b := by
  induction a <;> simp_all [sub, add] <;> cases b <;> simp [sub]

-- [medium]
theorem leq_toNat (a b : N) : leq a b = true ↔ toNat a ≤ toNat b := by
  induction a generalizing b <;> cases b <;> simp_all [leq, toNat]

-- [medium lemma]
theorem toNat_mul (a b : N) : toNat (mul a b) = toNat a * toNat b := by
  induction a <;> simp_all [mul, toNat, toNat_add, Nat.succ_mul] <;> omega

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

-- [aux]
theorem aux_plus_s (n m : N) : plus n (.s m) = .s (plus n m) := by
  induction n <;> simp_all [plus]

-- [aux]
theorem aux_plus_z (n : N) : plus n .z = n := by
  induction n <;> simp_all [plus]

-- [aux]
theorem aux_plus_comm (a b : N) : plus a b = plus b a := by
  induction a <;> simp_all [plus, aux_plus_z, aux_plus_s]

-- [aux]
theorem aux_plus_assoc (a b c : N) : plus (plus a b) c = plus a (plus b c) := by
  induction a <;> simp_all [plus]

-- [aux]
theorem aux_swap (a b c : N) : plus a (plus b c) = plus b (plus a c) := by
  rw [← aux_plus_assoc, aux_plus_comm a b, aux_plus_assoc]

-- [medium lemma]
theorem plus_self (n : N) : plus n n = twice n := by
  induction n <;> simp_all [plus, twice, aux_plus_s]

-- [medium lemma]
theorem plus_swap (n m : N) : plus n m = plus m n := aux_plus_comm n m

-- [medium lemma]
theorem even_plus_self (n : N) : even (plus n n) = true := by
  induction n <;> simp_all [plus, even, aux_plus_s]

-- [aux]
theorem aux_times_s (n m : N) : times n (.s m) = plus n (times n m) := by
  induction n <;> simp_all [plus, times, aux_swap]

-- [aux]
theorem aux_times_z (n : N) : times n .z = .z := by
  induction n <;> simp_all [plus, times]

-- [hard lemma]
theorem times_comm (n m : N) : times n m = times m n := by
  induction n <;> simp_all [times, aux_times_s, aux_times_z]

-- [hard lemma]
theorem times_plus (n m k : N) : times n (plus m k) = plus (times n m) (times n k) := by
  induction n <;> simp_all [times, plus, aux_plus_assoc, aux_swap]

-- [aux]
theorem aux_plus_times (n m k : N) : times (plus n m) k = plus (times n k) (times m k) := by
  induction n <;> simp_all [times, plus, aux_plus_assoc]

-- [hard lemma]
theorem times_assoc (n m k : N) : times (times n m) k = times n (times m k) := by
  induction n <;> simp_all [times, aux_plus_times]

-- [hard lemma]
theorem even_times_twice (n m : N) : even (times n (twice m)) = true := by
  have ev (a b : N) : even (plus a b) = (even a == even b) := by
    induction a <;> simp_all [plus, even]
    cases even b <;> simp
  have ed (a : N) : even (twice a) = true := by induction a <;> simp_all [twice, even]
  induction n <;> simp_all [times, even]

-- [false: .s .z]
theorem twice_same (n : N) : twice n = n := sorry

-- [false: .s .z, .z]
theorem times_is_plus (n m : N) : times n m = plus n m := sorry

-- [false: .s .z]
theorem even_always (n : N) : even n = true := sorry

-- [false: .s .z, .z, .s .z]
theorem plus_times_wrong (n m k : N) : plus n (times m k) = times (plus n m) k ∧ n = m := sorry

end Doubling
