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
  simp [toList, push]

-- [easy]
theorem size_push (q : Queue) (a : Nat) : size (push q a) = size q + 1 := by
  simp [size, push]; omega

-- [easy]
theorem length_toList (q : Queue) : (toList q).length = size q := by
  simp [toList, size]

-- [medium]
theorem toList_normal (q : Queue) : toList (normal q) = toList q := by
  unfold normal; split <;> simp [toList]

-- [medium]
theorem pop_some (q r : Queue) (a : Nat) (h : pop q = some (a, r)) : toList q = a :: toList r := by
  rcases q with ⟨f, b⟩
  cases f <;> simp_all [pop, toList]
  · split at h <;> simp_all
    grind
  · grind

-- [medium]
theorem pop_none (q : Queue) (h : pop q = none) : toList q = [] := by
  rcases q with ⟨f, b⟩
  cases f <;> simp_all [pop, toList]
  split at h <;> simp_all

-- [medium lemma]
theorem toList_pushAll (q : Queue) (xs : List Nat) : toList (pushAll q xs) = toList q ++ xs := by
  induction xs generalizing q <;> simp_all [pushAll, toList_push]

-- [medium]
theorem toList_turned (q : Queue) : toList (turned q) = (toList q).reverse := by
  simp [toList, turned]

-- [medium]
theorem pushAll_append (q : Queue) (xs ys : List Nat) : pushAll q (xs ++ ys) = pushAll (pushAll q xs) ys := by
  induction xs generalizing q <;> simp_all [pushAll]

-- [hard lemma]
theorem pushAll_empty (xs : List Nat) : toList (pushAll empty xs) = xs := by
  simp [toList_pushAll]; simp [toList, empty]

-- [hard lemma]
theorem size_pushAll (xs : List Nat) : size (pushAll empty xs) = xs.length := by
  have h (q : Queue) : size (pushAll q xs) = size q + xs.length := by
    induction xs generalizing q <;> simp_all [pushAll, size_push]; omega
  simp [h]; simp [size, empty]

-- [medium]
theorem pop_push_empty (a : Nat) : pop (push empty a) = some (a, empty) := by
  simp [pop, push, empty]

-- [false: ⟨[], [0, 1]⟩]
theorem normal_same (q : Queue) : (normal q).front = q.front := sorry

-- [false: ⟨[0], []⟩, 1]
theorem pop_push (q : Queue) (a : Nat) : (pop (push q a)).map (·.1) = some a := sorry

-- [false: ⟨[0], [1]⟩]
theorem ofList_toList (q : Queue) : (ofList (toList q)).front = q.front := sorry

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
  rcases z with ⟨l, _ | ⟨x, r⟩⟩ <;> simp [whole, right]

-- [easy]
theorem whole_left (z : Zipper) : whole (left z) = whole z := by
  rcases z with ⟨_ | ⟨x, l⟩, r⟩ <;> simp [whole, left]

-- [medium lemma]
theorem whole_rights (n : Nat) (z : Zipper) : whole (rights n z) = whole z := by
  induction n generalizing z <;> simp_all [rights, whole_right]

-- [easy]
theorem length_put (z : Zipper) (a : Nat) : (whole (put z a)).length = (whole z).length + 1 := by
  simp [whole, put]; omega

-- [medium]
theorem left_right (z : Zipper) (h : z.right ≠ []) : left (right z) = z := by
  rcases z with ⟨l, _ | ⟨x, r⟩⟩ <;> simp_all [left, right]

-- [medium]
theorem rights_rights (n m : Nat) (z : Zipper) : rights n (rights m z) = rights (m + n) z := by
  induction m generalizing z <;> simp_all [rights, Nat.succ_add]

-- [false: ⟨[], [0]⟩]
theorem right_left (z : Zipper) : (right (left z)).right = z.right := sorry

-- [false: ⟨[0], []⟩, 1]
theorem whole_put (z : Zipper) (a : Nat) : whole (put z a) = a :: whole z := sorry

end Zippers
