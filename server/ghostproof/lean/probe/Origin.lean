import Compat
import Lists

/-! Where a constant comes from: a library that is taken as it is, or the user's own files. -/

open Lean

namespace Ghostproof

def coreRoots : List String :=
  ["Init", "Std", "Lean", "Lake", "Batteries", "Mathlib", "Aesop", "Qq", "ProofWidgets", "Plausible", "ImportGraph",
   "LeanSearchClient", "Cli"]

def rootOf : Name → String
  | .str .anonymous s => s
  | .str p _ => rootOf p
  | .num p _ => rootOf p
  | .anonymous => ""

def isUsers (env : Environment) (n : Name) : Bool :=
  match env.getModuleIdxFor? n with
  | none => true
  | some i => !lhas (rootOf (env.header.moduleNames[i.toNat]!)) coreRoots

/-- A constant of the user's own modules whose proof or value is not to be seen from here, so that nothing tells what it
rests on. (In a `module` file, up to 4.29; from 4.30 on, modules carry the axioms of what they hide.) -/
def isUnseen (env : Environment) (n : Name) : Bool := lostItsValue env n && isUsers env n

end Ghostproof
