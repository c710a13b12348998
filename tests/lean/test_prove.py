"""Whole proofs with a real Lean: what must be found is found, and nothing of a search is left when it was cancelled."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from ghostproof.search.proof import Outcome
from ghostproof.search.prove import prove, strategies
from ghostproof.search.task import Task
from ghostproof.search.unfinished import holds
from ghostproof.syntax.missing import find_places
from ghostproof.syntax.spot import Spot, find_spot
from ghostproof.text import SourceText
from ghostproof.verify.probe_checker import ProbeChecker
from support.lean_texts import GREATEST, SORTING, UNDECIDED

pytestmark = pytest.mark.lean

LISTS = """
def app : List α → List α → List α
  | [], ys => ys
  | x :: xs, ys => x :: app xs ys
def turn : List α → List α
  | [] => []
  | x :: xs => app (turn xs) [x]
def onto : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => onto xs (x :: acc)
def sumOnto : List Nat → Nat → Nat
  | [], acc => acc
  | n :: ns, acc => sumOnto ns (acc + n)
"""
NUMBERS = """
inductive N where
  | z : N
  | s : N → N
def less : N → N → N
  | n, .z => n
  | .z, .s _ => .z
  | .s n, .s m => less n m
def leave (n : N) (xs : List α) : List α :=
  match n with
  | .z => xs
  | .s n => match xs with
    | [] => []
    | _ :: xs => leave n xs
"""
OWN_NUMBERS = """
inductive N where
  | z : N
  | s : N → N
def plus : N → N → N
  | .z, n => n
  | .s m, n => .s (plus m n)
def far : N → N → N
  | .z, n => n
  | .s m, .z => .s m
  | .s m, .s n => far m n
def le : N → N → Bool
  | .z, _ => true
  | .s _, .z => false
  | .s m, .s n => le m n
inductive Runs where
  | done : Runs
  | run : Bool → N → Runs → Runs
def again (b : Bool) : N → List Bool → List Bool
  | .z, bs => bs
  | .s n, bs => b :: again b n bs
def Runs.read : Runs → List Bool
  | .done => []
  | .run b n r => again b (.s n) r.read
def Runs.put (b : Bool) : Runs → Runs
  | .done => .run b .z .done
  | .run c n r => if b = c then .run c (.s n) r else .run b .z (.run c n r)
def runs : List Bool → Runs
  | [] => .done
  | b :: bs => (runs bs).put b
def Runs.tidy : Runs → Bool
  | .done => true
  | .run _ _ .done => true
  | .run b _ (.run c n r) => b != c && (Runs.run c n r).tidy
"""
PARITY = """
mutual
def evn : Nat → Bool
  | 0 => true
  | n + 1 => od n
def od : Nat → Bool
  | 0 => false
  | n + 1 => evn n
end
"""
ORDERED = """
inductive Ordered : List Nat → Prop
  | nil : Ordered []
  | one (n) : Ordered [n]
  | more (n m ms) : n ≤ m → Ordered (m :: ms) → Ordered (n :: m :: ms)
"""
ALGEBRA = """
class Half (M : Type) where
  op : M → M → M
  assoc : ∀ a b c, op (op a b) c = op a (op b c)
class Loop (M : Type) extends Half M where
  comm : ∀ a b, op a b = op b a
def gather [Half M] (z : M) : List M → M
  | [] => z
  | x :: xs => Half.op x (gather z xs)
def sweep [Half M] (z : M) : List M → M
  | [] => z
  | x :: xs => sweep (Half.op z x) xs
class Full (M : Type) extends Half M where
  unit : M
  unit_op : ∀ a, op unit a = a
  op_unit : ∀ a, op a unit = a
def total [Full M] : List M → M
  | [] => Full.unit
  | x :: xs => Half.op x (total xs)
inductive Shrub (α : Type) where
  | bare : Shrub α
  | twig : Shrub α → α → Shrub α → Shrub α
def Shrub.items : Shrub α → List α
  | .bare => []
  | .twig l x r => l.items ++ x :: r.items
def Shrub.total [Full α] : Shrub α → α
  | .bare => Full.unit
  | .twig l x r => Half.op l.total (Half.op x r.total)
structure Ring2 (α : Type) where
  mix : α → α → α
  flip : α → α
  flip_flip : ∀ a, a = flip (flip a)
  flip_mix : ∀ a b, flip (mix a b) = mix (flip b) (flip a)
structure Steady (f : α → α → α) : Prop where
  assoc : ∀ a b c, f (f a b) c = f a (f b c)
def run (f : α → α → α) (z : α) : List α → α
  | [] => z
  | x :: xs => f x (run f z xs)
"""
MEASURED = """
def digits (n : Nat) : List Nat :=
  if n = 0 then [] else n % 10 :: digits (n / 10)
termination_by n
def worth : List Nat → Nat
  | [] => 0
  | d :: ds => d + 10 * worth ds
def between (i n : Nat) : List Nat :=
  if i < n then i :: between (i + 1) n else []
termination_by n - i
"""
MACHINE = """
inductive Op
  | lit (n : Nat)
  | pop
  | swap
