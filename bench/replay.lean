/-!
Expressions, a stack machine, and sorted lists.

The file that `bench/replay.py` types and edits. Only Lean's own library is imported.
-/

open Nat

namespace Replay

/-! ## Lists -/

variable {α β : Type}

noncomputable def rev : List α → List α
  | [] => []
  | x :: xs => rev xs ++ [x]

def revOnto : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => revOnto xs (x :: acc)

theorem rev_append (xs ys : List α) : rev (xs ++ ys) = rev ys ++ rev xs := by
  induction xs with
  | nil => simp [rev]
  | cons x xs ih =>
    simp only [List.cons_append, rev]
    rw [ih]
    simp

theorem rev_rev (xs : List α) : rev (rev xs) = xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    simp only [rev]
    rw [rev_append, ih]
    simp [rev]

theorem rev_length (xs : List α) : (rev xs).length = xs.length := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    simp only [rev, List.length_append, List.length_cons, List.length_nil]
    omega

theorem revOnto_eq (xs acc : List α) : revOnto xs acc = rev xs ++ acc := by
  induction xs generalizing acc with
  | nil => simp [revOnto, rev]
  | cons x xs ih =>
    simp only [revOnto, rev]
    rw [ih]
    simp

theorem mem_rev (x : α) (xs : List α) : x ∈ rev xs ↔ x ∈ xs := by
  induction xs with
  | nil => simp [rev]
  | cons y xs ih =>
    simp only [rev, List.mem_append, List.mem_cons, ih]
    constructor
    · intro h
      rcases h with h | h
      · exact Or.inr h
      · simp at h
        exact Or.inl h
    · intro h
      rcases h with h | h
      · right
        simp [h]
      · left
        exact h

def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs

theorem total_append (xs ys : List Nat) : total (xs ++ ys) = total xs + total ys := by
  induction xs with
  | nil => simp [total]
  | cons x xs ih =>
    simp only [List.cons_append, total]
    rw [ih]
    omega

theorem total_rev (xs : List Nat) : total (rev xs) = total xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    simp only [rev, total]
    rw [total_append, ih]
    simp only [total]
    omega

theorem le_total (x : Nat) (xs : List Nat) (h : x ∈ xs) : x ≤ total xs := by
  induction xs with
  | nil => simp at h
  | cons y ys ih =>
    simp only [total]
    rcases List.mem_cons.mp h with h | h
    · omega
    · have := ih h
      omega

/-! ## Trees -/

inductive Tree (α : Type) where
  | leaf : Tree α
  | node (left : Tree α) (value : α) (right : Tree α) : Tree α

namespace Tree

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

theorem mirror_mirror (t : Tree α) : t.mirror.mirror = t := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr =>
    simp only [mirror]
    rw [ihl, ihr]

theorem size_mirror (t : Tree α) : t.mirror.size = t.size := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr =>
    simp only [mirror, size]
    omega

theorem depth_le_size (t : Tree α) : t.depth ≤ t.size := by
  induction t with
  | leaf => simp [depth]
  | node l x r ihl ihr =>
    simp only [depth, size]
    omega

theorem length_toList (t : Tree α) : t.toList.length = t.size := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr =>
    simp only [toList, size, List.length_append, List.length_cons]
    omega

theorem toList_mirror (t : Tree α) : t.mirror.toList = rev t.toList := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr =>
    simp only [mirror, toList]
    rw [ihl, ihr, rev_append]
    simp [rev]

theorem map_map (f g : α → α) (t : Tree α) : (t.map f).map g = t.map (fun x => g (f x)) := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr =>
    simp only [map]
    rw [ihl, ihr]

theorem size_map (f : α → β) (t : Tree α) : (t.map f).size = t.size := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr =>
    simp only [map, size]
    rw [ihl, ihr]

end Tree

/-! ## Expressions and a stack machine -/

inductive Expr where
  | num (n : Nat)
  | add (a b : Expr)
  | mul (a b : Expr)

inductive Instr where
  | push (n : Nat)
  | add
  | mul

namespace Expr

def eval : Expr → Nat
  | num n => n
  | add a b => a.eval + b.eval
  | mul a b => a.eval * b.eval

noncomputable def compile : Expr → List Instr
  | num n => [Instr.push n]
  | add a b => a.compile ++ b.compile ++ [Instr.add]
  | mul a b => a.compile ++ b.compile ++ [Instr.mul]

