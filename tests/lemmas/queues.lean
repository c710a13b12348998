/-! Queues of two lists, zippers, stacks. -/

-- The standard library's functions have no code everywhere, and nothing is run here.
noncomputable section

namespace Queues

structure Queue where
  front : List Nat
  back  : List Nat

def toList (q : Queue) : List Nat := q.front ++ q.back.reverse

def empty : Queue := ⟨[], []⟩

def push (q : Queue) (a : Nat) : Queue := ⟨q.front, a :: q.back⟩

def pop : Queue → Option (Nat × Queue)
  | ⟨x :: f, b⟩ => some (x, ⟨f, b⟩)
  | ⟨[], b⟩ => match b.reverse with
    | [] => none
    | x :: f => some (x, ⟨f, []⟩)

def pushAll : Queue → List Nat → Queue
  | q, [] => q
  | q, x :: xs => pushAll (push q x) xs

def size (q : Queue) : Nat := q.front.length + q.back.length

def normal : Queue → Queue
  | ⟨[], b⟩ => ⟨b.reverse, []⟩
  | q => q

def turned (q : Queue) : Queue := ⟨q.back, q.front⟩

def ofList (xs : List Nat) : Queue := ⟨xs, []⟩

-- [easy]
theorem toList_push (q : Queue) (a : Nat) : toList (push q a) = toList q ++ [a] := by
  sorry

-- [easy]
theorem size_push (q : Queue) (a : Nat) : size (push q a) = size q + 1 := by
  sorry

-- [easy]
theorem length_toList (q : Queue) : (toList q).length = size q := by
  sorry

-- [medium]
theorem toList_normal (q : Queue) : toList (normal q) = toList q := by
  sorry

-- [medium]
theorem pop_some (q r : Queue) (a : Nat) (h : pop q = some (a, r)) : toList q = a :: toList r := by
  sorry

-- [medium]
theorem pop_none (q : Queue) (h : pop q = none) : toList q = [] := by
  sorry

-- [medium lemma]
theorem toList_pushAll (q : Queue) (xs : List Nat) : toList (pushAll q xs) = toList q ++ xs := by
  sorry

-- [medium]
theorem toList_turned (q : Queue) : toList (turned q) = (toList q).reverse := by
  sorry

-- [medium]
theorem pushAll_append (q : Queue) (xs ys : List Nat) : pushAll q (xs ++ ys) = pushAll (pushAll q xs) ys := by
  sorry

-- [hard lemma]
theorem pushAll_empty (xs : List Nat) : toList (pushAll empty xs) = xs := by
  sorry

-- [hard lemma]
theorem size_pushAll (xs : List Nat) : size (pushAll empty xs) = xs.length := by
  sorry

-- [medium]
theorem pop_push_empty (a : Nat) : pop (push empty a) = some (a, empty) := by
  sorry

-- [false]
theorem normal_same (q : Queue) : (normal q).front = q.front := by
  sorry

-- [false]
theorem pop_push (q : Queue) (a : Nat) : (pop (push q a)).map (·.1) = some a := by
  sorry

-- [false]
theorem ofList_toList (q : Queue) : (ofList (toList q)).front = q.front := by
  sorry

end Queues

namespace Zippers

structure Zipper where
  left  : List Nat
  right : List Nat

def whole (z : Zipper) : List Nat := z.left.reverse ++ z.right

def right : Zipper → Zipper
  | ⟨l, x :: r⟩ => ⟨x :: l, r⟩
  | z => z

def left : Zipper → Zipper
  | ⟨x :: l, r⟩ => ⟨l, x :: r⟩
  | z => z

def rights : Nat → Zipper → Zipper
  | 0, z => z
  | n + 1, z => rights n (right z)

def put (z : Zipper) (a : Nat) : Zipper := ⟨a :: z.left, z.right⟩

-- [easy]
theorem whole_right (z : Zipper) : whole (right z) = whole z := by
  sorry

-- [easy]
theorem whole_left (z : Zipper) : whole (left z) = whole z := by
  sorry

-- [medium lemma]
theorem whole_rights (n : Nat) (z : Zipper) : whole (rights n z) = whole z := by
  sorry

-- [easy]
theorem length_put (z : Zipper) (a : Nat) : (whole (put z a)).length = (whole z).length + 1 := by
  sorry

-- [medium]
theorem left_right (z : Zipper) (h : z.right ≠ []) : left (right z) = z := by
  sorry

-- [medium]
theorem rights_rights (n m : Nat) (z : Zipper) : rights n (rights m z) = rights (m + n) z := by
  sorry

-- [false]
theorem right_left (z : Zipper) : (right (left z)).right = z.right := by
  sorry

-- [false]
theorem whole_put (z : Zipper) (a : Nat) : whole (put z a) = a :: whole z := by
  sorry

end Zippers