def step : Op → List Nat → Option (List Nat)
  | .lit n, s => some (n :: s)
  | .pop, _ :: s => some s
  | .swap, a :: b :: s => some (b :: a :: s)
  | _, _ => none
def run : List Op → List Nat → Option (List Nat)
  | [], s => some s
  | i :: is, s => (step i s).bind (run is)
"""
PAIRED = """
def twice : Nat → Nat
  | 0 => 0
  | n + 1 => twice n + 2
"""
LAMPS = """
inductive Lamp
  | off
  | pair (a b : Lamp)
inductive Dims : Lamp → Lamp → Prop
  | none : Dims (.pair .off .off) .off
  | left {a c : Lamp} (b : Lamp) : Dims a c → Dims (.pair a b) (.pair c b)
  | right {b c : Lamp} : Dims b c → Dims (.pair .off b) (.pair .off c)
"""
MIXED = """
inductive Mixed : List α → List α → Prop
  | nil : Mixed [] []
  | cons (x : α) {xs ys : List α} : Mixed xs ys → Mixed (x :: xs) (x :: ys)
  | swap (x y : α) (xs : List α) : Mixed (y :: x :: xs) (x :: y :: xs)
  | trans {xs ys zs : List α} : Mixed xs ys → Mixed ys zs → Mixed xs zs
"""
THREES = """
inductive Threes : Nat → Prop
  | none : Threes 0
  | more {n : Nat} (h : Threes n) : Threes (n + 3)
"""
FOLDS = """
def count (p : α → Bool) (xs : List α) : Nat := xs.foldl (fun n x => if p x then n + 1 else n) 0
def total (xs : List Nat) : Nat := Id.run do
  let mut sum := 0
  for x in xs do
    sum := sum + x
  return sum
def greatest (xs : List Nat) : Nat := xs.foldl max 0
"""
BITS = """
inductive Bits
  | nil
  | O (b : Bits)
  | I (b : Bits)
def Bits.val : Bits → Nat
  | nil => 0
  | O b => 2 * b.val
  | I b => 2 * b.val + 1
def Bits.inc : Bits → Bits
  | nil => I nil
  | O b => I b
  | I b => O b.inc
def Bits.add : Bits → Bits → Bits
  | nil, b => b
  | a, nil => a
  | O a, O b => O (a.add b)
  | O a, I b => I (a.add b)
  | I a, O b => I (a.add b)
  | I a, I b => O (a.add b).inc
"""
PROGRAMS = """
inductive Problem where
  | empty
  | young (age : Nat)
structure Form where
  name : String
  age : Nat
def ofAge (n : Nat) : Except Problem Nat :=
  if n < 18 then throw (.young n) else pure n
def checked (f : Form) : Except Problem Form := do
  if f.name.isEmpty then
    throw .empty
  let age ← ofAge f.age
  return { f with age := age }
def within (most a b : Nat) : Option Nat := do
  guard (a + b ≤ most)
  return a + b
"""
GAUSS = """
structure Z2 where
  re : Int
  im : Int
instance : Mul Z2 := ⟨fun z w => ⟨z.re * w.re - z.im * w.im, z.re * w.im + z.im * w.re⟩⟩
def norm (z : Z2) : Int := z.re * z.re + z.im * z.im
"""
STREAMS = """
def delta (was : Int) : List Int → List Int
  | [] => []
  | x :: xs => (x - was) :: delta x xs
def undelta (was : Int) : List Int → List Int
  | [] => []
  | d :: ds => (was + d) :: undelta (was + d) ds
def written (xs : List Int) := delta 0 xs
def read (ds : List Int) := undelta 0 ds
def tallies : List Nat → Nat → Nat → Nat × Nat
  | [], n, s => (n, s)
  | x :: xs, n, s => tallies xs (n + 1) (s + x)
def several : List Nat → Nat
  | [] => 0
  | _ :: xs => several xs + 1
def summed : List Nat → Nat
  | [] => 0
  | x :: xs => x + summed xs
"""
PARTS = """
inductive Part {α : Type} : List α → List α → Prop where
  | none : Part [] []
  | skip (y : α) {xs ys : List α} : Part xs ys → Part xs (y :: ys)
  | keep (x : α) {xs ys : List α} : Part xs ys → Part (x :: xs) (x :: ys)
"""
FOLDED = """
def crunch (f : β → α → β) (b : β) : List α → β
  | [] => b
  | x :: xs => crunch f (f b x) xs
def backward : List α → List α
  | [] => []
  | x :: xs => backward xs ++ [x]
"""
COUNTED = """
inductive Bag
  | none
  | some (l : Bag) (key count : Nat) (r : Bag)
def put (k : Nat) : Bag → Bag
  | .none => .some .none k 1 .none
  | .some l j c r =>
    if k < j then .some (put k l) j c r
    else if j < k then .some l j c (put k r) else .some l j (c + 1) r
def look (k : Nat) : Bag → Nat
  | .none => 0
  | .some l j c r => if k < j then look k l else if j < k then look k r else c
def fill : List Nat → Bag → Bag
  | [], b => b
  | x :: xs, b => fill xs (put x b)
