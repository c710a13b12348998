import Place
import Refuse

/-! What texts in a hole read as, kept while a search tries the same texts at one goal of a proof after the other. -/

open Lean Elab Meta

namespace Ghostproof

/-- What a text in the hole reads as. `refused`: why it may not be elaborated, whatever its goals are called. -/
inductive Reading where
  | bad (message : String)
  | ok (tactics : List Syntax) (refused : Option String)

/-- A reading, and all that it depends on beside the hole: a step may have opened a namespace. -/
structure Kept where
  text    : String
  ns      : Name
  opens   : List OpenDecl
  reading : Reading

/-- Texts whose readings are kept for a hole. -/
def mostKept : Nat := 96

def sameNames : List Name → List Name → Bool
  | [], [] => true
  | a :: r, b :: s => a == b && sameNames r s
  | _, _ => false

def sameOpens : List OpenDecl → List OpenDecl → Bool
  | [], [] => true
  | .simple a hiding_ :: r, .simple b others :: s => a == b && sameNames hiding_ others && sameOpens r s
  | .explicit a c :: r, .explicit b d :: s => a == b && c == d && sameOpens r s
  | _, _ => false

/-- Parse the command with a text in the hole and walk over what stands there. -/
def Site.read (st : Site) (g : Guard) (look : Lookup) (text : String) : BaseIO Reading := do
  match ← place st text with
  | .bad m => return .bad m
  | .ok _ _ _ tactics _ => return .ok tactics (refusedAnywhere g look tactics)

/-- The same, where `kept` has what was read in this hole before. -/
def Site.readOnce (st : Site) (kept : IO.Ref (List Kept)) (g : Guard) (look : Lookup) (text : String) :
    BaseIO Reading := do
  let known := fun (k : Kept) => k.text == text && k.ns == look.ns && sameOpens k.opens look.opens
  match lfind known (← kept.get) with
  | some k => return k.reading
  | none =>
    let reading ← st.read g look text
    kept.modify fun l => ltake mostKept ({ text := text, ns := look.ns, opens := look.opens, reading := reading } :: l)
    return reading

end Ghostproof
