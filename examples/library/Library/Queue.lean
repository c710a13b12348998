module

public import Library.Chain

/-! Queues of two sequences: what comes next, and what came last in reverse. -/

@[expose] public noncomputable section

structure Queue (α : Type) where
  front : Chain α
  back : Chain α

namespace Queue

variable {α : Type}

def empty : Queue α := ⟨Chain.nil, Chain.nil⟩

def push (q : Queue α) (a : α) : Queue α := ⟨q.front, Chain.cons a q.back⟩

def toChain (q : Queue α) : Chain α := Chain.append q.front (Chain.reverse q.back)

def rotate (q : Queue α) : Queue α := ⟨q.toChain, Chain.nil⟩

def size (q : Queue α) : Nat := q.front.length + q.back.length

def map {β : Type} (f : α → β) (q : Queue α) : Queue β := ⟨Chain.map f q.front, Chain.map f q.back⟩

def pushAll : Queue α → Chain α → Queue α
  | q, Chain.nil => q
  | q, Chain.cons a s => pushAll (push q a) s

def Mem (a : α) (q : Queue α) : Prop := q.front.Mem a ∨ q.back.Mem a

theorem toChain_empty : toChain (empty : Queue α) = Chain.nil := rfl

theorem size_empty : size (empty : Queue α) = 0 := rfl

theorem toChain_push (q : Queue α) (a : α) : toChain (push q a) = Chain.append (toChain q) (Chain.cons a Chain.nil) := by
  simp only [toChain, push, Chain.reverse, Chain.append_assoc]

theorem size_push (q : Queue α) (a : α) : size (push q a) = size q + 1 := by
  simp only [size, push, Chain.length_cons]
  omega

theorem length_toChain (q : Queue α) : (toChain q).length = size q := by
  rw [toChain, Chain.length_append, Chain.length_reverse, size]

theorem toChain_rotate (q : Queue α) : toChain (rotate q) = toChain q := by
  rw [toChain, rotate]
  exact Chain.append_nil _

theorem size_rotate (q : Queue α) : size (rotate q) = size q := by
  rw [← length_toChain, toChain_rotate, length_toChain]

theorem rotate_rotate (q : Queue α) : rotate (rotate q) = rotate q := by
  rw [rotate, toChain_rotate, rotate]

theorem toChain_map {β : Type} (f : α → β) (q : Queue α) : toChain (map f q) = Chain.map f (toChain q) := by
  simp only [toChain, map, Chain.map_append, Chain.map_reverse]

theorem size_map {β : Type} (f : α → β) (q : Queue α) : size (map f q) = size q := by
  rw [← length_toChain, toChain_map, Chain.length_map, length_toChain]

theorem map_push {β : Type} (f : α → β) (q : Queue α) (a : α) : map f (push q a) = push (map f q) (f a) := rfl

theorem toChain_pushAll (q : Queue α) (s : Chain α) : toChain (pushAll q s) = Chain.append (toChain q) s := by
  induction s generalizing q with
  | nil => exact (Chain.append_nil _).symm
  | cons a s ih => rw [pushAll, ih, toChain_push, Chain.append_assoc, Chain.cons_append, Chain.nil_append]

theorem toChain_pushAll_empty (s : Chain α) : toChain (pushAll empty s) = s := by
  rw [toChain_pushAll, toChain_empty, Chain.nil_append]

theorem size_pushAll (q : Queue α) (s : Chain α) : size (pushAll q s) = size q + s.length := by
  rw [← length_toChain, toChain_pushAll, Chain.length_append, length_toChain]

theorem mem_toChain (a : α) (q : Queue α) : (toChain q).Mem a ↔ Mem a q := by
  rw [toChain, Chain.mem_append, Chain.mem_reverse, Mem]

theorem mem_push (a b : α) (q : Queue α) : Mem a (push q b) ↔ a = b ∨ Mem a q := by
  simp only [Mem, push, Chain.Mem]
  constructor
  · rintro (h | h | h)
    · exact Or.inr (Or.inl h)
    · exact Or.inl h
    · exact Or.inr (Or.inr h)
  · rintro (h | h | h)
    · exact Or.inr (Or.inl h)
    · exact Or.inl h
    · exact Or.inr (Or.inr h)

theorem mem_rotate (a : α) (q : Queue α) : Mem a (rotate q) ↔ Mem a q := by
  rw [← mem_toChain, toChain_rotate, mem_toChain]

end Queue
