/-! Tail-recursive twins of functions. -/

namespace Accumulators

def cat : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, ys => x :: cat xs ys

def turn : List Nat → List Nat
  | [] => []
  | x :: xs => cat (turn xs) [x]

def onto : List Nat → List Nat → List Nat
  | [], acc => acc
  | x :: xs, acc => onto xs (x :: acc)

def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs

def totalTo : List Nat → Nat → Nat
  | [], n => n
  | x :: xs, n => totalTo xs (x + n)

def size : List Nat → Nat
  | [] => 0
  | _ :: xs => size xs + 1

def sizeTo : List Nat → Nat → Nat
  | [], n => n
  | _ :: xs, n => sizeTo xs (n + 1)

def fact : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * fact n

def factTo : Nat → Nat → Nat
  | 0, a => a
  | n + 1, a => factTo n ((n + 1) * a)

def upTo : Nat → Nat
  | 0 => 0
  | n + 1 => n + 1 + upTo n

def upToFrom : Nat → Nat → Nat
  | 0, a => a
  | n + 1, a => upToFrom n (a + (n + 1))

def pow (b : Nat) : Nat → Nat
  | 0 => 1
  | n + 1 => b * pow b n

def powTo (b : Nat) : Nat → Nat → Nat
  | 0, a => a
  | n + 1, a => powTo b n (a * b)

def doubled : Nat → Nat
  | 0 => 0
  | n + 1 => doubled n + 2

def doubledTo : Nat → Nat → Nat
  | 0, a => a
  | n + 1, a => doubledTo n (a + 2)

def bumped : List Nat → List Nat
  | [] => []
  | x :: xs => (x + 1) :: bumped xs

def bumpedOnto : List Nat → List Nat → List Nat
  | [], acc => acc
  | x :: xs, acc => bumpedOnto xs ((x + 1) :: acc)

def largest : List Nat → Nat
  | [] => 0
  | x :: xs => max x (largest xs)

def largestTo : List Nat → Nat → Nat
  | [], m => m
  | x :: xs, m => largestTo xs (max x m)

def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib (n + 1) + fib n

def fibTo : Nat → Nat → Nat → Nat
  | 0, a, _ => a
  | n + 1, a, b => fibTo n b (a + b)

-- [medium]
theorem onto_cat (xs ys : List Nat) : onto xs ys = cat (onto xs []) ys := by
  have h : ∀ xs ys zs, onto xs (cat ys zs) = cat (onto xs ys) zs := by
    intro xs; induction xs <;> simp_all [onto, cat] ; intro ys zs; rename_i ih; rw [← ih]; rfl
  exact h xs [] ys

-- [aux]
theorem aux_assoc (a b c : List Nat) : cat (cat a b) c = cat a (cat b c) := by
  induction a <;> simp_all [cat]

-- [aux]
theorem aux_nil (a : List Nat) : cat a [] = a := by
  induction a <;> simp_all [cat]

-- [aux]
theorem aux_onto (xs acc : List Nat) : onto xs acc = cat (turn xs) acc := by
  induction xs generalizing acc <;> simp_all [onto, turn, cat, aux_assoc]

-- [hard lemma]
theorem onto_turn (xs : List Nat) : onto xs [] = turn xs := by simp [aux_onto, aux_nil]

-- [hard lemma]
theorem onto_onto (xs : List Nat) : onto (onto xs []) [] = xs := by
  have h : ∀ xs ys zs, onto (onto xs ys) zs = onto ys (cat xs zs) := by
    intro xs; induction xs <;> simp_all [onto, cat]
  simp [h, onto, aux_nil]

-- [hard lemma]
theorem onto_of_cat (xs ys : List Nat) : onto (cat xs ys) [] = cat (onto ys []) (onto xs []) := by
  have h : ∀ xs ys acc, onto (cat xs ys) acc = onto ys (onto xs acc) := by
    intro xs; induction xs <;> simp_all [onto, cat]
  rw [h, onto_cat]

-- [medium lemma]
theorem totalTo_zero (xs : List Nat) : totalTo xs 0 = total xs := by
  have h : ∀ xs n, totalTo xs n = total xs + n := by
    intro xs; induction xs <;> simp_all [totalTo, total] ; omega
  simp [h]

-- [easy]
theorem totalTo_eq (xs : List Nat) (n : Nat) : totalTo xs n = total xs + n := by
  induction xs generalizing n <;> simp_all [totalTo, total] ; omega

-- [medium lemma]
theorem sizeTo_zero (xs : List Nat) : sizeTo xs 0 = size xs := by
  have h : ∀ xs n, sizeTo xs n = size xs + n := by
    intro xs; induction xs <;> simp_all [sizeTo, size] ; omega
  simp [h]