def many (k : Nat) : List Nat → Nat
  | [] => 0
  | x :: xs => if x = k then many k xs + 1 else many k xs
"""
SEARCH_TREES = """
inductive Tree
  | nil
  | node (l : Tree) (k : Nat) (r : Tree)
def Tree.height : Tree → Nat
  | nil => 0
  | node l _ r => 1 + max l.height r.height
def Tree.size : Tree → Nat
  | nil => 0
  | node l _ r => l.size + 1 + r.size
def Tree.items : Tree → List Nat
  | nil => []
  | node l k r => l.items ++ k :: r.items
def Tree.put (n : Nat) : Tree → Tree
  | nil => node nil n nil
  | node l k r => if n < k then node (put n l) k r else node l k (put n r)
def among (n : Nat) : List Nat → Bool
  | [] => false
  | m :: ms => n == m || among n ms
"""
BOUNDED = """
def below (n : Nat) : List Nat → Bool
  | [] => true
  | m :: ms => decide (n ≤ m) && below n ms
def rising : List Nat → Bool
  | [] => true
  | n :: ns => below n ns && rising ns
def rotate : Nat → List α → List α
  | 0, xs => xs
  | _ + 1, [] => []
  | n + 1, x :: xs => rotate n (xs ++ [x])
"""
FORMS = """
inductive Form
  | atom (n : Nat)
  | neg (f : Form)
  | both (f g : Form)
  | either (f g : Form)
def Form.holds (v : Nat → Bool) : Form → Bool
  | atom n => v n
  | neg f => !f.holds v
  | both f g => f.holds v && g.holds v
  | either f g => f.holds v || g.holds v
def push : Bool → Form → Form
  | true, .atom n => .atom n
  | false, .atom n => .neg (.atom n)
  | b, .neg f => push (!b) f
  | true, .both f g => .both (push true f) (push true g)
  | false, .both f g => .either (push false f) (push false g)
  | true, .either f g => .either (push true f) (push true g)
  | false, .either f g => .both (push false f) (push false g)
"""
RANKS = """
inductive Mark
  | less
  | same
  | more
def Mark.flip : Mark → Mark
  | less => more
  | same => same
  | more => less
def rank : Nat → Nat → Mark
  | 0, 0 => .same
  | 0, _ + 1 => .less
  | _ + 1, 0 => .more
  | m + 1, n + 1 => rank m n
def ranks : List Nat → List Nat → Mark
  | [], [] => .same
  | [], _ :: _ => .less
  | _ :: _, [] => .more
  | m :: ms, n :: ns =>
    match rank m n with
    | .same => ranks ms ns
    | other => other
"""
TREE_SORT = """
inductive Bin
  | none
  | fork (l : Bin) (n : Nat) (r : Bin)
def Bin.hang (n : Nat) : Bin → Bin
  | none => fork none n none
  | fork l m r => if n ≤ m then fork (l.hang n) m r else fork l m (r.hang n)
def hung : List Nat → Bin
  | [] => .none
  | n :: ns => (hung ns).hang n
def between (n : Nat) : List Nat → List Nat → List Nat
  | [], ns => n :: ns
  | m :: ms, ns => m :: between n ms ns
def Bin.inOrder : Bin → List Nat
  | none => []
  | fork l n r => between n l.inOrder r.inOrder
def climbing : List Nat → Bool
  | [] => true
  | [_] => true
  | m :: n :: ns => m ≤ n && climbing (n :: ns)
"""
GIVEN = """
def leftwards {α : Type} (f : α → α → α) (a : α) : List α → α
  | [] => a
  | x :: xs => leftwards f (f a x) xs
def rightwards {α : Type} (f : α → α → α) (a : α) : List α → α
  | [] => a
  | x :: xs => f x (rightwards f a xs)
"""
WHEEL = """
inductive Unary
  | none
  | more (u : Unary)
inductive Light
  | red
  | green
  | amber
def Light.next : Light → Light
  | red => green
  | green => amber
  | amber => red
def join : Unary → Unary → Unary
  | .none, v => v
  | .more u, v => .more (join u v)
def rounds : Unary → Unary
  | .none => .none
  | .more u => .more (.more (.more (rounds u)))
def light : Unary → Light
  | .none => .red
  | .more u => (light u).next
"""
PARENS = """
inductive Shape
  | dot
  | pair (l r : Shape)
inductive Paren
  | opens
  | shuts
def written : Shape → List Paren
  | .dot => []
  | .pair l r => .opens :: (written l ++ .shuts :: written r)
def balanced : Nat → List Paren → Bool
  | 0, [] => true
  | _ + 1, [] => false
  | n, .opens :: ps => balanced (n + 1) ps
  | 0, .shuts :: _ => false
  | n + 1, .shuts :: ps => balanced n ps
"""
COUNTING = """
def down : Nat → List Nat
  | 0 => []
  | n + 1 => n :: down n
def upFrom : Nat → Nat → List Nat
  | _, 0 => []
  | a, n + 1 => a :: upFrom (a + 1) n
def deal : List Nat → List Nat × List Nat
  | [] => ([], [])
  | x :: xs => (x :: (deal xs).2, (deal xs).1)
