/-! Lists: the library's functions, and functions that a reader would write. -/

variable {α β : Type}

theorem length_swap (xs ys : List α) : (xs ++ ys).length = ys.length + xs.length := by
  sorry -- expect: closes

theorem map_twice (f g : Nat → Nat) (xs : List Nat) : (xs.map f).map g = xs.map (fun x => g (f x)) := by
  sorry -- expect: closes

theorem mem_right (x : α) (xs ys : List α) (h : x ∈ ys) : x ∈ xs ++ ys := by
  sorry -- expect: closes

theorem filter_length (p : α → Bool) (xs : List α) : (xs.filter p).length ≤ xs.length := by
  sorry -- expect: closes

theorem ne_nil_of_mem (x : α) (xs : List α) (h : x ∈ xs) : xs ≠ [] := by
  sorry -- expect: closes

theorem head_of_cons (x y : α) (xs ys : List α) (h : x :: xs = y :: ys) : x = y ∧ xs = ys := by
  sorry -- expect: closes

noncomputable def rev : List α → List α
  | [] => []
  | x :: xs => rev xs ++ [x]

theorem rev_append (xs ys : List α) : rev (xs ++ ys) = rev ys ++ rev xs := by
  sorry -- expect: closes

theorem rev_length (xs : List α) : (rev xs).length = xs.length := by
  sorry -- expect: closes

theorem rev_rev (xs : List α) : rev (rev xs) = xs := by
  sorry -- expect: progress induction xs with ⏎ | nil => _ ⏎ | cons x xs ih => _ → 2 goals

def revOnto : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => revOnto xs (x :: acc)

theorem revOnto_eq (xs acc : List α) : revOnto xs acc = rev xs ++ acc := by
  sorry -- expect: closes

def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs

theorem total_append (xs ys : List Nat) : total (xs ++ ys) = total xs + total ys := by
  sorry -- expect: closes

theorem le_total (x : Nat) (xs : List Nat) (h : x ∈ xs) : x ≤ total xs := by
  sorry -- expect: closes

def snoc (xs : List α) (y : α) : List α :=
  match xs with
  | [] => [y]
  | x :: xs => x :: snoc xs y

theorem snoc_eq (xs : List α) (y : α) : snoc xs y = xs ++ [y] := by
  sorry -- expect: closes

theorem length_snoc (xs : List α) (y : α) : (snoc xs y).length = xs.length + 1 := by
  sorry -- expect: closes

def everyOther : List α → List α
  | [] => []
  | [x] => [x]
  | x :: _ :: xs => x :: everyOther xs

theorem everyOther_length (xs : List α) : (everyOther xs).length = (xs.length + 1) / 2 := by
  sorry -- expect: closes

def insertSorted (x : Nat) : List Nat → List Nat
  | [] => [x]
  | y :: ys => if x ≤ y then x :: y :: ys else y :: insertSorted x ys

theorem insertSorted_length (x : Nat) (xs : List Nat) : (insertSorted x xs).length = xs.length + 1 := by
  sorry -- expect: closes

theorem mem_insertSorted (x y : Nat) (xs : List Nat) : y ∈ insertSorted x xs ↔ y = x ∨ y ∈ xs := by
  sorry -- expect: closes

def count (x : Nat) : List Nat → Nat
  | [] => 0
  | y :: ys => if x = y then count x ys + 1 else count x ys

theorem count_append (x : Nat) (xs ys : List Nat) : count x (xs ++ ys) = count x xs + count x ys := by
  sorry -- expect: closes

theorem count_le (x : Nat) (xs : List Nat) : count x xs ≤ xs.length := by
  sorry -- expect: closes

def zipSum : List Nat → List Nat → List Nat
  | x :: xs, y :: ys => (x + y) :: zipSum xs ys
  | _, _ => []

theorem zipSum_comm (xs ys : List Nat) : zipSum xs ys = zipSum ys xs := by
  sorry -- expect: closes
