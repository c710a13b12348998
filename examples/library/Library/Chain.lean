module

/-! Finite sequences: append, reverse, map, filter and membership. -/

@[expose] public noncomputable section

inductive Chain (α : Type) where
  | nil : Chain α
  | cons (head : α) (tail : Chain α) : Chain α

namespace Chain

variable {α β γ : Type}

def append : Chain α → Chain α → Chain α
  | nil, t => t
  | cons a s, t => cons a (append s t)

def length : Chain α → Nat
  | nil => 0
  | cons _ s => length s + 1

def reverse : Chain α → Chain α
  | nil => nil
  | cons a s => append (reverse s) (cons a nil)

def map (f : α → β) : Chain α → Chain β
  | nil => nil
  | cons a s => cons (f a) (map f s)

def filter (p : α → Bool) : Chain α → Chain α
  | nil => nil
  | cons a s => bif p a then cons a (filter p s) else filter p s

def sum : Chain Nat → Nat
  | nil => 0
  | cons a s => a + sum s

def Mem (a : α) : Chain α → Prop
  | nil => False
  | cons b s => a = b ∨ Mem a s

theorem nil_append (s : Chain α) : append nil s = s := rfl

theorem cons_append (a : α) (s t : Chain α) : append (cons a s) t = cons a (append s t) := rfl

theorem append_nil (s : Chain α) : append s nil = s := by
  induction s with
  | nil => rfl
  | cons a s ih => rw [cons_append, ih]

theorem append_assoc (s t u : Chain α) : append (append s t) u = append s (append t u) := by
  induction s with
  | nil => rfl
  | cons a s ih => simp only [cons_append, ih]

theorem length_nil : length (nil : Chain α) = 0 := rfl

theorem length_cons (a : α) (s : Chain α) : length (cons a s) = length s + 1 := rfl

theorem length_append (s t : Chain α) : length (append s t) = length s + length t := by
  induction s with
  | nil => simp [append, length]
  | cons a s ih =>
    rw [cons_append, length_cons, length_cons, ih]
    omega

theorem length_append_comm (s t : Chain α) : length (append s t) = length (append t s) := by
  rw [length_append, length_append, Nat.add_comm]

theorem eq_nil_of_length (s : Chain α) (h : length s = 0) : s = nil := by
  cases s with
  | nil => rfl
  | cons a s => simp [length] at h

theorem append_eq_nil_left (s t : Chain α) (h : append s t = nil) : s = nil := by
  apply eq_nil_of_length
  have : length (append s t) = 0 := by rw [h]; rfl
  rw [length_append] at this
  omega

theorem append_cancel_left (s t u : Chain α) (h : append s t = append s u) : t = u := by
  induction s with
  | nil => exact h
  | cons a s ih =>
    simp only [cons_append, cons.injEq, true_and] at h
    exact ih h

theorem reverse_nil : reverse (nil : Chain α) = nil := rfl

theorem reverse_singleton (a : α) : reverse (cons a nil) = cons a nil := rfl

theorem reverse_append (s t : Chain α) : reverse (append s t) = append (reverse t) (reverse s) := by
  induction s with
  | nil => simp only [append, reverse, append_nil]
  | cons a s ih => simp only [append, reverse, ih, append_assoc]

theorem reverse_reverse (s : Chain α) : reverse (reverse s) = s := by
  induction s with
  | nil => rfl
  | cons a s ih =>
    rw [reverse, reverse_append, ih]
    rfl

theorem length_reverse (s : Chain α) : length (reverse s) = length s := by
  induction s with
  | nil => rfl
  | cons a s ih => simp [reverse, length_append, length, ih]

theorem reverse_injective (s t : Chain α) (h : reverse s = reverse t) : s = t := by
  rw [← reverse_reverse s, h, reverse_reverse]

theorem map_append (f : α → β) (s t : Chain α) : map f (append s t) = append (map f s) (map f t) := by
  induction s with
  | nil => rfl
  | cons a s ih => simp [append, map, ih]

theorem map_id (s : Chain α) : map (fun a => a) s = s := by
  induction s with
  | nil => rfl
  | cons a s ih => rw [map, ih]

theorem map_map (f : α → β) (g : β → γ) (s : Chain α) : map g (map f s) = map (fun a => g (f a)) s := by
  induction s with
  | nil => rfl
  | cons a s ih => simp only [map, ih]

theorem length_map (f : α → β) (s : Chain α) : length (map f s) = length s := by
  induction s with
  | nil => rfl
  | cons a s ih => rw [map, length, length, ih]

theorem map_reverse (f : α → β) (s : Chain α) : map f (reverse s) = reverse (map f s) := by
  induction s with
  | nil => rfl
  | cons a s ih => simp only [reverse, map, map_append, ih]

theorem filter_append (p : α → Bool) (s t : Chain α) :
    filter p (append s t) = append (filter p s) (filter p t) := by
  induction s with
  | nil => rfl
  | cons a s ih => cases h : p a <;> simp [append, filter, h, ih]

theorem filter_filter (p : α → Bool) (s : Chain α) : filter p (filter p s) = filter p s := by
  induction s with
  | nil => rfl
  | cons a s ih => cases h : p a <;> simp [filter, h, ih]

theorem length_filter_le (p : α → Bool) (s : Chain α) : length (filter p s) ≤ length s := by
  induction s with
  | nil => exact Nat.le_refl 0
  | cons a s ih =>
    cases h : p a <;> simp [filter, length, h] <;> omega

theorem sum_append (s t : Chain Nat) : sum (append s t) = sum s + sum t := by
  induction s with
  | nil => simp [append, sum]
  | cons a s ih => simp [append, sum, ih, Nat.add_assoc]

theorem sum_reverse (s : Chain Nat) : sum (reverse s) = sum s := by
  induction s with
  | nil => rfl
  | cons a s ih =>
    simp only [reverse, sum_append, ih, sum]
    omega

theorem not_mem_nil (a : α) : ¬ Mem a nil := fun h => h

theorem mem_head (a : α) (s : Chain α) : Mem a (cons a s) := Or.inl rfl

theorem mem_append (a : α) (s t : Chain α) : Mem a (append s t) ↔ Mem a s ∨ Mem a t := by
  induction s with
  | nil => simp [append, Mem]
  | cons b s ih => simp [append, Mem, ih, or_assoc]

theorem mem_reverse (a : α) (s : Chain α) : Mem a (reverse s) ↔ Mem a s := by
  induction s with
  | nil => exact Iff.rfl
  | cons b s ih =>
    simp only [reverse, mem_append, ih, Mem]
    constructor
    · rintro (h | h | h)
      · exact Or.inr h
      · exact Or.inl h
      · exact h.elim
    · rintro (h | h)
      · exact Or.inr (Or.inl h)
      · exact Or.inl h

theorem mem_map (f : α → β) (a : α) (s : Chain α) (h : Mem a s) : Mem (f a) (map f s) := by
  induction s with
  | nil => exact h
  | cons b s ih =>
    cases h with
    | inl e => exact Or.inl (congrArg f e)
    | inr m => exact Or.inr (ih m)

end Chain
