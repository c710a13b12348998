import Lists

/-! Closed terms reduced to what they are made of, also by functions that recurse on something else than structure. -/

open Lean Meta

namespace Ghostproof

/-- What a function is applied to, in order. -/
def argsOf (e : Expr) (behind : List Expr) : List Expr := match e with
  | .app f a => argsOf f (a :: behind)
  | _ => behind

def applied (f : Expr) : List Expr → Expr
  | [] => f
  | a :: r => applied (.app f a) r

/-- The type of a theorem at what it is said of. -/
def saidOf : Expr → List Expr → Expr
  | .forallE _ _ b _, a :: r => saidOf (b.instantiate1 a) r
  | e, _ => e

/-- One step of a function that reduction leaves alone, by its own equation. -/
def unfoldedOnce (f : Name) (levels : List Level) (given : List Expr) : MetaM (Option Expr) := do
  match getReducibilityStatusCore (← getEnv) f with
  | .irreducible => match ← getUnfoldEqnFor? f (nonRec := true) with
    | none => return none
    | some law => match (← getEnv).find? law with
      | none => return none
      | some c => match saidOf (c.type.instantiateLevelParams c.levelParams levels) given with
        | .app (.app (.app (.const ``Eq _) _) _) right => return some right
        | _ => return none
  | _ => return none

/-- Whether reduction of an argument may be what the whole waits for: it is no type, no proof, and no instance but of
what decides. -/
def isData (e : Expr) : MetaM Bool := match e with
  | .app .. | .const .. | .proj .. => do
    let t ← whnf (← inferType e)
    if t.isSort || t.isForall || (← isProp t) then return false
    match ← isClass? t with
    | some c => return c == ``Decidable
    | none => return true
  | _ => return false

mutual
/-- The term as a constructor of something, if reduction and the equations of its functions tell. -/
partial def reduced (e : Expr) : MetaM Expr := do
  checkSystem "instances"
  let e ← whnf e
  match e with
  | .proj s i x => do
    let y ← reduced x
    if y == x then return e else reduced (.proj s i y)
  | _ => match e.getAppFn with
    | .const f levels => match (← getEnv).find? f with
      | some (.ctorInfo _) => return e
      | some _ => do
        let given := argsOf e []
        let values ← reducedEach given
        if applied (.const f levels) values != e then return ← reduced (applied (.const f levels) values)
        match ← unfoldedOnce f levels given with
        | some next => reduced next
        | none => do
          -- A pattern may look further into an argument than to its constructor.
          let values ← wholeEach given
          if applied (.const f levels) values == e then return e
          reduced (applied (.const f levels) values)
      | none => return e
    | _ => return e
partial def reducedEach : List Expr → MetaM (List Expr)
  | [] => return []
  | a :: r => do
    let value ← if ← isData a then reduced a else pure a
    return value :: (← reducedEach r)
/-- A reduced term with all that it is made of reduced, too. What is stuck itself was reduced as far as it goes. -/
partial def whole (e : Expr) : MetaM Expr := do
  match e.getAppFn with
  | .const f levels => match (← getEnv).find? f with
    | some (.ctorInfo _) => return applied (.const f levels) (← wholeEach (← reducedEach (argsOf e [])))
    | _ => return e
  | _ => return e
partial def wholeEach : List Expr → MetaM (List Expr)
  | [] => return []
  | a :: r => do
    let value ← if ← isData a then whole a else pure a
    return value :: (← wholeEach r)
end

end Ghostproof
