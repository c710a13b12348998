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
  induction xs <;> simp_all [insert]
  split <;> simp_all

-- [medium lemma]
theorem length_sort (xs : List Nat) : (sort xs).length = xs.length := by
  induction xs <;> simp_all [sort, length_insert]

-- [easy]
theorem total_insert (a : Nat) (xs : List Nat) : total (insert a xs) = a + total xs := by
  induction xs <;> simp_all [insert, total]
  split <;> simp_all [total] <;> omega

-- [medium lemma]
theorem total_sort (xs : List Nat) : total (sort xs) = total xs := by
  induction xs <;> simp_all [sort, total, total_insert]

-- [medium]
theorem atLeast_insert (a b : Nat) (xs : List Nat) : atLeast b (insert a xs) = (decide (b ≤ a) && atLeast b xs) := by
  induction xs <;> simp_all [insert, atLeast]
  split <;> simp_all [atLeast] ; grind

-- [medium]
theorem atLeast_trans (a b : Nat) (xs : List Nat) (h : a ≤ b) (k : atLeast b xs = true) : atLeast a xs = true := by
  induction xs <;> simp_all [atLeast]
  omega

-- [medium lemma]
theorem sorted_insert (a : Nat) (xs : List Nat) (h : sorted xs = true) : sorted (insert a xs) = true := by
  induction xs with
  | nil => simp [insert, sorted, atLeast]
  | cons x xs ih =>
    simp only [insert]
    split
    · simp_all [sorted, atLeast]
      exact atLeast_trans a x xs (by assumption) h.1
    · simp_all [sorted, atLeast_insert]; omega

-- [hard lemma]
theorem sorted_sort (xs : List Nat) : sorted (sort xs) = true := by
  induction xs <;> simp_all [sort, sorted, sorted_insert]

-- [medium]
theorem count_insert (a b : Nat) (xs : List Nat) : count a (insert b xs) = count a (b :: xs) := by
  induction xs <;> simp_all [insert, count]
  split <;> simp_all [count] ; grind

-- [medium lemma]
theorem count_sort (a : Nat) (xs : List Nat) : count a (sort xs) = count a xs := by
  induction xs <;> simp_all [sort, count_insert, count]

-- [medium]
theorem insert_insert (a b : Nat) (xs : List Nat) : insert a (insert b xs) = insert b (insert a xs) := by
  induction xs <;> grind [insert]

-- [aux]
theorem aux_insert_atLeast (a : Nat) (xs : List Nat) (h : atLeast a xs = true) : insert a xs = a :: xs := by
  cases xs <;> simp_all [insert, atLeast]

-- [medium lemma]
theorem sort_of_sorted (xs : List Nat) (h : sorted xs = true) : sort xs = xs := by
  induction xs <;> simp_all [sort, sorted, aux_insert_atLeast]

-- [hard lemma]
theorem sort_sort (xs : List Nat) : sort (sort xs) = sort xs := by
  simp [sort_of_sorted, sorted_sort]

-- [hard lemma]
theorem sort_reverse (xs : List Nat) : sort xs.reverse = sort xs := by
  have h (xs : List Nat) (a : Nat) : sort (xs ++ [a]) = insert a (sort xs) := by
    induction xs <;> simp_all [sort, insert_insert]
  induction xs <;> simp_all [sort]

-- [hard lemma]
theorem sortTo_sort (xs : List Nat) : sortTo xs [] = sort xs := by
  have g (xs : List Nat) (a : Nat) (acc : List Nat) : sortTo xs (insert a acc) = insert a (sortTo xs acc) := by
    induction xs generalizing acc <;> simp_all [sortTo, insert_insert]
  induction xs <;> simp_all [sortTo, sort]

-- [medium]
theorem length_merge (xs ys : List Nat) : (merge xs ys).length = xs.length + ys.length := by
  fun_induction merge <;> simp_all <;> omega

-- [medium]
theorem total_merge (xs ys : List Nat) : total (merge xs ys) = total xs + total ys := by
  fun_induction merge <;> simp_all [total] <;> omega

-- [hard lemma]
theorem sorted_merge (xs ys : List Nat) (h : sorted xs = true) (k : sorted ys = true) :
    sorted (merge xs ys) = true := by
  have g (a : Nat) (xs ys : List Nat) : atLeast a (merge xs ys) = (atLeast a xs && atLeast a ys) := by
    fun_induction merge <;> simp_all [atLeast] <;> grind
  fun_induction merge <;> simp_all [sorted, atLeast]
  · exact atLeast_trans _ _ _ (by assumption) k.1
  · constructor
    · omega
    · exact atLeast_trans _ _ _ (by omega) h.1

-- [easy]
theorem remove_insert (a : Nat) (xs : List Nat) : remove a (insert a xs) = xs := by
  induction xs <;> simp_all [insert, remove]
  split <;> simp_all [remove] ; omega

-- [false: [1, 0]]
theorem sort_same (xs : List Nat) : sort xs = xs := sorry

-- [false: 1, [0]]
theorem insert_front (a : Nat) (xs : List Nat) : insert a xs = a :: xs := sorry

-- [false: [1], [0]]
theorem sort_append (xs ys : List Nat) : sort (xs ++ ys) = sort xs ++ sort ys := sorry

-- [false: 0, [0]]
theorem remove_shorter (a : Nat) (xs : List Nat) : remove a (remove a xs) = a :: xs := sorry

end Sorting
