import Describe
import Statements

/-! How a theorem is applied where it says what a goal asks for: with the arguments that a person would write. -/

open Lean Elab Meta

namespace Ghostproof

/-- An argument as it is written: a variable by its name, what the goal determines as `_`; none without such a name. -/
def argumentText (e : Expr) : MetaM (Option String) := do
  match e with
  | .fvar _ =>
    let name := toString (← ppExpr e)
    return if lany (fun c => c == '✝') name.toList then none else some name
  | _ => return some "_"

/-- Assign what is asked for and not determined yet: instances, and hypotheses by those that the goal has. -/
def fillOpen (given : List LocalDecl) : List (Expr × BinderInfo) → MetaM Bool
  | [] => return true
  | (a, info) :: r => do
    -- What is asked for last depends on the rest.
    if !(← fillOpen given r) then return false
    if (← instantiateMVars a).isMVar then
      let type ← instantiateMVars (← inferType a)
      if info == .instImplicit then match ← trySynthInstance type with
        | .some i => isDefEq a i
        | _ => return false
      else if ← isProp type then fitting a type given else return false
    else return true
where fitting (a type : Expr) : List LocalDecl → MetaM Bool
  | [] => return false
  | d :: r => do if ← isDefEq type d.type then isDefEq a d.toExpr else fitting a type r

def written (short : String) : List (Expr × BinderInfo) → MetaM (Option String)
  | [] => return some short
  | (a, info) :: r => do
    if info != .default then written short r
    else match ← argumentText (← instantiateMVars a) with
      | none => return none
      | some text => written (short ++ " " ++ text) r

/-- Whether each side begins with the same constant, or with anything: else nothing but unfolding could make them one. -/
def sidesFit : List String → List String → Bool
  | c :: r, t :: s => (c == "" || c == t) && sidesFit r s
  | _, _ => true

/-- The theorem with its arguments if its conclusion is the goal; none if it is not, or something stays open. -/
def fitted (short : String) (n : Name) (target : Expr) : MetaM (Option String) := do
  let (arguments, infos, claim) ← forallMetaTelescope (← inferType (← mkConstWithFreshMVarLevels n))
  if headName claim != headName target || !sidesFit (sidesOf claim) (sidesOf target) then return none
  if !(← isDefEq claim target) then return none
  let all := lzip arguments.toList infos.toList
  if !(← fillOpen (lrev (hypotheses (← getLCtx)) []) all) then return none
  written short all

def mirrored (e : Expr) : Option Expr := match e with
  | .app (.app (.app (.const ``Eq us) t) a) b => some (mkApp3 (.const ``Eq us) t b a)
  | .app (.app (.const ``Iff us) a) b => some (mkApp2 (.const ``Iff us) b a)
  | _ => none

def undone {α : Type} (x : MetaM (Option α)) : MetaM (Option α) := do
  let saved ← getThe Meta.State
  let found ← try x
    catch e => if e.isInterrupt then throw e else pure none
  modifyThe Meta.State fun _ => saved
  return found

/-- A term that proves the goal by the theorem alone, forwards or backwards; "" where there is none. -/
def appliedTo (short : String) (n : Name) (target : Expr) : MetaM String := do
  match ← undone (fitted short n target) with
  | some text => return text
  | none => match mirrored target with
    | none => return ""
    | some other => match ← undone (fitted short n other) with
      | some text => return (if text == short then short else "(" ++ text ++ ")") ++ ".symm"
      | none => return ""

end Ghostproof
