/-! Binary trees of our own. -/

-- The standard library's functions have no code everywhere, and nothing is run here.
noncomputable section

namespace Trees

inductive Tree where
  | leaf
  | node (l : Tree) (x : Nat) (r : Tree)
  deriving DecidableEq

def mirror : Tree → Tree
  | .leaf => .leaf
  | .node l x r => .node (mirror r) x (mirror l)

def count : Tree → Nat
  | .leaf => 0
  | .node l _ r => count l + 1 + count r

def depth : Tree → Nat
  | .leaf => 0
  | .node l _ r => max (depth l) (depth r) + 1

def flatten : Tree → List Nat
  | .leaf => []
  | .node l x r => flatten l ++ x :: flatten r

def total : Tree → Nat
  | .leaf => 0
  | .node l x r => total l + x + total r

def bump : Tree → Tree
  | .leaf => .leaf
  | .node l x r => .node (bump l) (x + 1) (bump r)

def insert (a : Nat) : Tree → Tree
  | .leaf => .node .leaf a .leaf
  | .node l x r => if a ≤ x then .node (insert a l) x r else .node l x (insert a r)

def holds (a : Nat) : Tree → Bool
  | .leaf => false
  | .node l x r => holds a l || x == a || holds a r

def leaves : Tree → Nat
  | .leaf => 1
  | .node l _ r => leaves l + leaves r

def into : Tree → List Nat → List Nat
  | .leaf, acc => acc
  | .node l x r, acc => into l (x :: into r acc)

def counting : Tree → Nat → Nat
  | .leaf, n => n
  | .node l _ r, n => counting l (counting r (n + 1))

def build : List Nat → Tree
  | [] => .leaf
  | x :: xs => insert x (build xs)

def summed : List Nat → Nat
  | [] => 0
  | x :: xs => x + summed xs

def rightmost (t : Tree) : Tree → Tree
  | .leaf => t
  | .node l x r => .node l x (rightmost t r)

-- [easy]
theorem mirror_mirror (t : Tree) : mirror (mirror t) = t := by
  induction t <;> simp_all [mirror]

-- [easy]
theorem count_mirror (t : Tree) : count (mirror t) = count t := by
  induction t <;> simp_all [mirror, count] <;> omega

-- [easy]
theorem depth_mirror (t : Tree) : depth (mirror t) = depth t := by
  induction t <;> simp_all [mirror, depth, Nat.max_comm]

-- [easy]
theorem depth_le_count (t : Tree) : depth t ≤ count t := by
  induction t <;> simp_all [depth, count] <;> omega

-- [easy]
theorem leaves_count (t : Tree) : leaves t = count t + 1 := by
  induction t <;> simp_all [leaves, count] <;> omega

-- [easy]
theorem length_flatten (t : Tree) : (flatten t).length = count t := by
  induction t <;> simp_all [flatten, count] <;> omega

-- [easy]
theorem flatten_mirror (t : Tree) : flatten (mirror t) = (flatten t).reverse := by
  induction t <;> simp_all [flatten, mirror]

-- [easy]
theorem mirror_bump (t : Tree) : mirror (bump t) = bump (mirror t) := by
  induction t <;> simp_all [mirror, bump]

-- [easy]
theorem total_bump (t : Tree) : total (bump t) = total t + count t := by
  induction t <;> simp_all [total, bump, count] <;> omega

-- [easy]
theorem flatten_bump (t : Tree) : flatten (bump t) = (flatten t).map (· + 1) := by
  induction t <;> simp_all [flatten, bump]

-- [easy]
theorem count_insert (a : Nat) (t : Tree) : count (insert a t) = count t + 1 := by
  induction t <;> simp_all [insert, count]
  split <;> simp_all [count] <;> omega

-- [easy]
theorem holds_insert (a : Nat) (t : Tree) : holds a (insert a t) = true := by
  induction t <;> simp_all [insert, holds]
  split <;> simp_all [holds]

-- [easy]
theorem holds_flatten (a : Nat) (t : Tree) : holds a t = true ↔ a ∈ flatten t := by
  induction t <;> simp_all [holds, flatten] ; grind

-- [easy]
theorem total_insert (a : Nat) (t : Tree) : total (insert a t) = total t + a := by
  induction t <;> simp_all [insert, total]
  split <;> simp_all [total] <;> omega

-- [medium lemma]
theorem count_build (xs : List Nat) : count (build xs) = xs.length := by
  induction xs <;> simp_all [build, count, count_insert]

-- [medium lemma]
theorem total_build (xs : List Nat) : total (build xs) = summed xs := by
  induction xs <;> simp_all [build, total, summed, total_insert] <;> omega

-- [medium]
theorem into_flatten (t : Tree) (acc : List Nat) : into t acc = flatten t ++ acc := by
  induction t generalizing acc <;> simp_all [into, flatten]

-- [hard lemma]
theorem into_nil (t : Tree) : into t [] = flatten t := by
  simp [into_flatten]

-- [medium]
theorem counting_eq (t : Tree) (n : Nat) : counting t n = count t + n := by
  induction t generalizing n <;> simp_all [counting, count] <;> omega

-- [medium lemma]
theorem summed_flatten (t : Tree) : summed (flatten t) = total t := by
  have h (xs ys : List Nat) : summed (xs ++ ys) = summed xs + summed ys := by
    induction xs <;> simp_all [summed] ; omega
  induction t <;> simp_all [flatten, total, summed] ; omega

-- [easy]
theorem flatten_rightmost (t u : Tree) : flatten (rightmost t u) = flatten u ++ flatten t := by
  induction u <;> simp_all [rightmost, flatten]

-- [easy]
theorem rightmost_assoc (t u v : Tree) : rightmost (rightmost t u) v = rightmost t (rightmost u v) := by
  induction v <;> simp_all [rightmost]

-- [hard lemma]
theorem into_mirror (t : Tree) : into (mirror t) [] = (into t []).reverse := by
  simp [into_flatten, flatten_mirror]

-- [false: .node .leaf 0 (.node .leaf 1 .leaf)]
theorem mirror_same (t : Tree) : mirror t = t := sorry

-- [false: 0, .node .leaf 0 .leaf]
theorem depth_insert (a : Nat) (t : Tree) : depth (insert a t) = depth t := sorry

-- [false: .node (.node .leaf 0 .leaf) 0 (.node .leaf 0 .leaf)]
theorem count_le_depth (t : Tree) : count t ≤ depth t := sorry

-- [false: .node .leaf 1 (.node .leaf 0 .leaf)]
theorem build_flatten (t : Tree) : build (flatten t) = t := sorry

end Trees
