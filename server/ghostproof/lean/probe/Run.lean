import Hole
import Json
import Resting

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
  let inTerm : TermElabM (α × Tactic.State) := (ReaderT.run act { cap.tacCtx with recover := false }).run cap.tac
  let inMeta := (ReaderT.run inTerm { cap.termCtx with errToSorry := false }).run cap.term
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

/-- Close the goal's proof over its context and its open metavariables, and let the kernel check it. The answer lists
the axioms that neither mathematics nor the statement asks for, and what is unfinished. -/
def kernelCheck (known : Known) (g : MVarId) (number : Nat) : MetaM Faults := inGoal g do
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
  let found := lfilter (fun n => n != ``sorryAx) (← axiomsOf known.libraries [name])
  let statement ← match found with
    | [] => pure []
    | _ => axiomsOf known.libraries (namesIn type)
  let faults ← known.faultsOf statement found
  return faults.and { unfinished := ← placeholders known.libraries levels type value }

def newMVars (old : MetavarContext) (goals : List MVarId) : List MVarId → MetaM (List MVarId)
  | [] => return []
  | m :: r => do
    let rest ← newMVars old goals r
    if (old.findDecl? m).isSome || lany (fun g => g == m) goals || (← m.isDelayedAssigned) then return rest
    return m :: rest

/-- The first thing that is wrong with what was assigned to the goals. -/
def checkEach (old : MetavarContext) (after : List MVarId) : List MVarId → MetaM (List (String × Json))
  | [] => return []
  | g :: r => do
    if !((← g.isAssigned) || (← g.isDelayedAssigned)) then checkEach old after r
    else
      let e ← instantiateMVars (mkMVar g)
      if e.hasSorry then return [("sorry", Json.bool true)]
      let left ← getMVars e
      match ← newMVars old after left.toList with
      | m :: _ => do
        let t ← instantiateMVars (← m.getType)
        return [("error", Json.str s!"don't know how to synthesize placeholder of type {← ppExpr t}")]
      | [] => checkEach old after r

def newRecs (before : List (MVarId × Expr)) : List (MVarId × Expr) → List (MVarId × Expr)
  | [] => []
  | p :: r => if lany (fun q => q.1 == p.1) before then newRecs before r else p :: newRecs before r

/-- The same with the functions of `let rec` that belong to it. -/
def checkAll (old : MetavarContext) (after goals : List MVarId) (recs : List (MVarId × Expr)) :
    MetaM (List (String × Json)) := do
  if lany (fun p => p.2.hasSorry) recs then return [("sorry", Json.bool true)]
  checkEach old (lapp (lmap (fun p => p.1) recs) after) goals

/-- What functions of `let rec` rest on; the kernel sees them in the final check. -/
def faultsOfRecs (known : Known) (goals : List MVarId) : List (MVarId × Expr) → MetaM Faults
  | [] => return {}
  | (_, value) :: r => do
    let value ← instantiateMVars value
    let statement ← lmapM (fun g => do return namesIn (← instantiateMVars (← g.getType))) goals
    let allowed := unfinishedIn (← getEnv) known.libraries (joined statement)
    let used := unfinishedIn (← getEnv) known.libraries (namesIn value)
    let rests ← axiomsOf known.libraries (namesIn value)
    let faults ← known.faultsOf [] (lfilter (fun n => n != ``sorryAx) rests)
    let faults := faults.and { unfinished := lfilter (fun n => !lany (fun m => m == n) allowed) used }
    return faults.and (← faultsOfRecs known goals r)
where joined : List (List Name) → List Name
  | [] => []
  | l :: r => lapp l (joined r)

/-- What the first steps of proofs use that is unfinished and that the statement does not speak of. -/
def unfinishedSteps (known : Known) (statement : List Expr) : List MVarId → MetaM (List Name)
  | [] => return []
  | g :: r => do
    let rest ← unfinishedSteps known statement r
    if !(← g.isAssigned) then return rest
    match ← known.unfinishedIn (namesIn (← instantiateMVars (mkMVar g))) with
    | [] => return rest
    | used =>
      let allowed ← known.unfinishedIn (mentionedIn statement)
      return lapp (lfilter (fun n => !lany (fun m => m == n) allowed) used) rest
where mentionedIn : List Expr → List Name
  | [] => []
  | e :: r => lapp (namesIn e) (mentionedIn r)

/-- The declaration under proof, if the goals were closed by means of it. -/
def recursionIn (owner : Name) (statement : List Expr) : List MVarId → MetaM (Option Name)
  | [] => return none
  | g :: r => do
    if !(← g.isAssigned) then recursionIn owner statement r
    else
      let e ← instantiateMVars (mkMVar g)
      match circle owner (← g.getDecl).lctx statement e (auxDecls (← g.getDecl).lctx) with
      | some n => return some n
      | none => recursionIn owner statement r

def kernelEach (known : Known) (number : Nat) : List MVarId → MetaM Faults
  | [] => return {}
  | g :: r => do
    if !(← g.isAssigned) then kernelEach known (number + 1) r
    else
      let mine ← kernelCheck known g number
      return mine.and (← kernelEach known (number + 1) r)

def ppGoals (gs : List MVarId) : MetaM (List String) := lmapM (fun g => do return toString (← ppGoal g)) gs

def mvarMember (l : List MVarId) (g : MVarId) : Bool := lany (fun x => x == g) l

/-- What became of the goals.

`closed`: the first one is closed, and only goals are left that were there before. `value`: it asked for a value that
nothing else determines. `recursion`: the declaration under proof, where it was used. `premises`: of a first
`have : A → B → C`, which of `A` and `B` its proof uses. -/
structure Done where
  goals     : List String
  closed    : Bool
  value     : Bool
  recursion : Option Name
  faults    : Faults
  premises  : List Bool := []

