/-! Sorting. -/

namespace Sorting

def insert (a : Nat) : List Nat → List Nat
  | [] => [a]
  | x :: xs => if a ≤ x then a :: x :: xs else x :: insert a xs

def sort : List Nat → List Nat
  | [] => []
  | x :: xs => insert x (sort xs)

def atLeast (a : Nat) : List Nat → Bool
  | [] => true
  | x :: xs => decide (a ≤ x) && atLeast a xs

def sorted : List Nat → Bool
  | [] => true
  | x :: xs => atLeast x xs && sorted xs

def count (a : Nat) : List Nat → Nat
  | [] => 0
  | x :: xs => if x = a then count a xs + 1 else count a xs

def merge : List Nat → List Nat → List Nat
  | [], ys => ys
  | xs, [] => xs
  | x :: xs, y :: ys => if x ≤ y then x :: merge xs (y :: ys) else y :: merge (x :: xs) ys
termination_by xs ys => xs.length + ys.length

def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs

def sortTo : List Nat → List Nat → List Nat
  | [], acc => acc
  | x :: xs, acc => sortTo xs (insert x acc)

def remove (a : Nat) : List Nat → List Nat
  | [] => []
  | x :: xs => if x = a then xs else x :: remove a xs

-- [easy]
theorem length_insert (a : Nat) (xs : List Nat) : (insert a xs).length = xs.length + 1 := by
  sorry

-- [medium lemma]
theorem length_sort (xs : List Nat) : (sort xs).length = xs.length := by
  sorry

-- [easy]
theorem total_insert (a : Nat) (xs : List Nat) : total (insert a xs) = a + total xs := by
  sorry

-- [medium lemma]
theorem total_sort (xs : List Nat) : total (sort xs) = total xs := by
  sorry

-- [medium]
theorem atLeast_insert (a b : Nat) (xs : List Nat) : atLeast b (insert a xs) = (decide (b ≤ a) && atLeast b xs) := by
  sorry

-- [medium]
theorem atLeast_trans (a b : Nat) (xs : List Nat) (h : a ≤ b) (k : atLeast b xs = true) : atLeast a xs = true := by
  sorry

-- [medium lemma]
theorem sorted_insert (a : Nat) (xs : List Nat) (h : sorted xs = true) : sorted (insert a xs) = true := by
  sorry

-- [hard lemma]
theorem sorted_sort (xs : List Nat) : sorted (sort xs) = true := by
  sorry

-- [medium]
theorem count_insert (a b : Nat) (xs : List Nat) : count a (insert b xs) = count a (b :: xs) := by
  sorry

-- [medium lemma]
theorem count_sort (a : Nat) (xs : List Nat) : count a (sort xs) = count a xs := by
  sorry

-- [medium]
theorem insert_insert (a b : Nat) (xs : List Nat) : insert a (insert b xs) = insert b (insert a xs) := by
  sorry

-- [medium lemma]
theorem sort_of_sorted (xs : List Nat) (h : sorted xs = true) : sort xs = xs := by
  sorry

-- [hard lemma]
theorem sort_sort (xs : List Nat) : sort (sort xs) = sort xs := by
  sorry

-- [hard lemma]
theorem sort_reverse (xs : List Nat) : sort xs.reverse = sort xs := by
  sorry

-- [hard lemma]
theorem sortTo_sort (xs : List Nat) : sortTo xs [] = sort xs := by
  sorry

-- [medium]
theorem length_merge (xs ys : List Nat) : (merge xs ys).length = xs.length + ys.length := by
  sorry

-- [medium]
theorem total_merge (xs ys : List Nat) : total (merge xs ys) = total xs + total ys := by
  sorry

-- [hard lemma]
theorem sorted_merge (xs ys : List Nat) (h : sorted xs = true) (k : sorted ys = true) :
    sorted (merge xs ys) = true := by
  sorry

-- [easy]
theorem remove_insert (a : Nat) (xs : List Nat) : remove a (insert a xs) = xs := by
  sorry

-- [false]
theorem sort_same (xs : List Nat) : sort xs = xs := by
  sorry

-- [false]
theorem insert_front (a : Nat) (xs : List Nat) : insert a xs = a :: xs := by
  sorry

-- [false]
theorem sort_append (xs ys : List Nat) : sort (xs ++ ys) = sort xs ++ sort ys := by
  sorry

-- [false]
theorem remove_shorter (a : Nat) (xs : List Nat) : remove a (remove a xs) = a :: xs := by
  sorry

end Sorting
