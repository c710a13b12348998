module

public import Library.Chain

/-! Insertion sort of numbers: its result is in order, and has the same members as often. -/

@[expose] public noncomputable section

namespace Chain

def insert (a : Nat) : Chain Nat → Chain Nat
  | nil => cons a nil
  | cons b s => if a ≤ b then cons a (cons b s) else cons b (insert a s)

def sort : Chain Nat → Chain Nat
  | nil => nil
  | cons a s => insert a (sort s)

def count (a : Nat) : Chain Nat → Nat
  | nil => 0
  | cons b s => (if a = b then 1 else 0) + count a s

/-- Every member is at least `a`. -/
def Above (a : Nat) : Chain Nat → Prop
  | nil => True
  | cons b s => a ≤ b ∧ Above a s

def Sorted : Chain Nat → Prop
  | nil => True
  | cons a s => Above a s ∧ Sorted s

theorem count_append (a : Nat) (s t : Chain Nat) : count a (append s t) = count a s + count a t := by
  induction s with
  | nil => simp [append, count]
  | cons b s ih =>
    rw [cons_append, count, count, ih]
    omega

theorem count_reverse (a : Nat) (s : Chain Nat) : count a (reverse s) = count a s := by
  induction s with
  | nil => rfl
  | cons b s ih =>
    simp only [reverse, count_append, ih, count]
    omega

theorem count_pos_of_mem {a : Nat} {s : Chain Nat} (h : Mem a s) : 0 < count a s := by
  induction s with
  | nil => exact absurd h (not_mem_nil a)
  | cons b s ih =>
    rcases h with rfl | h
    · simp [count]; omega
    · have := ih h
      rw [count]
      omega

theorem mem_of_count_pos {a : Nat} {s : Chain Nat} (h : 0 < count a s) : Mem a s := by
  induction s with
  | nil => simp [count] at h
  | cons b s ih =>
    by_cases e : a = b
    · exact Or.inl e
    · exact Or.inr (ih (by simpa [count, e] using h))

theorem mem_iff_count_pos (a : Nat) (s : Chain Nat) : Mem a s ↔ 0 < count a s :=
  ⟨count_pos_of_mem, mem_of_count_pos⟩

theorem length_insert (a : Nat) (s : Chain Nat) : length (insert a s) = length s + 1 := by
  induction s with
  | nil => rfl
  | cons b s ih =>
    rw [insert]
    split
    · rfl
    · rw [length_cons, ih, length_cons]

theorem length_sort (s : Chain Nat) : length (sort s) = length s := by
  induction s with
  | nil => rfl
  | cons a s ih => rw [sort, length_insert, ih, length_cons]

theorem sum_insert (a : Nat) (s : Chain Nat) : sum (insert a s) = a + sum s := by
  induction s with
  | nil => rfl
  | cons b s ih =>
    rw [insert]
    split
    · rfl
    · rw [sum, ih, sum]
      omega

theorem sum_sort (s : Chain Nat) : sum (sort s) = sum s := by
  induction s with
  | nil => rfl
  | cons a s ih => rw [sort, sum_insert, ih, sum]

theorem count_insert (x a : Nat) (s : Chain Nat) : count x (insert a s) = count x (cons a s) := by
  induction s with
  | nil => rfl
  | cons b s ih =>
    rw [insert]
    split
    · rfl
    · simp only [count, ih]
      omega

theorem count_sort (x : Nat) (s : Chain Nat) : count x (sort s) = count x s := by
  induction s with
  | nil => rfl
  | cons a s ih => rw [sort, count_insert, count, ih, count]

theorem mem_sort (x : Nat) (s : Chain Nat) : Mem x (sort s) ↔ Mem x s := by
  rw [mem_iff_count_pos, mem_iff_count_pos, count_sort]

theorem above_of_le {a b : Nat} (h : a ≤ b) : {s : Chain Nat} → Above b s → Above a s
  | nil, _ => trivial
  | cons _ _, ⟨first, rest⟩ => ⟨Nat.le_trans h first, above_of_le h rest⟩

theorem above_insert {a b : Nat} {s : Chain Nat} (h : a ≤ b) (hs : Above a s) : Above a (insert b s) := by
  induction s with
  | nil => exact ⟨h, trivial⟩
  | cons c s ih =>
    rw [insert]
    split
    · exact ⟨h, hs⟩
    · exact ⟨hs.1, ih hs.2⟩

theorem le_of_above_of_mem {a b : Nat} {s : Chain Nat} (h : Above a s) (m : Mem b s) : a ≤ b := by
  induction s with
  | nil => exact absurd m (not_mem_nil b)
  | cons c s ih =>
    cases m with
    | inl e => exact e ▸ h.1
    | inr m => exact ih h.2 m

theorem sorted_singleton (a : Nat) : Sorted (cons a nil) := ⟨trivial, trivial⟩

theorem sorted_tail {a : Nat} {s : Chain Nat} (h : Sorted (cons a s)) : Sorted s := h.2

theorem sorted_insert (a : Nat) {s : Chain Nat} (h : Sorted s) : Sorted (insert a s) := by
  induction s with
  | nil => exact sorted_singleton a
  | cons b s ih =>
    rw [insert]
    split
    · rename_i le
      exact ⟨⟨le, above_of_le le h.1⟩, h⟩
    · rename_i not_le
      exact ⟨above_insert (by omega) h.1, ih h.2⟩

theorem sorted_sort (s : Chain Nat) : Sorted (sort s) := by
  induction s with
  | nil => trivial
  | cons a s ih => exact sorted_insert a ih

theorem insert_of_above {a : Nat} {s : Chain Nat} (h : Above a s) : insert a s = cons a s := by
  cases s with
  | nil => rfl
  | cons b s => rw [insert, if_pos h.1]

theorem sort_of_sorted {s : Chain Nat} (h : Sorted s) : sort s = s := by
  induction s with
  | nil => rfl
  | cons a s ih => rw [sort, ih h.2, insert_of_above h.1]

theorem sort_sort (s : Chain Nat) : sort (sort s) = sort s := sort_of_sorted (sorted_sort s)

theorem insert_comm (a b : Nat) (s : Chain Nat) : insert a (insert b s) = insert b (insert a s) := by
  induction s with
  | nil => grind [insert]
  | cons c s ih => grind [insert]

theorem sort_append_comm (s t : Chain Nat) : sort (append s t) = sort (append t s) := by
  induction s generalizing t with
  | nil => rw [nil_append, append_nil]
  | cons a s ih =>
    rw [cons_append, sort, ih]
    clear ih
    induction t with
    | nil => rfl
    | cons b t ih => rw [cons_append, cons_append, sort, sort, insert_comm, ih]

theorem sort_reverse (s : Chain Nat) : sort (reverse s) = sort s := by
  induction s with
  | nil => rfl
  | cons a s ih => rw [reverse, sort_append_comm, cons_append, nil_append, sort, ih, sort]

end Chain
