module

public import Library.Arith
public import Library.Chain

/-! Parts of sequences: `take`, `drop`, and sequences of equal members. -/

@[expose] public noncomputable section

namespace Chain

variable {α β : Type}

def take : Nat → Chain α → Chain α
  | 0, _ => nil
  | _ + 1, nil => nil
  | n + 1, cons a s => cons a (take n s)

def drop : Nat → Chain α → Chain α
  | 0, s => s
  | _ + 1, nil => nil
  | n + 1, cons _ s => drop n s

def replicate : Nat → α → Chain α
  | 0, _ => nil
  | n + 1, a => cons a (replicate n a)

/-- `n, n - 1, …, 1` -/
def countdown : Nat → Chain Nat
  | 0 => nil
  | n + 1 => cons (n + 1) (countdown n)

theorem take_zero (s : Chain α) : take 0 s = nil := by
  cases s <;> rfl

theorem drop_zero (s : Chain α) : drop 0 s = s := by
  cases s <;> rfl

theorem take_nil (n : Nat) : take n (nil : Chain α) = nil := by
  cases n <;> rfl

theorem drop_nil (n : Nat) : drop n (nil : Chain α) = nil := by
  cases n <;> rfl

theorem take_append_drop (n : Nat) (s : Chain α) : append (take n s) (drop n s) = s := by
  induction n generalizing s with
  | zero => rw [take_zero, drop_zero, nil_append]
  | succ n ih =>
    cases s with
    | nil => rfl
    | cons a s => rw [take, drop, cons_append, ih]

theorem length_take (n : Nat) (s : Chain α) : length (take n s) = min n (length s) := by
  induction n generalizing s with
  | zero => simp [take_zero, length]
  | succ n ih =>
    cases s with
    | nil => simp [take, length]
    | cons a s =>
      simp only [take, length, ih]
      omega

theorem length_drop (n : Nat) (s : Chain α) : length (drop n s) = length s - n := by
  induction n generalizing s with
  | zero => rw [drop_zero, Nat.sub_zero]
  | succ n ih =>
    cases s with
    | nil => simp [drop, length]
    | cons a s => rw [drop, ih, length_cons, Nat.add_sub_add_right]

theorem length_take_le (n : Nat) (s : Chain α) : length (take n s) ≤ length s := by
  rw [length_take]
  exact Nat.min_le_right _ _

theorem take_length_append (s t : Chain α) : take (length s) (append s t) = s := by
  induction s with
  | nil => exact take_zero t
  | cons a s ih => rw [length_cons, cons_append, take, ih]

theorem drop_length_append (s t : Chain α) : drop (length s) (append s t) = t := by
  induction s with
  | nil => exact drop_zero t
  | cons a s ih => rw [length_cons, cons_append, drop, ih]

theorem take_length (s : Chain α) : take (length s) s = s := by
  have := take_length_append s nil
  rwa [append_nil] at this

theorem drop_length (s : Chain α) : drop (length s) s = nil := by
  have := drop_length_append s nil
  rwa [append_nil] at this

theorem take_map (f : α → β) (n : Nat) (s : Chain α) : take n (map f s) = map f (take n s) := by
  induction n generalizing s with
  | zero => simp [take_zero, map]
  | succ n ih =>
    cases s with
    | nil => rfl
    | cons a s => simp only [take, map, ih]

theorem drop_map (f : α → β) (n : Nat) (s : Chain α) : drop n (map f s) = map f (drop n s) := by
  induction n generalizing s with
  | zero => simp only [drop_zero]
  | succ n ih =>
    cases s with
    | nil => rfl
    | cons a s => simp only [drop, map, ih]

theorem drop_drop (m n : Nat) (s : Chain α) : drop m (drop n s) = drop (n + m) s := by
  induction n generalizing s with
  | zero => rw [drop_zero, Nat.zero_add]
  | succ n ih =>
    cases s with
    | nil => rw [drop_nil, drop_nil, drop_nil]
    | cons a s => rw [Nat.succ_add, drop, drop, ih]

theorem length_replicate (n : Nat) (a : α) : length (replicate n a) = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [replicate, length, ih]

theorem replicate_add (m n : Nat) (a : α) : replicate (m + n) a = append (replicate m a) (replicate n a) := by
  induction m with
  | zero => simp [replicate, append]
  | succ m ih => rw [Nat.succ_add, replicate, replicate, cons_append, ih]

theorem map_replicate (f : α → β) (n : Nat) (a : α) : map f (replicate n a) = replicate n (f a) := by
  induction n with
  | zero => rfl
  | succ n ih => rw [replicate, map, ih, replicate]

theorem replicate_append_singleton (n : Nat) (a : α) :
    append (replicate n a) (cons a nil) = cons a (replicate n a) := by
  have h := replicate_add n 1 a
  rw [replicate, replicate, replicate] at h
  exact h.symm

theorem reverse_replicate (n : Nat) (a : α) : reverse (replicate n a) = replicate n a := by
  induction n with
  | zero => rfl
  | succ n ih => rw [replicate, reverse, ih, replicate_append_singleton]

theorem sum_replicate (n k : Nat) : sum (replicate n k) = n * k := by
  induction n with
  | zero => simp [replicate, sum]
  | succ n ih =>
    rw [replicate, sum, ih, Nat.add_mul]
    omega

theorem mem_replicate {n : Nat} {a b : α} (h : Mem b (replicate n a)) : b = a := by
  induction n with
  | zero => exact absurd h (not_mem_nil b)
  | succ n ih => exact h.elim id ih

theorem length_countdown (n : Nat) : length (countdown n) = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [countdown, length, ih]

theorem sum_countdown (n : Nat) : sum (countdown n) = Arith.triangle n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [countdown, sum, ih, Arith.triangle, Nat.add_comm]

theorem two_mul_sum_countdown (n : Nat) : 2 * sum (countdown n) = n * (n + 1) := by
  rw [sum_countdown, Arith.two_mul_triangle]

end Chain