-- [aux]
theorem aux_fact (n a : Nat) : factTo n a = fact n * a := by
  induction n generalizing a <;> simp_all [factTo, fact] ; grind

-- [hard lemma]
theorem factTo_one (n : Nat) : factTo n 1 = fact n := by simp [aux_fact]

-- [medium lemma]
theorem factTo_eq (n a : Nat) : factTo n a = fact n * a := aux_fact n a

-- [medium lemma]
theorem upToFrom_zero (n : Nat) : upToFrom n 0 = upTo n := by
  have h : ∀ n a, upToFrom n a = upTo n + a := by
    intro n; induction n <;> simp_all [upToFrom, upTo] ; omega
  simp [h]

-- [hard lemma]
theorem powTo_one (b n : Nat) : powTo b n 1 = pow b n := by
  have h : ∀ n a, powTo b n a = a * pow b n := by
    intro n; induction n <;> simp_all [powTo, pow] ; grind
  simp [h]

-- [medium lemma]
theorem doubledTo_zero (n : Nat) : doubledTo n 0 = doubled n := by
  have h : ∀ n a, doubledTo n a = doubled n + a := by
    intro n; induction n <;> simp_all [doubledTo, doubled] ; omega
  simp [h]

-- [hard lemma]
theorem bumpedOnto_nil (xs : List Nat) : bumpedOnto xs [] = turn (bumped xs) := by
  have h : ∀ xs acc, bumpedOnto xs acc = cat (turn (bumped xs)) acc := by
    intro xs; induction xs <;> simp_all [bumpedOnto, bumped, turn, cat, aux_assoc]
  simp [h, aux_nil]

-- [medium lemma]
theorem largestTo_zero (xs : List Nat) : largestTo xs 0 = largest xs := by
  have h : ∀ xs m, largestTo xs m = max (largest xs) m := by
    intro xs; induction xs <;> simp_all [largestTo, largest] ; omega
  simp [h]

-- [aux]
theorem aux_fib (n k : Nat) : fibTo n (fib k) (fib (k + 1)) = fib (k + n) := by
  induction n generalizing k with
  | zero => simp [fibTo]
  | succ n ih =>
    have := ih (k + 1)
    simp only [fibTo]
    rw [show fib k + fib (k + 1) = fib (k + 1 + 1) by simp [fib]; omega, this]
    congr 1; omega

-- [hard lemma]
theorem fibTo_fib (n : Nat) : fibTo n 0 1 = fib n := by
  have := aux_fib n 0
  simpa [fib] using this

-- [easy]
theorem doubled_add (n : Nat) : doubled n = n + n := by
  induction n <;> simp_all [doubled] ; omega

-- [medium lemma]
theorem doubledTo_even (n : Nat) : doubledTo n 0 % 2 = 0 := by
  have h : ∀ n a, doubledTo n a = 2 * n + a := by
    intro n; induction n <;> simp_all [doubledTo] ; omega
  simp [h]

-- [medium lemma]
theorem size_onto (xs : List Nat) : size (onto xs []) = size xs := by
  have h : ∀ xs ys, size (onto xs ys) = size xs + size ys := by
    intro xs; induction xs <;> simp_all [onto, size] ; omega
  simp [h, size]

-- [medium lemma]
theorem total_onto (xs : List Nat) : total (onto xs []) = total xs := by
  have h : ∀ xs ys, total (onto xs ys) = total xs + total ys := by
    intro xs; induction xs <;> simp_all [onto, total] ; omega
  simp [h, total]

-- [hard lemma]
theorem onto_bumped (xs : List Nat) : onto (bumped xs) [] = bumpedOnto xs [] := by
  have h : ∀ xs acc, onto (bumped xs) acc = bumpedOnto xs acc := by
    intro xs; induction xs <;> simp_all [onto, bumped, bumpedOnto]
  simp [h]

-- [false: [1, 2]]
theorem onto_same (xs : List Nat) : onto xs [] = xs := sorry

-- [false: [], 1]
theorem sizeTo_ignores (xs : List Nat) (n : Nat) : sizeTo xs n = size xs := sorry

-- [false: 0, 0]
theorem factTo_ignores (n a : Nat) : factTo n a = fact n := sorry

-- [false: 2]
theorem fact_is_upTo (n : Nat) : fact n ≤ n + 1 → fact (n + 1) ≤ n + 2 := sorry

-- [false: 5]
theorem fib_small (n : Nat) : fib n < n ∨ n < 5 := sorry

end Accumulators
