import Equations

/-! Prints of the user's functions and types: others when what they say has changed, or what anything below them says, and
the same wherever they stand. -/

open Lean Meta

namespace Ghostproof

/-- The declaration that a constant belongs to: its type for a constructor and for what Lean makes of a type. None for
theorems: what is proved of a function does not change it. -/
def homeOf (env : Environment) (n : Name) : Option Name := match env.find? n with
  | some (.ctorInfo c) => some c.induct
  | some (.recInfo _) => some n.getPrefix
  | some (.thmInfo _) => none
  | some _ => some (if isAuxRecursor env n || isNoConfusion env n then n.getPrefix else n)
  | none => none

/-- The user's declarations that some expressions speak of, the first one first. A `match` is what its patterns are,
whichever function Lean made it for. -/
partial def usersIn (env : Environment) (libraries : NameSet) (l : List Expr) : List Name := lrev (inAll l []) []
where
  inAll : List Expr → List Name → List Name
    | [], found => found
    | e :: r, found => inAll r (homes e.getUsedConstants.toList found)
  homes : List Name → List Name → List Name
    | [], found => found
    | n :: r, found => homes r <| if !isUsers env libraries n then found
      else if isMatcherCore env n then match env.find? n with
        | some c => inAll [c.type] found
        | none => found
      else match homeOf env n with
        | some h => consName found h
        | none => found

/-- What says where it stands, and in its last argument what it says. -/
def panics : List Name := [`mkPanicMessage, `mkPanicMessageWithDecl, `panicWithPos, `panicWithPosWithDecl]

/-- A term without what Lean names or numbers by where it stands. -/
partial def unplaced (env : Environment) (e : Expr) : Expr := e.replace fun
  | .const n _ => match env.find? n with
    | some (.thmInfo _) => some (.const `proof [])
    | some c => if isMatcherCore env n then some (.lit (.natVal (unplaced env c.type).hash.toNat)) else none
    | none => none
  | .app f a => match f.getAppFn with
    | .const n _ => if n == ``sorryAx then some (.const n [])
      else if lany (fun m => m == n) panics then some (.app (.const n []) a) else none
    | _ => none
  | _ => none

/-- What of a declaration is its own, and which of the user's it speaks of. -/
structure Node where
  own   : UInt64
  below : List Name

/-- What has been found out, and what closed terms are printed as. -/
structure Notes where
  libraries : NameSet
  nodes     : IO.Ref (List (Name × Node))
  texts     : IO.Ref (List (Expr × String))

def newNotes (libraries : NameSet) : IO Notes :=
  return { libraries := libraries, nodes := ← IO.mkRef [], texts := ← IO.mkRef [] }

def hashOf (env : Environment) : List Expr → UInt64
  | [] => 17
  | e :: r => mixHash (unplaced env e).hash (hashOf env r)

def typesOfNames (env : Environment) : List Name → List Expr
  | [] => []
  | n :: r => match env.find? n with
    | some c => c.type :: typesOfNames env r
    | none => typesOfNames env r

/-- All that a declaration says. -/
def saidBy (n : Name) : MetaM (List Expr) := do
  let env ← getEnv
  match env.find? n with
  | some (.inductInfo i) => return i.type :: lapp (lmap (fun c => mkConst c) i.ctors) (typesOfNames env i.ctors)
  | some (.defnInfo d) => match ← equationOf n with
    | some q => return [d.type, q.term]
    | none => return [d.type, d.value]
  | some (.opaqueInfo o) => return [o.type, o.value]
  | some c => return [c.type]
  | none => return []

def nodeOf (notes : Notes) (n : Name) : MetaM Node := do
  match lfind (fun p => p.1 == n) (← notes.nodes.get) with
  | some (_, node) => return node
  | none => do
    let said ← saidBy n
    let env ← getEnv
    let node : Node := { own := mixHash (hash (plain n)) (hashOf env said), below := usersIn env notes.libraries said }
    notes.nodes.modify fun l => (n, node) :: l
    return node

/-- So many declarations below one are looked at. -/
def mostBelow : Nat := 200

/-- What a declaration and all below it say, in whatever order they are met. -/
partial def declarationPrint (notes : Notes) (n : Name) : MetaM String := do
  let own ← nodeOf notes n
  return toString (mixHash own.own (← go 0 [] own.below))
where go (sum : UInt64) (met : List Name) : List Name → MetaM UInt64
  | [] => return sum
  | n :: r => do
    if lany (fun m => m == n) met || llen met 0 ≥ mostBelow then go sum met r
    else
      let node ← nodeOf notes n
      go (sum + mixHash 23 node.own) (n :: met) (lapp r node.below)

end Ghostproof
