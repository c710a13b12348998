import Lists
import Origin

/-! What a proof rests on that is not finished: constants of the user's with a `sorry` of their own.

A proof may speak of unfinished definitions where its statement does, as of things of which nothing is known but their
types. Whether it does no more is decided by the kernel, over copies of them that have no values. -/

open Lean Elab Meta

namespace Ghostproof

def bodyOf : ConstantInfo → Option Expr
  | .defnInfo d => some d.value
  | .thmInfo d => some d.value
  | .opaqueInfo d => some d.value
  | _ => none

def namesIn (e : Expr) : List Name := e.getUsedConstants.toList

/-- The constants that a constant mentions. -/
def mentioned (c : ConstantInfo) : List Name := lapp (namesIn c.type) (match bodyOf c with
  | some v => namesIn v
  | none => [])

def isUnfinished (c : ConstantInfo) : Bool := lany (fun n => n == ``sorryAx) (mentioned c)

/-- The wanted constants among the user's of these and of all that they rest on. -/
partial def reachedIn (env : Environment) (libraries : NameSet) (wanted : Name → ConstantInfo → Bool) (seen : NameSet)
    (found : List Name) : List Name → List Name
  | [] => found
  | n :: r =>
    if call (fun m => seen.contains m) n || !isUsers env libraries n then reachedIn env libraries wanted seen found r
    else match env.find? n with
      | none => reachedIn env libraries wanted seen found r
      | some c =>
        let found := if wanted n c then n :: found else found
        reachedIn env libraries wanted (seen.insert n) found (lapp (mentioned c) r)

/-- The unfinished constants among these and all that they rest on. -/
def unfinishedIn (env : Environment) (libraries : NameSet) (names : List Name) : List Name :=
  reachedIn env libraries (fun _ c => isUnfinished c) {} [] names

/-- Copies of constants that know nothing of what is unfinished; `allowed` are those that the statement speaks of. -/
structure Copies where
  libraries : NameSet
  allowed   : List Name
  done      : IO.Ref (List (Name × Name))

def renamed (pairs : List (Name × Name)) (e : Expr) : Expr := e.replace fun x => match x with
  | .const n us => match lfind (fun p => p.1 == n) pairs with
    | some (_, m) => some (.const m us)
    | none => none
  | _ => none

def Copies.rename (c : Copies) (e : Expr) : MetaM Expr := return renamed (← c.done.get) e

mutual
/-- Make a copy of a constant if it rests on something unfinished.

Throws if it may not, or if its copy is not accepted. -/
partial def Copies.copy (c : Copies) (n : Name) : MetaM Unit := do
  let env ← getEnv
  if lany (fun p => p.1 == n) (← c.done.get) || !isUsers env c.libraries n then return
  match env.find? n with
  | none => return
  | some info =>
    let add : Name → MetaM Unit := fun m => c.done.modify fun l => (n, m) :: l
    let fresh := Name.str n "_ghostproof"
    if isUnfinished info then
      if !lany (fun m => m == n) c.allowed then throwError "it rests on {n}"
      c.copyAll (lfilter (fun m => m != ``sorryAx) (namesIn info.type))
      addDecl (.axiomDecl
        { name := fresh, levelParams := info.levelParams, type := ← c.rename info.type, isUnsafe := false })
      add fresh
    else
      c.copyAll (mentioned info)
      let type ← c.rename info.type
      match info with
      | .defnInfo d =>
        let value ← c.rename d.value
        if type == d.type && value == d.value then add n
        else
          addDecl (.defnDecl { d with name := fresh, type := type, value := value, all := [fresh] })
          add fresh
      | .thmInfo d =>
        let value ← c.rename d.value
        if type == d.type && value == d.value then add n
        else
          addDecl (.thmDecl { name := fresh, levelParams := d.levelParams, type := type, value := value })
          add fresh
      | .opaqueInfo d =>
        if type == d.type then add n
        else
          addDecl (.axiomDecl { name := fresh, levelParams := d.levelParams, type := type, isUnsafe := false })
          add fresh
      | _ => if type == info.type then add n else throwError "{n} is made of something unfinished"
partial def Copies.copyAll (c : Copies) : List Name → MetaM Unit
  | [] => return
  | n :: r => do
    c.copy n
    c.copyAll r
end

/-- The unfinished constants that a proof really rests on. The environment is not restored.

Args: the proof closed over its context, and its type. -/
def placeholders (libraries : NameSet) (levels : List Name) (type value : Expr) : MetaM (List Name) := do
  let env ← getEnv
  match unfinishedIn env libraries (namesIn value) with
  | [] => return []
  | used =>
    let allowed := unfinishedIn env libraries (namesIn type)
    match lfilter (fun n => !lany (fun m => m == n) allowed) used with
    | n :: r => return n :: r
    | [] =>
      let copies : Copies := { libraries := libraries, allowed := allowed, done := ← IO.mkRef [] }
      try
        copies.copyAll (lapp (namesIn type) (namesIn value))
        addDecl (.thmDecl
          { name := `_ghostproof.blind, levelParams := levels, type := ← copies.rename type
            value := ← copies.rename value })
        return []
      catch e =>
        if e.isInterrupt then throw e
        return used

end Ghostproof
