"""Lean texts that several files of tests speak about."""

# Lists of numbers, appended.
APP = """\
def app : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, ys => x :: app xs ys
"""
# Below an `app`. Nobody can say whether it is true.
UNDECIDED = """\
opaque odd : List Nat → List Nat
theorem t (a b : List Nat) : app a (odd b) = app (odd b) a := by
  sorry
"""
# The greatest number of a list, in two ways.
GREATEST = """\
def most : List Nat → Nat
  | [] => 0
  | x :: xs => max x (most xs)
def mostTo : List Nat → Nat → Nat
  | [], m => m
  | x :: xs, m => mostTo xs (max x m)
"""
# Sorting by putting in one after the other.
SORTING = """\
def put (n : Nat) : List Nat → List Nat
  | [] => [n]
  | m :: ms => if n ≤ m then n :: m :: ms else m :: put n ms
def sort : List Nat → List Nat
  | [] => []
  | n :: ns => put n (sort ns)
"""