def simplify : Expr → Expr
  | num n => num n
  | add a b =>
    match a.simplify, b.simplify with
    | num 0, e => e
    | e, num 0 => e
    | x, y => add x y
  | mul a b => mul a.simplify b.simplify

end Expr

def step : Instr → List Nat → List Nat
  | Instr.push n, s => n :: s
  | Instr.add, x :: y :: s => (y + x) :: s
  | Instr.mul, x :: y :: s => (y * x) :: s
  | _, s => s

def run : List Instr → List Nat → List Nat
  | [], s => s
  | i :: is, s => run is (step i s)

theorem run_append (p q : List Instr) (s : List Nat) : run (p ++ q) s = run q (run p s) := by
  induction p generalizing s with
  | nil => rfl
  | cons i p ih =>
    simp only [List.cons_append, run]
    rw [ih]

theorem run_compile (e : Expr) (s : List Nat) : run e.compile s = e.eval :: s := by
  induction e generalizing s with
  | num n => rfl
  | add a b iha ihb =>
    simp only [Expr.compile]
    rw [run_append, run_append, iha, ihb]
    rfl
  | mul a b iha ihb =>
    simp only [Expr.compile]
    rw [run_append, run_append, iha, ihb]
    rfl

theorem compile_ne_nil (e : Expr) : e.compile ≠ [] := by
  cases e with
  | num n => simp [Expr.compile]
  | add a b => simp [Expr.compile]
  | mul a b => simp [Expr.compile]

/-! ## Sorted lists -/

def insertSorted (x : Nat) : List Nat → List Nat
  | [] => [x]
  | y :: ys => if x ≤ y then x :: y :: ys else y :: insertSorted x ys

def sort : List Nat → List Nat
  | [] => []
  | x :: xs => insertSorted x (sort xs)

theorem insertSorted_length (x : Nat) (xs : List Nat) : (insertSorted x xs).length = xs.length + 1 := by
  induction xs with
  | nil => rfl
  | cons y ys ih =>
    simp only [insertSorted]
    split
    · simp
    · simp [ih]

theorem sort_length (xs : List Nat) : (sort xs).length = xs.length := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    simp only [sort]
    rw [insertSorted_length, ih]
    simp

theorem total_insertSorted (x : Nat) (xs : List Nat) : total (insertSorted x xs) = x + total xs := by
  induction xs with
  | nil => rfl
  | cons y ys ih =>
    simp only [insertSorted]
    split
    · rfl
    · simp only [total]
      rw [ih]
      omega

theorem total_sort (xs : List Nat) : total (sort xs) = total xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    simp only [sort, total]
    rw [total_insertSorted, ih]

theorem mem_insertSorted (x y : Nat) (xs : List Nat) : y ∈ insertSorted x xs ↔ y = x ∨ y ∈ xs := by
  induction xs with
  | nil => simp [insertSorted]
  | cons z zs ih =>
    simp only [insertSorted]
    split
    · simp
    · simp only [List.mem_cons, ih]
      constructor
      · intro h
        rcases h with h | h | h
        · exact Or.inr (Or.inl h)
        · exact Or.inl h
        · exact Or.inr (Or.inr h)
      · intro h
        rcases h with h | h | h
        · exact Or.inr (Or.inl h)
        · exact Or.inl h
        · exact Or.inr (Or.inr h)

/-! ## Logic and arithmetic -/

theorem distrib (p q r : Prop) : p ∧ (q ∨ r) ↔ (p ∧ q) ∨ (p ∧ r) := by
  constructor
  · intro h
    obtain ⟨hp, hq | hr⟩ := h
    · exact Or.inl ⟨hp, hq⟩
    · exact Or.inr ⟨hp, hr⟩
  · intro h
    rcases h with ⟨hp, hq⟩ | ⟨hp, hr⟩
    · exact ⟨hp, Or.inl hq⟩
    · exact ⟨hp, Or.inr hr⟩

theorem between (a b c : Nat) (h : a < b) (h' : b < c) : a + 2 ≤ c := by
  have step : a + 1 ≤ b := h
  calc a + 2 ≤ b + 1 := by omega
    _ ≤ c := h'

theorem double_sum (f : Nat → Nat) (hf : ∀ n, f (n + 1) = f n + 2) (n : Nat) : f n = f 0 + 2 * n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [hf, ih]
    omega

end Replay
