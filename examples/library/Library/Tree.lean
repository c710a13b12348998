module

public import Library.Arith
public import Library.Chain

/-! Binary trees, and the sequence of what stands in one. -/

@[expose] public noncomputable section

inductive Tree (α : Type) where
  | leaf : Tree α
  | node (left : Tree α) (value : α) (right : Tree α) : Tree α

namespace Tree

variable {α β : Type}

def size : Tree α → Nat
  | leaf => 0
  | node l _ r => size l + size r + 1

def height : Tree α → Nat
  | leaf => 0
  | node l _ r => max (height l) (height r) + 1

def mirror : Tree α → Tree α
  | leaf => leaf
  | node l a r => node (mirror r) a (mirror l)

def map (f : α → β) : Tree α → Tree β
  | leaf => leaf
  | node l a r => node (map f l) (f a) (map f r)

def flatten : Tree α → Chain α
  | leaf => Chain.nil
  | node l a r => Chain.append (flatten l) (Chain.cons a (flatten r))

def sum : Tree Nat → Nat
  | leaf => 0
  | node l a r => sum l + a + sum r

def Mem (a : α) : Tree α → Prop
  | leaf => False
  | node l b r => a = b ∨ Mem a l ∨ Mem a r

theorem mirror_mirror (t : Tree α) : mirror (mirror t) = t := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => rw [mirror, mirror, ihl, ihr]

theorem size_mirror (t : Tree α) : size (mirror t) = size t := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr =>
    simp only [mirror, size, ihl, ihr]
    omega

theorem height_mirror (t : Tree α) : height (mirror t) = height t := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => simp only [mirror, height, ihl, ihr, Nat.max_comm]

theorem height_le_size (t : Tree α) : height t ≤ size t := by
  induction t with
  | leaf => exact Nat.le_refl 0
  | node l a r ihl ihr =>
    simp only [height, size]
    omega

theorem size_map (f : α → β) (t : Tree α) : size (map f t) = size t := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => rw [map, size, ihl, ihr, size]

theorem map_mirror (f : α → β) (t : Tree α) : map f (mirror t) = mirror (map f t) := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => simp only [mirror, map, ihl, ihr]

theorem length_flatten (t : Tree α) : (flatten t).length = size t := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr =>
    rw [flatten, Chain.length_append, Chain.length_cons, ihl, ihr, size]
    omega

theorem flatten_map (f : α → β) (t : Tree α) : flatten (map f t) = Chain.map f (flatten t) := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => simp only [map, flatten, Chain.map_append, Chain.map, ihl, ihr]

theorem flatten_mirror (t : Tree α) : flatten (mirror t) = Chain.reverse (flatten t) := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr =>
    simp only [mirror, flatten, ihl, ihr, Chain.reverse_append, Chain.reverse, Chain.append_assoc, Chain.append]

theorem sum_mirror (t : Tree Nat) : sum (mirror t) = sum t := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr =>
    simp only [mirror, sum, ihl, ihr]
    omega

theorem sum_flatten (t : Tree Nat) : (flatten t).sum = sum t := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => rw [flatten, Chain.sum_append, Chain.sum, ihl, ihr, sum, Nat.add_assoc]

theorem map_id (t : Tree α) : map (fun a => a) t = t := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => rw [map, ihl, ihr]

theorem height_map (f : α → β) (t : Tree α) : height (map f t) = height t := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => rw [map, height, ihl, ihr, height]

theorem size_lt_power_height (t : Tree α) : size t < Arith.power 2 (height t) := by
  induction t with
  | leaf => exact Nat.one_pos
  | node l a r ihl ihr =>
    have grows {m n : Nat} (h : m ≤ n) : Arith.power 2 m ≤ Arith.power 2 n := by
      induction h with
      | refl => exact Nat.le_refl _
      | step _ ih => rw [Arith.power_succ]; omega
    have hl := Nat.lt_of_lt_of_le ihl (grows (Nat.le_max_left (height l) (height r)))
    have hr := Nat.lt_of_lt_of_le ihr (grows (Nat.le_max_right (height l) (height r)))
    rw [size, height, Arith.power_succ]
    omega

theorem mem_mirror (a : α) (t : Tree α) : Mem a (mirror t) ↔ Mem a t := by
  induction t with
  | leaf => exact Iff.rfl
  | node l b r ihl ihr => simp only [mirror, Mem, ihl, ihr, or_comm]

theorem mem_flatten (a : α) (t : Tree α) : (flatten t).Mem a ↔ Mem a t := by
  induction t with
  | leaf => exact Iff.rfl
  | node l b r ihl ihr =>
    rw [flatten, Chain.mem_append, Chain.Mem, ihl, ihr, Mem, ← or_assoc, or_comm (a := Mem a l), or_assoc]

theorem mem_map (f : α → β) {a : α} {t : Tree α} (h : Mem a t) : Mem (f a) (map f t) := by
  induction t with
  | leaf => exact h
  | node l b r ihl ihr =>
    rcases h with rfl | h | h
    · exact Or.inl rfl
    · exact Or.inr (Or.inl (ihl h))
    · exact Or.inr (Or.inr (ihr h))

theorem size_pos_of_mem {a : α} {t : Tree α} (h : Mem a t) : 0 < size t := by
  cases t with
  | leaf => exact h.elim
  | node l b r => exact Nat.succ_pos _

theorem flatten_eq_nil_iff (t : Tree α) : flatten t = Chain.nil ↔ t = leaf := by
  constructor
  · intro h
    have := length_flatten t
    rw [h] at this
    cases t with
    | leaf => rfl
    | node l a r => simp [size, Chain.length] at this
  · rintro rfl
    rfl

end Tree
