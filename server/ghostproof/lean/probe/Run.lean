import Hole
import Json
import Origin

/-! Running tactics in a captured state, and what became of the goals. -/

open Lean Elab Meta

namespace Ghostproof

/-- Run from a captured state; nothing that happens is seen by anybody else. -/
def runIn {α : Type} (cap : Captured) (tk : IO.CancelToken) (heartbeats : Nat) (act : Tactic.TacticM α) :
    IO (Except Exception (α × Core.State)) := do
  let opts := cap.coreCtx.options
  let opts := if heartbeats == 0 then opts else setOpt opts `maxHeartbeats heartbeats
  let opts := oneThread (setOpt opts `debug.skipKernelTC false)
  let limit := if heartbeats == 0 then cap.coreCtx.maxHeartbeats else heartbeats * 1000
  let coreCtx := { cap.coreCtx with
    options := opts, initHeartbeats := ← IO.getNumHeartbeats, maxHeartbeats := limit, cancelTk? := some tk }
  let core := { cap.core with messages := {}, infoState := { enabled := false }, traceState := {}, snapshotTasks := #[] }
  let inTerm : TermElabM (α × Tactic.State) := (act { cap.tacCtx with recover := false }).run cap.tac
  let inMeta := (inTerm { cap.termCtx with errToSorry := false }).run cap.term
  let inCore := inMeta.run cap.metaCtx cap.metas
  match ← (inCore.run coreCtx core).toBaseIO with
  | .ok (r, st) => return .ok (r.1.1.1, st)
  | .error e => return .error e

def inGoal {α : Type} (g : MVarId) (x : MetaM α) : MetaM α := do
  let d ← g.getDecl
  withTheReader Meta.Context (fun c => { c with lctx := d.lctx, localInstances := d.localInstances }) x

def hypotheses (lctx : LocalContext) : List LocalDecl := go (plist lctx.decls)
where go : List (Option LocalDecl) → List LocalDecl
  | [] => []
  | some d :: r => if d.isImplementationDetail then go r else d :: go r
  | none :: r => go r

def auxDecls (lctx : LocalContext) : List LocalDecl := go (plist lctx.decls)
where go : List (Option LocalDecl) → List LocalDecl
  | [] => []
  | some d :: r => if d.isAuxDecl then d :: go r else go r
  | none :: r => go r

def allDecls (lctx : LocalContext) : List Expr := go (plist lctx.decls)
where go : List (Option LocalDecl) → List Expr
  | [] => []
  | some d :: r => d.toExpr :: go r
  | none :: r => go r

/-- The goal as one closed expression with its number of hypotheses: equal for goals that differ in names only. Its
metavariables stay what they are: `mkForallFVars` would assign them nameless ones, new ones in each call. -/
def fingerprint (g : MVarId) : MetaM (Nat × Expr) := inGoal g do
  let rec bound : List LocalDecl → MetaM Expr
    | [] => do instantiateMVars (← g.getType)
    | d :: r => do
      let body := (← bound r).abstract #[d.toExpr]
      let t ← instantiateMVars d.type
      match valueOf d with
      | some v => return .letE d.userName t (← instantiateMVars v) body false
      | none => return .forallE d.userName t body d.binderInfo
  let hyps := hypotheses (← getLCtx)
  return (llen hyps 0, ← bound hyps)

def sameGoals : List (Nat × Expr) → List (Nat × Expr) → Bool
  | [], [] => true
  | (n, a) :: r, (m, b) :: s => n == m && a == b && sameGoals r s
  | _, _ => false

def uses (e : Expr) (f : FVarId) : Bool := (e.find? fun x => x.isFVar && x.fvarId! == f).isSome

def occursIn (f : FVarId) : List Expr → Bool
  | [] => false
  | e :: r => uses e f || occursIn f r

/-- The declaration under proof that `e` uses although the goal does not speak of it. A helper that is declared below
it (`where`, `let rec`) is no circle. -/
def circle (owner : Name) (lctx : LocalContext) (statement : List Expr) (e : Expr) : List LocalDecl → Option Name
  | [] => none
  | d :: r =>
    let n := auxFullName lctx d
    if uses e d.fvarId && !(owner != n && owner.isPrefixOf n) && !occursIn d.fvarId statement then some n
    else circle owner lctx statement e r

def statementOf (g : MVarId) : MetaM (List Expr) := inGoal g do
  let rec go : List LocalDecl → MetaM (List Expr)
    | [] => return [← instantiateMVars (← g.getType)]
    | d :: r => do
      let rest ← go r
      let t ← instantiateMVars d.type
      match valueOf d with
      | some v => return t :: (← instantiateMVars v) :: rest
      | none => return t :: rest
  go (hypotheses (← getLCtx))

def axiomsOf (names : List Name) : CoreM (List Name) := do
  let env ← getEnv
  let rec go : List Name → CoreM (List Name)
    | [] => return []
    | n :: r => do
      let mine ← collectAxioms n
      return lapp mine.toList (← go r)
  return lfilter (fun n =>
    !(n == ``propext || n == ``Classical.choice || n == ``Quot.sound || (lostItsValue env n && !isUsers env n))) (← go names)

/-- Close the goal's proof over its context and its open metavariables, and let the kernel check it. The answer lists
the axioms that neither mathematics nor the statement asks for. -/
def kernelCheck (g : MVarId) (number : Nat) : MetaM (List Name) := inGoal g do
  let fvs := (allDecls (← getLCtx)).toArray
  let ty ← instantiateMVars (← g.getType)
  let e ← instantiateMVars (mkMVar g)
  let closed ← instantiateMVars (← mkLambdaFVars fvs (← mkExpectedTypeHint e ty) (usedOnly := false))
  let r ← abstractMVars closed
  let value := r.expr
  let levels := (collectLevelParams {} value).params.toList
  let type ← instantiateMVars (← inferType value)
  let name := .num `_ghostproof number
  addDecl (.defnDecl
    { name := name, levelParams := levels, type := type, value := value, hints := .opaque, safety := .safe })
  match ← axiomsOf [name] with
  | [] => return []
  | found => do
    let statement ← axiomsOf type.getUsedConstants.toList
    return lfilter (fun n => !lany (fun m => n == m) statement) found

def newMVars (old : MetavarContext) (goals : List MVarId) : List MVarId → MetaM (List MVarId)
  | [] => return []
  | m :: r => do
    let rest ← newMVars old goals r
    if (old.findDecl? m).isSome || lany (fun g => g == m) goals || (← m.isDelayedAssigned) then return rest
    return m :: rest

def checkEach (owner : Name) (old : MetavarContext) (after : List MVarId) (statement : List Expr) :
    List MVarId → MetaM (List (String × Json))
  | [] => return []
  | g :: r => do
    if !((← g.isAssigned) || (← g.isDelayedAssigned)) then checkEach owner old after statement r
    else
      let e ← instantiateMVars (mkMVar g)
      let lctx := (← g.getDecl).lctx
      match circle owner lctx statement e (auxDecls lctx) with
      | some n => return [("circular", Json.str (plain n).toString)]
      | none =>
        if e.hasSorry then return [("sorry", Json.bool true)]
        let left ← getMVars e
        match ← newMVars old after left.toList with
        | m :: _ => do
          let t ← instantiateMVars (← m.getType)
          return [("error", Json.str s!"don't know how to synthesize placeholder of type {← ppExpr t}")]
        | [] => checkEach owner old after statement r

def kernelEach (number : Nat) : List MVarId → MetaM (List Name)
  | [] => return []
  | g :: r => do
    if !(← g.isAssigned) then kernelEach (number + 1) r
    else
      let mine ← kernelCheck g number
      return lapp mine (← kernelEach (number + 1) r)

def ppGoals (gs : List MVarId) : MetaM (List String) := lmapM (fun g => do return toString (← ppGoal g)) gs

def mvarMember (l : List MVarId) (g : MVarId) : Bool := lany (fun x => x == g) l

/-- Run the tactics and say what became of the goals. -/
def attempt (cap : Captured) (seq : Syntax) : Tactic.TacticM (List (String × Json)) := do
  let before := (← getThe Tactic.State).goals
  let old ← getMCtx
  let prints ← lmapM fingerprint before
  let statement ← match before with
    | g :: _ => statementOf g
    | [] => pure []
  -- What the enclosing terms have pending stays theirs.
  let pending := (← getThe Term.State).pendingMVars
  modifyThe Term.State fun s => { s with pendingMVars := [] }
  Tactic.evalTactic seq
  Term.synthesizeSyntheticMVarsNoPostponing
  modifyThe Term.State fun s => { s with pendingMVars := lapp s.pendingMVars pending }
  Tactic.pruneSolvedGoals
  let after := (← getThe Tactic.State).goals
  match firstErrors (plist (← getThe Core.State).messages.unreported) with
  | m :: _ => return [("error", Json.str (← m.data.toString))]
  | [] =>
    let owner := cap.termCtx.declName?.getD .anonymous
    match ← checkEach owner old after statement before with
    | (k, v) :: r => return (k, v) :: r
    | [] =>
      if sameGoals prints (← lmapM fingerprint after) then return [("same", Json.bool true)]
      let mainClosed ← match before with
        | g :: _ => g.isAssigned
        | [] => pure false
      let only := !lany (fun g => !mvarMember before g) after
      let closedMain := mainClosed && only
      -- Before the kernel's turn, for which metavariables are abstracted.
      let shown ← ppGoals after
      let bad ← if closedMain then kernelEach 0 before else pure []
      let env ← getEnv
      let named := fun l => strs (lmap (fun n => (plain n).toString) l)
      return [("goals", strs shown), ("closed", Json.bool closedMain),
        ("axioms", named (lfilter (fun n => !isUnseen env n) bad)), ("unseen", named (lfilter (isUnseen env) bad))]

end Ghostproof
