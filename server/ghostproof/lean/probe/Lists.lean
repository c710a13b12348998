import Lean

/-! Lists by explicit recursion.

A Lean whose library has only exported-level `.olean` files can't compile code into which the compiler inlines private
helpers of library loops (`for`, `List.map`, `Array.foldl`, …); the other parts loop with these. -/

open Lean Elab Meta

namespace Ghostproof

def lmap {α β : Type} (f : α → β) : List α → List β
  | [] => []
  | x :: xs => f x :: lmap f xs

def lmapM {α β : Type} (f : α → MetaM β) : List α → MetaM (List β)
  | [] => pure []
  | x :: xs => do let y ← f x; let ys ← lmapM f xs; pure (y :: ys)

def lmapIO {α β : Type} (f : α → BaseIO β) : List α → BaseIO (List β)
  | [] => pure []
  | x :: xs => do let y ← f x; let ys ← lmapIO f xs; pure (y :: ys)

def lfilter {α : Type} (f : α → Bool) : List α → List α
  | [] => []
  | x :: xs => if f x then x :: lfilter f xs else lfilter f xs

def lany {α : Type} (f : α → Bool) : List α → Bool
  | [] => false
  | x :: xs => f x || lany f xs

def lfind {α : Type} (f : α → Bool) : List α → Option α
  | [] => none
  | x :: xs => if f x then some x else lfind f xs

def lfindSome {α β : Type} (f : α → Option β) : List α → Option β
  | [] => none
  | x :: xs => match f x with
    | some y => some y
    | none => lfindSome f xs

def ltake {α : Type} : Nat → List α → List α
  | 0, _ => []
  | _, [] => []
  | n + 1, x :: xs => x :: ltake n xs

def lrev {α : Type} : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => lrev xs (x :: acc)

def lapp {α : Type} : List α → List α → List α
  | [], ys => ys
  | x :: xs, ys => x :: lapp xs ys

def lzip {α β : Type} : List α → List β → List (α × β)
  | x :: xs, y :: ys => (x, y) :: lzip xs ys
  | _, _ => []

def lhas (n : String) (l : List String) : Bool := lany (fun x => x == n) l

mutual
partial def nodeList {α : Type} : PersistentArrayNode α → List α
  | .leaf a => a.toList
  | .node cs => nodesList cs.toList
partial def nodesList {α : Type} : List (PersistentArrayNode α) → List α
  | [] => []
  | n :: r => lapp (nodeList n) (nodesList r)
end

def plist {α : Type} (p : PersistentArray α) : List α := lapp (nodeList p.root) p.tail.toList

def llen {α : Type} : List α → Nat → Nat
  | [], n => n
  | _ :: xs, n => llen xs (n + 1)

def ldrop {α : Type} : Nat → List α → List α
  | 0, l => l
  | _, [] => []
  | n + 1, _ :: xs => ldrop n xs

def lastN {α : Type} (n : Nat) (l : List α) : List α := ldrop (llen l 0 - n) l

def lprefix (s : String) (l : List String) : Bool := lany (fun p => s.startsWith p) l

end Ghostproof