def merged : List Nat → List Nat → List Nat
  | [], ys => ys
  | xs, [] => xs
  | x :: xs, y :: ys => if x ≤ y then x :: merged xs (y :: ys) else y :: merged (x :: xs) ys
termination_by xs ys => xs.length + ys.length
def times (a : Nat) : List Nat → Nat
  | [] => 0
  | x :: xs => if x = a then times a xs + 1 else times a xs
"""
MAPS = """
abbrev Table (β : Type) := List (Nat × β)
def put (k : Nat) (v : β) : Table β → Table β
  | [] => [(k, v)]
  | (j, w) :: m => if k = j then (k, v) :: m else (j, w) :: put k v m
inductive Star {α : Type} (R : α → α → Prop) : α → α → Prop
  | refl (a : α) : Star R a a
  | head {a b c : α} : R a b → Star R b c → Star R a c
inductive Even : Nat → Prop
  | zero : Even 0
  | step {n : Nat} : Even n → Even (n + 2)
def isEven : Nat → Bool
  | 0 => true
  | n + 1 => !isEven n
"""
MACHINES = """
inductive Op where
  | push : Int → Op
  | add : Op
def Op.step : Op → List Int → Except String (List Int)
  | .push n, s => .ok (n :: s)
  | .add, b :: a :: s => .ok ((a + b) :: s)
  | .add, _ => .error "underflow"
def exec : List Op → List Int → Except String (List Int)
  | [], s => pure s
  | o :: os, s => do exec os (← o.step s)
inductive Term where
  | num : Int → Term
  | add : Term → Term → Term
def Term.value : Term → Int
  | .num n => n
  | .add a b => a.value + b.value
def Term.code : Term → List Op
  | .num n => [.push n]
  | .add a b => a.code ++ b.code ++ [.add]
def collect (p : α → Bool) (xs : List α) : Array α := go xs #[]
where
  go : List α → Array α → Array α
    | [], out => out
    | x :: xs, out => go xs (if p x then out.push x else out)
def bits (n : Nat) : List Bool :=
  if n = 0 then [] else (n % 2 == 1) :: bits (n / 2)
termination_by n
def value : List Bool → Nat
  | [] => 0
  | b :: bs => b.toNat + 2 * value bs
"""
WOVEN = """
mutual
inductive Plant (α : Type) where
  | grown (bed : Bed α) (label : α)
inductive Bed (α : Type) where
  | bare
  | planted (rest : Bed α) (p : Plant α)
end
def Bed.sow : Bed α → Plant α → Bed α
  | .bare, p => .planted .bare p
  | .planted b q, p => .planted (b.sow p) q
mutual
def Plant.mirror : Plant α → Plant α
  | .grown b x => .grown b.mirror x
def Bed.mirror : Bed α → Bed α
  | .bare => .bare
  | .planted b p => b.mirror.sow p.mirror
end
mutual
inductive Calm where
  | still
  | after (l : Loud)
inductive Loud where
  | shout (c : Calm)
end
mutual
def Calm.beats : Calm → Nat
  | .still => 0
  | .after l => l.beats + 1
def Loud.beats : Loud → Nat
  | .shout c => c.beats + 1
end
"""
CHAINS = """
inductive Chain (α : Type) where
  | stop
  | link (x : α) (c : Chain α)
def Chain.join : Chain α → Chain α → Chain α
  | .stop, d => d
  | .link x c, d => .link x (c.join d)
inductive Term where
  | num (n : Nat)
  | add (a b : Term)
def Term.value : Term → Nat
  | .num n => n
  | .add a b => a.value + b.value
inductive Code where
  | push (n : Nat)
  | add
def work : Code → Chain Nat → Chain Nat
  | .push n, s => .link n s
  | .add, .link b (.link a s) => .link (a + b) s
  | .add, s => s
def run : Chain Code → Chain Nat → Chain Nat
  | .stop, s => s
  | .link c cs, s => run cs (work c s)
def Term.code : Term → Chain Code
  | .num n => .link (.push n) .stop
  | .add a b => a.code.join (b.code.join (.link .add .stop))
