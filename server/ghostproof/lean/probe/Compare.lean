import Sift

/-! The request `values`: what terms about a goal's functions are on small values, so that equal ones are found. -/

open Lean Elab Meta

namespace Ghostproof

/-- How many small values of a type there are to be drawn from, and how large they may be. -/
def comparedAmong : Nat := 30
def comparedLargest : Nat := 7

/-- The value of a variable in one instance: the same in every term, for it depends on the name alone. -/
def chosenValue (known : Found) (name : Name) (type : Expr) (nth : Nat) : MetaM (Option Expr) := do
  let values ← match ← whnf type with
    | .sort l => smallest known (.sort l) 1
    | t => smallest known t comparedAmong comparedLargest
  let all := llen values 0
  if all == 0 then return none
  let seed := ((hash name.eraseMacroScopes).toNat % 65536 + nth * 40503) * 25173 + 13849
  return match ldrop (seed % 65536 / 16 % all) values with
    | v :: _ => some v
    | [] => none

/-- A term with values for all that it is a function of. -/
partial def atValues (known : Found) (nth : Nat) (e : Expr) : MetaM (Option Expr) := match e with
  | .letE _ _ v b _ => atValues known nth (b.instantiate1 v)
  | .forallE n t b info | .lam n t b info => do
    let value ← if info.isInstImplicit then match ← trySynthInstance t with
        | .some inst => pure (some inst)
        | _ => pure none
      else chosenValue known n t nth
    match value with
    | some v => atValues known nth (b.instantiate1 v)
    | none => return none
  | _ => return some e

/-- What tells a value from others of its type; none if reduction does not come to one. -/
partial def printOfValue (e : Expr) : MetaM (Option UInt64) := do
  checkSystem "instances"
  let v ← reduced e
  match sameValue.natOf v with
  | some (n, none) => return some (mixHash 7 (hash n))
  | some (n, some x) => number n x
  | none => match v.getAppFn with
    | .const c _ => match (← getEnv).find? c with
      | some (.ctorInfo i) => fields (hash c) (ldrop i.numParams (argsOf v []))
      | _ => return none
    | .lit l => return some (hash l)
    | _ => return none
where
  number (n : Nat) (x : Expr) : MetaM (Option UInt64) := do
    match sameValue.natOf (← reduced x) with
    | some (m, none) => return some (mixHash 7 (hash (n + m)))
    | some (m, some y) => number (n + m) y
    | none => return none
  fields (h : UInt64) : List Expr → MetaM (Option UInt64)
    | [] => return some h
    | x :: r => do
      if ← isProof x then return ← fields h r
      match ← printOfValue x with
      | some mine => fields (mixHash h mine) r
      | none => return none

/-- What a term is in so many instances, together; "" if reduction does not tell of one of them. -/
partial def printIn (known : Found) (e : Expr) (instances : Nat) (h : UInt64 := 11) : MetaM String := do
  if instances == 0 then return toString h
  match ← atValues known instances e with
  | none => return ""
  | some value => match ← printOfValue value with
    | none => return ""
    | some mine => printIn known e (instances - 1) (mixHash h mine)

def comparedOne (guard : Guard) (look : Lookup) (g : MVarId) (known : Found) (instances : Nat) (text : String) :
    Tactic.TacticM (List (String × Json)) := do
  match Parser.runParserCategory (← getEnv) `term text with
  | .error m => return [("unknown", Json.str m)]
  | .ok stx => match refused guard look [] [stx] with
    | some w => return [("unknown", Json.str w)]
    | none => do
      let elaborated : TermElabM Expr := do
        let e ← Term.elabTerm stx none
        Term.synthesizeSyntheticMVarsNoPostponing
        closedOver (← instantiateMVars e) (hypotheses (← getLCtx))
      let d ← g.getDecl
      let closed ← withTheReader Meta.Context
        (fun c => { c with lctx := d.lctx, localInstances := d.localInstances }) elaborated
      let term := inLowestUniverses closed
      if term.hasExprMVar || term.hasFVar then return [("unknown", Json.str "it depends on other goals")]
      return [("print", Json.str (← printIn known term instances))]

def doValues (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.states.get) with
  | none => who.say [("gone", Json.bool true)]
  | some (_, st) => match st.cap.tac.goals with
    | [] => who.say [("unknown", Json.str "no goal")]
    | g :: _ =>
      let look : Lookup :=
        { env := st.before.cmd.env, ns := st.cap.coreCtx.currNamespace, opens := st.cap.coreCtx.openDecls }
      let act := comparedOne (← s.guard.get) look g (← IO.mkRef []) (getNat j "instances" 16)
      let texts := lmap asStr (getList j "terms")
      who.say [("prints", arr (← siftEach act st.cap c.token (getNat j "heartbeats" 200000) texts))]

end Ghostproof
