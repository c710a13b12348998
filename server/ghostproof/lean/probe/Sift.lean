import Instances

/-! The request `sift`: statements about what the first goal of a state speaks of, each tried on small values. -/

open Lean Elab Meta

namespace Ghostproof

/-- A statement closed over what it speaks of in the goal's context. -/
def closedOver (e : Expr) : List LocalDecl → MetaM Expr
  | [] => return e
  | d :: r => do
    let body := (← closedOver e r).abstract #[d.toExpr]
    if !body.hasLooseBVars then return body
    let t ← instantiateMVars d.type
    match valueOf d with
    | some v => return .letE d.userName t (← instantiateMVars v) body false
    | none => return .forallE d.userName t body d.binderInfo

def sifted (guard : Guard) (look : Lookup) (g : MVarId) (instances : Nat) (text : String) :
    Tactic.TacticM (List (String × Json)) := do
  match Parser.runParserCategory (← getEnv) `term text with
  | .error m => return [("unknown", Json.str m)]
  | .ok stx => match refused guard look [] [stx] with
    | some w => return [("unknown", Json.str w)]
    | none => do
      let d ← g.getDecl
      let inContext : Meta.Context → Meta.Context :=
        fun c => { c with lctx := d.lctx, localInstances := d.localInstances }
      let elaborated : TermElabM Expr := do
        let e ← Term.elabTermEnsuringType stx (some (.sort .zero))
        Term.synthesizeSyntheticMVarsNoPostponing
        closedOver (← instantiateMVars e) (hypotheses (← getLCtx))
      trialOfStatement (← withTheReader Meta.Context inContext elaborated) instances true

/-- Each statement in the order given, until the request is stopped. -/
def siftEach (act : String → Tactic.TacticM (List (String × Json))) (cap : Captured) (tk : IO.CancelToken)
    (heartbeats : Nat) : List String → IO (List Json)
  | [] => return []
  | text :: r => do
    if ← tk.isSet then return []
    let one ← match ← runIn cap tk heartbeats (act text) with
      | .ok (fields, _) => pure fields
      | .error e => pure [("unknown", Json.str (← e.toMessageData.toString))]
    return obj one :: (← siftEach act cap tk heartbeats r)

def doSift (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.states.get) with
  | none => who.say [("gone", Json.bool true)]
  | some (_, st) => match st.cap.tac.goals with
    | [] => who.say [("unknown", Json.str "no goal")]
    | g :: _ =>
      let look : Lookup :=
        { env := st.before.cmd.env, ns := st.cap.coreCtx.currNamespace, opens := st.cap.coreCtx.openDecls }
      let act := sifted (← s.guard.get) look g (getNat j "instances" 100)
      let texts := lmap asStr (getList j "statements")
      who.say [("trials", arr (← siftEach act st.cap c.token (getNat j "heartbeats" 200000) texts))]

end Ghostproof
