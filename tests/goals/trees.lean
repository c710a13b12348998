/-! Inductive types of the user's own, and functions over them. -/

inductive Tree (α : Type) where
  | leaf : Tree α
  | node (left : Tree α) (value : α) (right : Tree α) : Tree α

namespace Tree

variable {α β : Type}

def mirror : Tree α → Tree α
  | leaf => leaf
  | node l x r => node r.mirror x l.mirror

def size : Tree α → Nat
  | leaf => 0
  | node l _ r => l.size + 1 + r.size

def depth : Tree α → Nat
  | leaf => 0
  | node l _ r => max l.depth r.depth + 1

noncomputable def toList : Tree α → List α
  | leaf => []
  | node l x r => l.toList ++ x :: r.toList

def map (f : α → β) : Tree α → Tree β
  | leaf => leaf
  | node l x r => node (l.map f) (f x) (r.map f)

def Mem (x : α) : Tree α → Prop
  | leaf => False
  | node l y r => Mem x l ∨ x = y ∨ Mem x r

theorem mirror_mirror (t : Tree α) : t.mirror.mirror = t := by
  sorry -- expect: closes

theorem size_mirror (t : Tree α) : t.mirror.size = t.size := by
  sorry -- expect: closes

theorem depth_le_size (t : Tree α) : t.depth ≤ t.size := by
  sorry -- expect: closes

theorem depth_mirror (t : Tree α) : t.mirror.depth = t.depth := by
  sorry -- expect: closes

theorem length_toList (t : Tree α) : t.toList.length = t.size := by
  sorry -- expect: closes

theorem map_id (t : Tree α) : t.map (fun x => x) = t := by
  sorry -- expect: closes

theorem map_map (f g : α → α) (t : Tree α) : (t.map f).map g = t.map (fun x => g (f x)) := by
  sorry -- expect: closes

theorem size_map (f : α → β) (t : Tree α) : (t.map f).size = t.size := by
  sorry -- expect: closes

theorem toList_mirror (t : Tree α) : t.mirror.toList = t.toList.reverse := by
  sorry -- expect: closes

theorem mem_toList (x : α) (t : Tree α) : x ∈ t.toList ↔ Mem x t := by
  sorry -- expect: closes

theorem leaf_or_node (t : Tree α) : t = leaf ∨ 0 < t.size := by
  sorry -- expect: closes

theorem node_inj (l r : Tree α) (x y : α) (h : node l x r = node l y r) : x = y := by
  sorry -- expect: closes

theorem no_leaf (l r : Tree α) (x : α) (h : leaf = node l x r) : False := by
  sorry -- expect: closes

end Tree

inductive Colour where
  | red | green | blue
deriving DecidableEq

namespace Colour

def next : Colour → Colour
  | red => green
  | green => blue
  | blue => red

theorem next_cycle (c : Colour) : c.next.next.next = c := by
  sorry -- expect: closes

theorem next_ne (c : Colour) : c.next ≠ c := by
  sorry -- expect: closes

theorem next_injective (a b : Colour) (h : a.next = b.next) : a = b := by
  sorry -- expect: closes

theorem three (c : Colour) : c = red ∨ c = green ∨ c = blue := by
  sorry -- expect: closes

end Colour

inductive Even : Nat → Prop where
  | zero : Even 0
  | step {n : Nat} : Even n → Even (n + 2)

theorem four_even : Even 4 := by
  sorry -- expect: closes

theorem not_even_one (h : Even 1) : False := by
  sorry -- expect: closes

theorem even_mod {n : Nat} (h : Even n) : n % 2 = 0 := by
  sorry -- expect: closes

theorem even_add {m n : Nat} (hm : Even m) (hn : Even n) : Even (m + n) := by
  sorry -- expect: closes
