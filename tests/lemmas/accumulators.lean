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
  sorry

-- [hard lemma]
theorem onto_turn (xs : List Nat) : onto xs [] = turn xs := by
  sorry

-- [hard lemma]
theorem onto_onto (xs : List Nat) : onto (onto xs []) [] = xs := by
  sorry

-- [hard lemma]
theorem onto_of_cat (xs ys : List Nat) : onto (cat xs ys) [] = cat (onto ys []) (onto xs []) := by
  sorry

-- [medium lemma]
theorem totalTo_zero (xs : List Nat) : totalTo xs 0 = total xs := by
  sorry

-- [easy]
theorem totalTo_eq (xs : List Nat) (n : Nat) : totalTo xs n = total xs + n := by
  sorry

-- [medium lemma]
theorem sizeTo_zero (xs : List Nat) : sizeTo xs 0 = size xs := by
  sorry

-- [hard lemma]
theorem factTo_one (n : Nat) : factTo n 1 = fact n := by
  sorry

-- [medium lemma]
theorem factTo_eq (n a : Nat) : factTo n a = fact n * a := by
  sorry

-- [medium lemma]
theorem upToFrom_zero (n : Nat) : upToFrom n 0 = upTo n := by
  sorry

-- [hard lemma]
theorem powTo_one (b n : Nat) : powTo b n 1 = pow b n := by
  sorry

-- [medium lemma]
theorem doubledTo_zero (n : Nat) : doubledTo n 0 = doubled n := by
  sorry

-- [hard lemma]
theorem bumpedOnto_nil (xs : List Nat) : bumpedOnto xs [] = turn (bumped xs) := by
  sorry

-- [medium lemma]
theorem largestTo_zero (xs : List Nat) : largestTo xs 0 = largest xs := by
  sorry

-- [hard lemma]
theorem fibTo_fib (n : Nat) : fibTo n 0 1 = fib n := by
  sorry

-- [easy]
theorem doubled_add (n : Nat) : doubled n = n + n := by
  sorry

-- [medium lemma]
theorem doubledTo_even (n : Nat) : doubledTo n 0 % 2 = 0 := by
  sorry

-- [medium lemma]
theorem size_onto (xs : List Nat) : size (onto xs []) = size xs := by
  sorry

-- [medium lemma]
theorem total_onto (xs : List Nat) : total (onto xs []) = total xs := by
  sorry

-- [hard lemma]
theorem onto_bumped (xs : List Nat) : onto (bumped xs) [] = bumpedOnto xs [] := by
  sorry

-- [false]
theorem onto_same (xs : List Nat) : onto xs [] = xs := by
  sorry

-- [false]
theorem sizeTo_ignores (xs : List Nat) (n : Nat) : sizeTo xs n = size xs := by
  sorry

-- [false]
theorem factTo_ignores (n a : Nat) : factTo n a = fact n := by
  sorry

-- [false]
theorem fact_is_upTo (n : Nat) : fact n ≤ n + 1 → fact (n + 1) ≤ n + 2 := by
  sorry

-- [false]
theorem fib_small (n : Nat) : fib n < n ∨ n < 5 := by
  sorry

end Accumulators