"""
PROVED = {
    "what a machine goes on with, in lists of one's own": CHAINS
    + "theorem t (e : Term) : run e.code .stop = .link e.value .stop := by\n  sorry\n",
    "a lemma about one of two types": WOVEN
    + "theorem t (p : Plant α) : p.mirror.mirror = p := by\n  sorry\n",
    "what the other type is said to be": WOVEN
    + PARITY
    + "theorem t (c : Calm) : evn c.beats = true := by\n  sorry\n",
    "a program that may fail": MACHINES
    + "theorem t (e : Term) (s : List Int) : exec e.code s = .ok (e.value :: s) := by\n  sorry\n",
    "an array that is filled": MACHINES
    + "theorem t (p : α → Bool) (xs : List α) : (collect p xs).toList = xs.filter p := by\n  sorry\n",
    "what a bit is worth": MACHINES + "theorem t (n : Nat) : value (bits n) = n := by\n  sorry\n",
    "a type by another name": MAPS
    + "theorem t (k : Nat) (v w : β) (m : Table β) : put k w (put k v m) = put k w m := by\n  sorry\n",
    "a path from its other end": MAPS
    + "theorem t (R : α → α → Prop) (hR : ∀ a b, R a b → R b a) (a b : α) (h : Star R a b) :\n"
    + "    Star R b a := by\n  sorry\n",
    "rules that go on by two": MAPS + "theorem t (n : Nat) : Even n ↔ isEven n = true := by\n  sorry\n",
    "easy": "theorem t (p q : Prop) (hp : p) (hq : q) : q ∧ p := by\n  sorry\n",
    "a term": "theorem t (a b : Nat) : a + b = b + a := sorry\n",
    "induction": LISTS + "theorem t (xs : List α) : app xs [] = xs := by\n  sorry\n",
    "what another function writes": PARENS
    + "theorem t (s : Shape) : balanced 0 (written s) = true := by\n  sorry\n",
    "the other end of a list": COUNTING
    + "theorem t (n : Nat) : (upFrom 0 n).reverse = down n := by\n  sorry\n",
    "both sides of what is split": COUNTING
    + "theorem t (a : Nat) (xs : List Nat) :\n"
    + "    times a (merged (deal xs).1 (deal xs).2) = times a xs := by\n  sorry\n",
    "three variables": LISTS + "theorem t (a b c : List α) : app (app a b) c = app a (app b c) := by\n  sorry\n",
    "an accumulator": LISTS + "theorem t (xs : List Nat) (a : Nat) : sumOnto xs a = a + sumOnto xs 0 := by\n  sorry\n",
    "a lemma about what is turned": LISTS + "theorem t (xs : List α) : onto (onto xs []) [] = xs := by\n  sorry\n",
    "lemmas one on the other": LISTS
    + "theorem t (a b : List α) : turn (app a b) = app (turn b) (turn a) := by\n  sorry\n",
    "a choice of the library": GREATEST + "theorem t (xs : List Nat) : mostTo xs 0 = most xs := by\n  sorry\n",
    "numbers of one's own": OWN_NUMBERS
    + "theorem t (a b c : N) : le (far a c) (plus (far a b) (far b c)) = true := by\n  sorry\n",
    "an induction in a case, and a split": OWN_NUMBERS
    + "theorem t (r : Runs) (h : r.tidy = true) : runs r.read = r := by\n  sorry\n",
    "matched on together": NUMBERS + "theorem t (a b c : N) : less (less a b) c = less (less a c) b := by\n  sorry\n",
    "a match in a match": NUMBERS
    + "theorem t (f : α → β) (n : N) (xs : List α) : leave n (xs.map f) = (leave n xs).map f := by\n  sorry\n",
    "what a step keeps": SORTING + ORDERED + "theorem t (ns : List Nat) : Ordered (sort ns) := by\n  sorry\n",
    "laws of a class": ALGEBRA
    + "theorem t [Loop M] (z : M) (xs ys : List M) :\n    "
    "Half.op (gather z xs) (gather z ys) = Half.op (gather z (xs ++ ys)) z := by\n  sorry\n",
    "what equations mean in a monoid": ALGEBRA
    + "theorem t [Full M] (a b c : M) (h : Half.op b a = Full.unit) (k : Half.op a c = Full.unit) :\n    "
    "b = c := by\n  sorry\n",
    "laws of a structure": ALGEBRA
    + "theorem t (r : Ring2 α) (a b : α) : r.flip (r.mix (r.flip a) (r.flip b)) = r.mix b a := by\n  sorry\n",
    "laws of a predicate": ALGEBRA
    + "theorem t (f : α → α → α) (h : Steady f) (z w : α) (xs : List α) :\n    "
    "f (run f z xs) w = run f (f z w) xs := by\n  sorry\n",
    "an accumulator of a class": ALGEBRA
    + "theorem t [Full M] (xs : List M) : sweep Full.unit xs = total xs := by\n  sorry\n",
    "what a class's operations make of a list": ALGEBRA
    + "theorem t [Full M] (t : Shrub M) : t.total = total t.items := by\n  sorry\n",
    "a recursion that chooses": MEASURED + "theorem t (n : Nat) : worth (digits n) = n := by\n  sorry\n",
    "a recursion that counts up": MEASURED
    + "theorem t (i n k : Nat) : k ∈ between i n ↔ i ≤ k ∧ k < n := by\n  sorry\n",
    "what a bind waits for": MACHINE + (
        "theorem t (p q : List Op) (s : List Nat) : run (p ++ q) s = (run p s).bind (run q) := by\n  sorry\n"
    ),
    "what an assumption says to exist": PAIRED
    + "theorem t (n : Nat) : ∃ m, n = twice m ∨ n = twice m + 1 := by\n  sorry\n",
    "a step that is always possible": LAMPS
    + "theorem t (a : Lamp) : a = .off ∨ ∃ b, Dims a b := by\n  sorry\n",
    "what is put related to what was there": SORTING + MIXED
    + "theorem t (ns : List Nat) : Mixed (sort ns) ns := by\n  sorry\n",
    "a rule that takes something unsaid": THREES + "theorem t (n : Nat) : Threes n ↔ ∃ k, n = 3 * k := by\n  sorry\n",
    "a fold behind a name": FOLDS
    + "theorem t (p : α → Bool) (xs ys : List α) : count p (xs ++ ys) = count p xs + count p ys := by\n  sorry\n",
    "a loop behind a name": FOLDS + "theorem t (xs : List Nat) : total xs = xs.sum := by\n  sorry\n",
    "a claim of a fold": FOLDS + "theorem t (x : Nat) (xs : List Nat) (h : x ∈ xs) : x ≤ greatest xs := by\n  sorry\n",
    "arithmetic behind a split": BITS + "theorem t (a b : Bits) : (a.add b).val = a.val + b.val := by\n  sorry\n",
    "a program that throws": PROGRAMS
    + "theorem t (f g : Form) (h : checked f = .ok g) : g = f ∧ 18 ≤ f.age := by\n  sorry\n",
    "a program with a guard": PROGRAMS
    + "theorem t (m a b r : Nat) : within m a b = some r ↔ a + b ≤ m ∧ r = a + b := by\n  sorry\n",
    "an operator with its meaning in place": GAUSS
    + "theorem t (z w : Z2) : norm (z * w) = norm z * norm w := by\n  sorry\n",
    "what moves on together": STREAMS + "theorem t (xs : List Int) : read (written xs) = xs := by\n  sorry\n",
    "accumulators of a pair": STREAMS
    + "theorem t (xs : List Nat) : tallies xs 0 0 = (several xs, summed xs) := by\n  sorry\n",
    "what is related has a size": PARTS
    + "theorem t (xs ys : List α) (h : Part xs ys) (k : Part ys xs) : xs = ys := by\n  sorry\n",
    "what a hypothesis says of a function": FOLDED
    + "theorem t (f : β → α → β) (h : ∀ b x y, f (f b x) y = f (f b y) x) (b : β) (xs : List α) :\n    "
    "crunch f b (backward xs) = crunch f b xs := by\n  sorry\n",
    "what is counted under a key": COUNTED
    + "theorem t (k : Nat) (xs : List Nat) : look k (fill xs .none) = many k xs := by\n  sorry\n",
    "powers of heights": SEARCH_TREES + "theorem t (t : Tree) : t.size < 2 ^ t.height := by\n  sorry\n",
    "what is put into a tree is among its items": SEARCH_TREES
    + "theorem t (n m : Nat) (t : Tree) (h : n ≠ m) :\n    "
    "among n (t.put m).items = among n t.items := by\n  sorry\n",
    "bounds of what is put in": SORTING
    + BOUNDED
    + "theorem t (ns : List Nat) : rising (sort ns) = true := by\n  sorry\n",
    "the library's length beside it": BOUNDED
    + "theorem t (xs : List α) : rotate xs.length xs = xs := by\n  sorry\n",
    "a constant that is looked at": FORMS
    + "theorem t (v : Nat → Bool) (f : Form) : (push true f).holds v = f.holds v := by\n  sorry\n",
    "the same of elements": RANKS
    + "theorem t (ms ns : List Nat) : (ranks ms ns).flip = ranks ns ms := by\n  sorry\n",
    "a tree that sorts": TREE_SORT + "theorem t (ns : List Nat) : climbing (hung ns).inOrder = true := by\n  sorry\n",
    "an operation that a theorem is given": GIVEN
    + "theorem t {α : Type} (f : α → α → α) (e : α) (assoc : ∀ a b c, f (f a b) c = f a (f b c))\n    "
    "(left : ∀ a, f e a = a) (right : ∀ a, f a e = a) (xs : List α) :\n    "
    "leftwards f e xs = rightwards f e xs := by\n  sorry\n",
    "an induction in a case": WHEEL + "theorem t (u v : Unary) : light (join u (rounds v)) = light u := by\n  sorry\n",
    "mutual": PARITY + "theorem t (n : Nat) : evn n = !od n := by\n  sorry\n",
}  # fmt: skip
# Each has its cursor where a person would point.
PLACES = {
    "a field": (
        "class C (α : Type) where\n  op : α → α → α\n  comm : ∀ x y, op x y = op y x\n"
        "instance : C Nat where\n  op := (· + ·)\n  comm x y := ‸sorry\n"
    ),
    "what stands below": LISTS + "theorem t (xs : List α) : app xs [] = xs ∧ True := ⟨go xs, trivial⟩\nwhere\n"
    "  go : ∀ xs : List α, app xs [] = xs := by\n    ‸sorry\n",
    "that it ends": (
        "def t (n : Nat) : Nat := if h : n = 0 then 0 else t (n / 2)\ntermination_by n\ndecreasing_by ‸sorry\n"
    ),
    "an example": "example (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  ‸sorry\n",
    "one of two terms": "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := ⟨by sorry, ‸sorry⟩\n",
    "a block in a term": "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q :=\n  And.intro hp (by\n    ‸sorry)\n",
    "below an error": "theorem wrong : 1 = 2 := by simp\n\ntheorem t (a b : Nat) : a + b = b + a := by\n  ‸sorry\n",
    "in a mutual block": (
        "mutual\ntheorem s (n : Nat) : n + 0 = n := by\n  simp\ntheorem t (n : Nat) : 0 + n = n := by\n  ‸sorry\nend\n"
    ),
    "with variables of a section": (
        "namespace A\nsection\nvariable (n : Nat) {p : Prop} (hp : p)\ninclude hp in\n"
        "theorem t : p ∧ n = n := by\n  ‸sorry\nend\nend A\n"
    ),
    "half done": "theorem ‸t (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor\n  · exact hp\n",
    "an arm": "theorem t : ∀ n : Nat, 0 + n = n\n  | 0 => ‸sorry\n  | n + 1 => by simp\n",
    "a step of a chain": (
        "theorem t (a b c : Nat) (h : a = b) (g : b = c) : a = c := calc\n  a = b := h\n  _ = c := ‸sorry\n"
    ),
    "alternatives left of their block": (
        "theorem t (p q : Prop) (h : p ∨ q) : q ∨ p := by cases h with\n"
        "  | inl h =>\n    right\n    exact ‸sorry\n  | inr h => exact Or.inl h\n"
    ),
    "behind a sequence": "theorem t (p q : Prop) (hp : p) (hq : q) : q ∧ p := by\n  constructor <;> ‸sorry\n",
    "every goal": "theorem t (p q : Prop) (hp : p) (hq : q) : q ∧ p := by\n  constructor\n  all_goals ‸sorry\n",
    "given up by another name": "theorem t (p q : Prop) (hp : p) (hq : q) : q ∧ p := by\n  ‸admit\n",
    "the first of two goals": (
        "theorem t (p q : Prop) (hp : p) (hq : q) : q ∧ p := by\n  constructor\n  ‸sorry\n  sorry\n"
    ),
    "the first of two goals on one line": (
        "theorem t (p q : Prop) (hp : p) (hq : q) : q ∧ p := by constructor; ‸sorry; sorry\n"
    ),
    "the last of two goals on one line": (
        "theorem t (p q : Prop) (hp : p) (hq : q) : q ∧ p := by\n  constructor; exact hq; ‸sorry\n"
    ),
    "an argument": "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := And.intro ‸sorry hq\n",
    "an argument in a tactic": "theorem t (p q : Prop) (h : q ∧ p) : p ∧ q := by\n  exact And.intro h.2 ‸sorry\n",
    "an argument of a constructor": "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := .intro ‸sorry hq\n",
    "an arm before another one": "theorem t : ∀ n : Nat, 0 + n = n | 0 => ‸sorry | n + 1 => by simp\n",
    "a branch": "theorem t (n : Nat) : n + 0 = n := if h : n = 0 then ‸sorry else by simp\n",
    "what is rewritten": "theorem t (a b : Nat) (h : a = b) (k : b < 3) : a < 3 := h ▸ ‸sorry\n",
    "what a `let` is for": "theorem t (a b : Nat) : a + b = b + a := have h := a.add_comm b; ‸sorry\n",
    "no line end": "theorem t (a b : Nat) : a + b = b + a := by\n  ‸sorry",
}
# There a hypothesis is the answer.
TERMS = {
    "of a theorem": "theorem t (p q : Prop) (h : p) (k : q) : q := ‸sorry\n",
    "of an example": "example (p q : Prop) (h : p) (k : q) : q := ‸sorry\n",
    "of an example in a namespace": "namespace A\nopen Nat in\nexample (p : Prop) (k : p) : p := ‸sorry\n",
}
# Nothing can be proved there, and what the person hears of it.
NO_PROOF = {
    "a value": ("def t (n : Nat) : Nat := ‸sorry\n", "a value", ""),
    "a field that is a value": ("instance : Inhabited Nat where\n  default := ‸sorry\n", "a value", ""),
    "a statement that is unfinished": (
        "theorem t (n : Nat) : n = sorry := by\n  ‸sorry\n",
        "in the statement",
        "Complete the statement",
    ),
    "a statement with an error": (
        "set_option autoImplicit false\ntheorem t (n : Nat) : n = nothing := by\n  ‸sorry\n",
        "in the statement",
        "Line 2 has an error",
    ),
}
FALSE = LISTS + "theorem t (xs ys : List Nat) : app xs ys = app ys xs := by\n  sorry\n"
OPEN = LISTS + UNDECIDED
# A search ends by itself when it has a proof; a loaded machine may need long for that.
BUDGET_S = 300.0
HEARTBEATS = 200_000


def hole(text: str) -> Spot:
    found = find_spot(SourceText(text), text.index("sorry"))
    assert found is not None
    return found


async def proved(probe: ProbeChecker, folder: Path, text: str) -> Outcome:
    return await prove(Task(probe, folder / "Prove.lean", text, BUDGET_S, HEARTBEATS), [hole(text)])


@pytest.mark.parametrize("name", PROVED)
async def test_what_must_be_proved(probe: ProbeChecker, tmp_path: Path, name: str) -> None:
    outcome = await proved(probe, tmp_path, PROVED[name])
    assert outcome.error is None
    assert outcome.proof is not None, outcome.why_none
    whole = outcome.proof.put_into(PROVED[name])
    assert "sorry" not in whole
    assert "✝" not in whole
    assert max(map(len, whole.split("\n"))) <= 100


@pytest.mark.parametrize("name", NO_PROOF)
async def test_where_nothing_can_be_proved_nothing_is_tried(probe: ProbeChecker, tmp_path: Path, name: str) -> None:
    marked, says, cure = NO_PROOF[name]
    text = marked.replace("‸", "")
    spots = find_places(SourceText(text), marked.index("‸"))
    outcome = await prove(Task(probe, tmp_path / "Prove.lean", text, BUDGET_S, HEARTBEATS), spots)
    assert outcome.tried == 0
    assert says in outcome.why_none
    assert cure in outcome.cure


@pytest.mark.parametrize("name", PLACES)
async def test_places_that_are_none_of_the_usual(probe: ProbeChecker, tmp_path: Path, name: str) -> None:
    text = PLACES[name].replace("‸", "")
    spots = find_places(SourceText(text), PLACES[name].index("‸"))
    outcome = await prove(Task(probe, tmp_path / "Prove.lean", text, BUDGET_S, HEARTBEATS), spots)
    assert outcome.error is None
    assert outcome.proof is not None, outcome.why_none
    whole = outcome.proof.put_into(text)
    assert whole.count("sorry") == max(0, text.count("sorry") - 1)
    spot = outcome.proof.spot
    assert (whole[: spot.start], whole[len(whole) - len(text) + spot.end :]) == (text[: spot.start], text[spot.end :])


@pytest.mark.parametrize("name", TERMS)
async def test_a_hypothesis_is_put_in_as_a_term(probe: ProbeChecker, tmp_path: Path, name: str) -> None:
    text = TERMS[name].replace("‸", "")
    spots = find_places(SourceText(text), TERMS[name].index("‸"))
    outcome = await prove(Task(probe, tmp_path / "Prove.lean", text, BUDGET_S, HEARTBEATS), spots)
    assert outcome.proof is not None, outcome.why_none
    assert outcome.proof.put_into(text) == text.replace("sorry", "k")


async def test_what_is_false_is_told_with_what_refutes_it(probe: ProbeChecker, tmp_path: Path) -> None:
    outcome = await proved(probe, tmp_path, FALSE)
    assert outcome.proof is None
    assert outcome.refuted is not None, outcome.why_none
    assert {name for name, _ in outcome.refuted.values} == {"xs", "ys"}


HALF = "opaque p : Prop\ntheorem t (n : Nat) : (n + 0 = n ∧ p) ∧ n = n + 0 := by\n  sorry\n\ntheorem s : p := sorry\n"
# Without these all is tried soon.
OTHERS = frozenset(each.name for each in strategies()) - {"automation"}


async def test_what_is_proved_of_it_holds_in_place(probe: ProbeChecker, tmp_path: Path) -> None:
    path = tmp_path / "Prove.lean"
    outcome = await prove(Task(probe, path, HALF, BUDGET_S, HEARTBEATS, without=OTHERS), [hole(HALF)])
    assert outcome.proof is None
    part = outcome.unfinished
    assert part is not None
    assert [goal.rpartition("⊢ ")[2] for goal in part.left] == ["p"]
    assert part.text.count("sorry") == 1
    assert await holds(probe, path, HALF, part)
    wrong = replace(part, text=part.text.replace("sorry", "exact gone\n  sorry"))
    assert not await holds(probe, path, HALF, wrong)


async def test_where_a_definition_has_an_error_that_is_told(probe: ProbeChecker, tmp_path: Path) -> None:
    text = "def f (n : Nat) : Nat := n + missing\ntheorem t (n : Nat) : f n = n := by\n  sorry\n"
    outcome = await prove(
        Task(probe, tmp_path / "Prove.lean", text, BUDGET_S, HEARTBEATS, without=OTHERS), [hole(text)]
    )
    assert outcome.proof is None
    assert outcome.cure.startswith("Little is known of `f` while there is an error or a `sorry` in it. ")
    assert "The first error above is in line 1: " in outcome.cure
    assert "missing" in outcome.cure


async def test_a_cancelled_search_leaves_nothing(probe: ProbeChecker, tmp_path: Path) -> None:
    trying = asyncio.Event()

    def told(outcome: Outcome) -> None:
        if outcome.tried:
            trying.set()

    before = asyncio.all_tasks()
    search = asyncio.create_task(
        prove(Task(probe, tmp_path / "Prove.lean", OPEN, BUDGET_S, HEARTBEATS, report=told), [hole(OPEN)])
    )
    await asyncio.wait_for(trying.wait(), BUDGET_S)
    search.cancel()
    with pytest.raises(asyncio.CancelledError):
        await search
    pid = probe.session.pid
    # Lean's threads are free for others: the process that was used goes on to answer.
    outcome = await proved(probe, tmp_path, PROVED["easy"])
    assert outcome.proof is not None
    assert probe.session.pid == pid
    # What was abandoned is seen to stop, which can take Lean longer than the proof did.
    process = probe.session.living
    assert process is not None
    await process.settled()
    assert asyncio.all_tasks() <= before