inductive Outcome where
  | failed (fields : List (String × Json))
  | done (d : Done)

def names (l : List Name) : Json := strs (lmap (fun n => (plain n).toString) l)

def Done.fields (d : Done) : List (String × Json) :=
  [("goals", strs d.goals), ("closed", Json.bool d.closed), ("value", Json.bool d.value),
   ("axioms", names d.faults.axioms), ("unfinished", names d.faults.unfinished),
   ("unseen", names d.faults.unseen),
   ("recursion", Json.str (match d.recursion with | some n => (plain n).toString | none => "")),
   ("premises", Json.str (written d.premises))]
where written : List Bool → String
  | [] => ""
  | b :: r => (if b then "1" else "0") ++ written r

/-- What holds of both runs of a hole that is reached twice. -/
def Done.and (a b : Done) : Done :=
  { goals := lapp a.goals b.goals, closed := a.closed && b.closed, value := a.value || b.value
    recursion := match a.recursion with | some n => some n | none => b.recursion
    faults := a.faults.and b.faults }

/-- Whether a value is asked for, and no other goal says which. -/
def isFree (g : MVarId) (others : List MVarId) : MetaM (Bool × Bool) := do
  if ← isProp (← instantiateMVars (← g.getType)) then return (false, false)
  let rec determined : List MVarId → MetaM Bool
    | [] => return false
    | o :: r => do
      let t ← instantiateMVars (← o.getType)
      if o != g && (t.find? fun x => x.isMVar && x.mvarId! == g).isSome && (← isProp t) then return true
      determined r
  return (true, !(← determined others))

/-- Whether a proof uses each of the premises that it begins with. -/
def usesOf : Expr → List Bool
  | .mdata _ b => usesOf b
  | .lam _ _ b _ => b.hasLooseBVar 0 :: usesOf b
  | _ => []

/-- The proof that a `have` begins with; Lean may have made a theorem of its own of it. -/
def firstHave (env : Environment) : Expr → Option Expr
  | .mdata _ b => firstHave env b
  | .letE _ _ v _ _ => some (opened v [])
  | .app (.lam ..) v => some (opened v [])
  | _ => none
where opened (e : Expr) (args : List Expr) : Expr := match e with
  | .mdata _ b => opened b args
  | .app f a => opened f (a :: args)
  | .const n _ => match (env.find? n).bind bodyOf with
    | some v => v.beta args.toArray
    | none => e
  | e => match args with
    | [] => e
    | _ => e.beta args.toArray

/-- Something about goals as they were before what happened meanwhile. Most tactics fail, and only the others are asked
afterwards. -/
def inPast {α : Type} (old : MetavarContext) (x : MetaM α) : MetaM α := do
  let now := (← getThe Meta.State).mctx
  modifyThe Meta.State fun s => { s with mctx := old }
  let said ← x
  modifyThe Meta.State fun s => { s with mctx := now }
  return said

/-- Run the tactics and say what became of the goals. -/
def attempt (known : Known) (cap : Captured) (seq : Syntax) : Tactic.TacticM Outcome := do
  let before := (← getThe Tactic.State).goals
  let old ← getMCtx
  -- What the enclosing terms have pending stays theirs.
  let pending := (← getThe Term.State).pendingMVars
  modifyThe Term.State fun s => { s with pendingMVars := [] }
  let recsBefore := letRecs (← getThe Term.State)
  Tactic.evalTactic seq
  Term.synthesizeSyntheticMVarsNoPostponing
  modifyThe Term.State fun s => { s with pendingMVars := lapp s.pendingMVars pending }
  Tactic.pruneSolvedGoals
  let after := (← getThe Tactic.State).goals
  match firstErrors (plist (← getThe Core.State).messages.unreported) with
  | m :: _ => return .failed [("error", Json.str (← m.data.toString))]
  | [] =>
    let recs := newRecs recsBefore (letRecs (← getThe Term.State))
    match ← checkAll old after before recs with
    | (k, v) :: r => return .failed ((k, v) :: r)
    | [] =>
      let prints ← inPast old (lmapM fingerprint before)
      if sameGoals prints (← lmapM fingerprint after) then return .failed [("same", Json.bool true)]
      let statement ← match before with
        | g :: _ => inPast old (statementOf g)
        | [] => pure []
      let (isData, free) ← match before with
        | g :: _ => inPast old (isFree g before)
        | [] => pure (false, false)
      let mainClosed ← match before with
        | g :: _ => g.isAssigned
        | [] => pure false
      let only := !lany (fun g => !mvarMember before g) after
      let closed := mainClosed && only && (!isData || (llen after 0 == 0 && !free))
      let recursion ← recursionIn (cap.termCtx.declName?.getD .anonymous) statement before
      let have_ ← match before with
        | g :: _ => if closed then pure none else pure (firstHave (← getEnv) (← instantiateMVars (mkMVar g)))
        | [] => pure none
      -- Before the kernel's turn, for which metavariables are abstracted.
      let shown ← ppGoals after
      -- What closes the goal goes through the kernel in the final check, where every run of the hole is judged. A proof
      -- that leaves goals is no term for the kernel yet: they may depend on each other.
      let kernel ← if closed then pure {}
        else if llen after 0 == 0 then kernelEach known 0 before
        else pure { unfinished := ← unfinishedSteps known statement before }
      let faults := kernel.and (← if closed then pure {} else faultsOfRecs known before recs)
      let premises := match have_ with
        | some v => usesOf v
        | none => []
      return .done
        { goals := shown, closed := closed, value := isData && free, recursion := recursion, faults := faults
          premises := premises }

end Ghostproof
