import Prints
import Statements

/-! The laws of structures and classes: what a value of one is known to fulfil, and how a simplifier can use it. -/

open Lean Meta

namespace Ghostproof

/-- So many laws are told. -/
def mostLaws : Nat := 24

/-- The user's structures among some declarations, with those that their fields speak of: what they extend among these. -/
partial def structuresAmong (env : Environment) (libraries : NameSet) (met found : List Name) : List Name → List Name
  | [] => lrev found []
  | n :: r =>
    let n := (env.getProjectionStructureName? n).getD n
    if lany (fun m => m == n) met then structuresAmong env libraries met found r
    else match env.find? n with
      | some (.inductInfo i) =>
        if isStructure env n then
          let more := usersIn env libraries (typesOfNames env i.ctors)
          structuresAmong env libraries (n :: met) (n :: found) (lapp r more)
        else structuresAmong env libraries (n :: met) found r
      | _ => structuresAmong env libraries (n :: met) found r

/-- What a law says of one value, behind the structure's parameters and the value itself. -/
partial def ofOneValue : Nat → Expr → Expr
  | n + 1, .forallE _ _ b _ => ofOneValue n b
  | n, .mdata _ b => ofOneValue n b
  | _, e => e

def anyVariable (e : Expr) : Expr := e.replace fun x => match x with
  | .bvar _ => some (.sort .zero)
  | _ => none

def speaksOf (e : Expr) : List Nat → Bool
  | [] => true
  | i :: r => e.hasLooseBVar i && speaksOf e r

/-- Whether putting `b` for `a` comes to an end, as far as that shows: it leaves no variable open, and no `a`. -/
def canReplace (variables : List Nat) (a b : Expr) : Bool :=
  !a.isBVar && speaksOf a variables && (b.find? fun x => x == a).isNone

/-- In which direction a law rewrites: "→", "←", or "" where it can't, or where its sides differ in the order of variables
alone. `variables` are those that something is said of. -/
partial def directionOf (variables : List Nat) : Expr → String
  | .forallE _ _ b _ =>
    let others := lmap (fun i => i + 1) variables
    directionOf (if b.hasLooseBVar 0 then 0 :: others else others) b
  | .mdata _ b => directionOf variables b
  | .app (.app (.app (.const ``Eq _) _) a) b => between a b
  | .app (.app (.const ``Iff _) a) b => between a b
  | e => if speaksOf e variables then "→" else ""
where between (a b : Expr) : String :=
  if anyVariable a == anyVariable b then ""
  else if canReplace variables a b then "→"
  else if canReplace variables b a then "←"
  else ""

def lawJson (of : Name) (i : InductiveVal) (field : Name) : MetaM Json := do
  let n := .str of (lastPart field)
  let env ← getEnv
  match env.find? n with
  | some c =>
    if !isUsable env n c then return Json.null
    let said := directionOf [] (ofOneValue (i.numParams + 1) c.type)
    return obj [("name", Json.str (← writtenHere n)), ("direction", Json.str said),
      ("structure", Json.str (plain of).toString), ("isProp", Json.bool (ofOneValue i.numParams i.type).isProp)]
  | none => return Json.null

/-- The laws of some structures. -/
def lawsOf : List Name → MetaM (List Json)
  | [] => return []
  | n :: r => do
    let env ← getEnv
    let mine ← match env.find? n with
      | some (.inductInfo i) => lmapM (lawJson n i) (getStructureFields env n).toList
      | _ => pure []
    return lapp (lfilter (fun j => !j.isNull) mine) (← lawsOf r)

end Ghostproof
