module

public import Library.Sorting
public import Library.Tree

/-! Search trees of numbers: insertion keeps them ordered, and they flatten to what is sorted. -/

@[expose] public noncomputable section

namespace Tree

def insert (a : Nat) : Tree Nat → Tree Nat
  | leaf => node leaf a leaf
  | node l b r => if a ≤ b then node (insert a l) b r else node l b (insert a r)

/-- Every value has a property. -/
def All (p : Nat → Prop) : Tree Nat → Prop
  | leaf => True
  | node l a r => p a ∧ All p l ∧ All p r

def Ordered : Tree Nat → Prop
  | leaf => True
  | node l a r => All (· ≤ a) l ∧ All (a ≤ ·) r ∧ Ordered l ∧ Ordered r

def ofChain : Chain Nat → Tree Nat
  | Chain.nil => leaf
  | Chain.cons a s => insert a (ofChain s)

theorem size_insert (a : Nat) (t : Tree Nat) : size (insert a t) = size t + 1 := by
  induction t with
  | leaf => rfl
  | node l b r ihl ihr =>
    rw [insert]
    split
    · rw [size, ihl, size]
      omega
    · rw [size, ihr, size]
      omega

theorem sum_insert (a : Nat) (t : Tree Nat) : sum (insert a t) = sum t + a := by
  induction t with
  | leaf => simp [insert, sum]
  | node l b r ihl ihr =>
    rw [insert]
    split
    · rw [sum, ihl, sum]
      omega
    · rw [sum, ihr, sum]
      omega

theorem mem_insert (x a : Nat) (t : Tree Nat) : Mem x (insert a t) ↔ x = a ∨ Mem x t := by
  induction t with
  | leaf => simp [insert, Mem]
  | node l b r ihl ihr =>
    rw [insert]
    split <;> simp only [Mem, ihl, ihr] <;> grind

theorem mem_insert_self (a : Nat) (t : Tree Nat) : Mem a (insert a t) := (mem_insert a a t).mpr (Or.inl rfl)

theorem all_insert {p : Nat → Prop} {a : Nat} {t : Tree Nat} (h : p a) (ht : All p t) : All p (insert a t) := by
  induction t with
  | leaf => exact ⟨h, trivial, trivial⟩
  | node l b r ihl ihr =>
    rw [insert]
    split
    · exact ⟨ht.1, ihl ht.2.1, ht.2.2⟩
    · exact ⟨ht.1, ht.2.1, ihr ht.2.2⟩

theorem all_imp {p q : Nat → Prop} (h : ∀ n, p n → q n) : {t : Tree Nat} → All p t → All q t
  | leaf, _ => trivial
  | node _ a _, ⟨ha, hl, hr⟩ => ⟨h a ha, all_imp h hl, all_imp h hr⟩

theorem all_iff_mem (p : Nat → Prop) (t : Tree Nat) : All p t ↔ ∀ a, Mem a t → p a := by
  induction t with
  | leaf => simp [All, Mem]
  | node l b r ihl ihr =>
    simp only [All, Mem, ihl, ihr]
    constructor
    · rintro ⟨hb, hl, hr⟩ a (rfl | h | h)
      · exact hb
      · exact hl a h
      · exact hr a h
    · intro h
      exact ⟨h b (Or.inl rfl), fun a m => h a (Or.inr (Or.inl m)), fun a m => h a (Or.inr (Or.inr m))⟩

theorem ordered_leaf : Ordered leaf := trivial

theorem ordered_insert (a : Nat) {t : Tree Nat} (h : Ordered t) : Ordered (insert a t) := by
  induction t with
  | leaf => exact ⟨trivial, trivial, trivial, trivial⟩
  | node l b r ihl ihr =>
    obtain ⟨below, above, hl, hr⟩ := h
    rw [insert]
    split
    · rename_i le
      exact ⟨all_insert le below, above, ihl hl, hr⟩
    · rename_i not_le
      exact ⟨below, all_insert (Nat.le_of_not_le not_le) above, hl, ihr hr⟩

theorem ordered_ofChain (s : Chain Nat) : Ordered (ofChain s) := by
  induction s with
  | nil => exact ordered_leaf
  | cons a s ih => exact ordered_insert a ih

theorem size_ofChain (s : Chain Nat) : size (ofChain s) = s.length := by
  induction s with
  | nil => rfl
  | cons a s ih => rw [ofChain, size_insert, ih, Chain.length]

theorem sum_ofChain (s : Chain Nat) : sum (ofChain s) = s.sum := by
  induction s with
  | nil => rfl
  | cons a s ih =>
    rw [ofChain, sum_insert, ih, Chain.sum, Nat.add_comm]

theorem mem_ofChain (a : Nat) (s : Chain Nat) : Mem a (ofChain s) ↔ s.Mem a := by
  induction s with
  | nil => exact Iff.rfl
  | cons b s ih => rw [ofChain, mem_insert, ih, Chain.Mem]

theorem above_append {a : Nat} {s t : Chain Nat} (hs : Chain.Above a s) (ht : Chain.Above a t) :
    Chain.Above a (Chain.append s t) := by
  induction s with
  | nil => exact ht
  | cons b s ih => exact ⟨hs.1, ih hs.2⟩

theorem above_flatten {a : Nat} {t : Tree Nat} (h : All (a ≤ ·) t) : Chain.Above a (flatten t) := by
  induction t with
  | leaf => trivial
  | node l b r ihl ihr => exact above_append (ihl h.2.1) ⟨h.1, ihr h.2.2⟩

theorem sorted_append_cons {s t : Chain Nat} {a : Nat} (hs : Chain.Sorted s) (ht : Chain.Sorted t)
    (below : ∀ b, s.Mem b → b ≤ a) (above : Chain.Above a t) :
    Chain.Sorted (Chain.append s (Chain.cons a t)) := by
  induction s with
  | nil => exact ⟨above, ht⟩
  | cons b s ih =>
    have le : b ≤ a := below b (Or.inl rfl)
    refine ⟨above_append hs.1 ⟨le, Chain.above_of_le le above⟩, ?_⟩
    exact ih hs.2 fun c m => below c (Or.inr m)

theorem sorted_flatten {t : Tree Nat} (h : Ordered t) : Chain.Sorted (flatten t) := by
  induction t with
  | leaf => trivial
  | node l a r ihl ihr =>
    obtain ⟨below, above, hl, hr⟩ := h
    rw [all_iff_mem] at below
    refine sorted_append_cons (ihl hl) (ihr hr) (fun b m => below b ?_) (above_flatten above)
    exact (mem_flatten b l).mp m

theorem sorted_flatten_ofChain (s : Chain Nat) : Chain.Sorted (flatten (ofChain s)) :=
  sorted_flatten (ordered_ofChain s)

end Tree
