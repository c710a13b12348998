import Describe
import State

/-! The requests about files and candidates. -/

open Lean Elab Meta

namespace Ghostproof

def known (s : Server) (guard : Guard) : Known := { libraries := guard.libraries, hidden := s.hidden }

def runMeta {α : Type} (cap : Captured) (tk : IO.CancelToken) (x : MetaM α) (heartbeats : Nat := 0) :
    IO (Except Exception α) := do
  match ← runIn cap tk heartbeats (liftM x : Tactic.TacticM α) with
  | .ok (a, _) => return .ok a
  | .error e => return .error e

/-- What tells the goals of one state from those of another. -/
def prints (tk : IO.CancelToken) (cap : Captured) : IO (List (Nat × Expr)) := do
  match ← runMeta cap tk (lmapM fingerprint cap.tac.goals) with
  | .ok l => return l
  | .error _ => return []

/-- The states whose goals are like none of those seen. -/
def distinct (tk : IO.CancelToken) (seen : List (List (Nat × Expr))) : List Captured → IO (List Captured)
  | [] => return []
  | c :: r => do
    let mine ← prints tk c
    if lany (fun l => sameGoals l mine) seen then distinct tk seen r
    else return c :: (← distinct tk (mine :: seen) r)

def openFound (s : Server) (j : Json) (who : Caller) (c : Control) (ictx : Parser.InputContext) (hole : Nat)
    (gone : List (String × Json)) (header : Json) (snap : Snap) (pos : BytePos) (stx : Syntax) (parsed : MessageLog)
    (stop : BytePos) : IO Unit := do
  match plug (bytePos hole) stx with
  | none => who.say (lapp gone [("none", Json.bool true), ("header", header),
      ("errors", strs (← errorTexts (plist parsed.unreported)))])
  | some (path, plugged, orig) =>
    c.inHole.set true
    let (caps, msgs) ← try openHole ictx c snap pos parsed plugged orig
      catch _ => pure ([], [])
    if (← c.token.isSet) || (← c.soft.get) then who.say (lapp gone [("stopped", Json.bool true)])
    else match caps with
      | [] => who.say (lapp gone [("none", Json.bool true), ("header", header), ("errors", strs (← errorTexts msgs))])
      | cap :: more =>
        let others ← distinct c.token [← prints c.token cap] more
        let site := siteOf ictx snap pos stop stx path parsed hole
        let state : State := { site with cap := cap, others := others, readings := ← IO.mkRef [] }
        let libraries := (← s.guard.get).libraries
        let about : MetaM (List String × Json) := do
          let goals ← ppGoals cap.tac.goals
          let main ← match cap.tac.goals with
            | g :: _ => mainGoal libraries g
            | [] => pure Json.null
          return (goals, main)
        match ← runMeta cap c.token about with
        | .error e => who.say (lapp gone [("error", Json.str (← e.toMessageData.toString))])
        | .ok (goals, main) =>
          s.states.modify fun l => (getNat j "state" 0, state) :: l
          who.say (lapp gone [("goals", strs goals), ("main", main),
            ("owner", Json.str (plain (cap.termCtx.declName?.getD .anonymous)).toString), ("stop", num stop.byteIdx),
            ("tail", num (if state.parseErrors > 0 then stop.byteIdx else (stx.getTailPos?.getD stop).byteIdx)),
            ("errors", strs (← errorTexts msgs)),
            ("own", faultsJson (← faultsIn ictx stop (lapp (plist parsed.unreported) msgs)))])

def doOpen (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  let hole := getNat j "hole" 0
  let ictx := inputOf (getStr j "text")
  let (gone, errors, found) ← s.toDocuments.advance j c ictx hole
  match found with
  | .stopped => who.say (lapp gone [("stopped", Json.bool true)])
  | .more => who.say (lapp gone [("more", Json.bool true)])
  | .none => who.say (lapp gone [("none", Json.bool true), ("header", strs errors)])
  | .hole snap pos stx parsed stop => openFound s j who c ictx hole gone (strs errors) snap pos stx parsed stop

def cause (e : Exception) : String :=
  if e.isInterrupt then "interrupt" else if e.isMaxHeartbeat then "heartbeats" else ""

def seqOf (l : List Syntax) : Syntax :=
  mkNode ``Parser.Tactic.tacticSeq #[mkNode ``Parser.Tactic.tacticSeq1Indented #[mkNullNode l.toArray]]

/-- What a candidate does in all states of the hole: the first failure, or what became of all goals. Hints are those
of the first state. -/
def runEach (known : Known) (tk : IO.CancelToken) (heartbeats : Nat) (seq : Syntax) (hinting brief : Bool) :
    List Captured → IO (Outcome × List String)
  | [] => return (.failed [("failure", Json.str "no state")], [])
  | cap :: r => do
    let one ← runIn cap tk heartbeats do
      let outcome ← attempt known cap seq
      let hints ← if hinting then reports (ltake 40 (plist (← getThe Core.State).messages.unreported)) else pure []
      return (outcome, hints)
    match one with
    | .error e =>
      let said ← (wordsOf brief e.toMessageData).toString
      return (.failed [("error", Json.str said), ("cause", Json.str (cause e))], [])
    | .ok ((.failed fields, hints), _) => return (.failed fields, hints)
    | .ok ((.done d, hints), _) => match r with
      | [] => return (.done d, hints)
      | _ => match ← runEach known tk heartbeats seq false brief r with
        | (.failed fields, _) => return (.failed fields, hints)
        | (.done e, _) => return (.done (d.and e), hints)

def tagOf (cap : Captured) (g : MVarId) : Name := match cap.metas.mctx.findDecl? g with
  | some d => d.userName.eraseMacroScopes
  | none => .anonymous

def doRun (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.states.get) with
  | none => who.say [("gone", Json.bool true)]
  | some (_, st) =>
    let guard ← s.guard.get
    match ← st.read guard (getStr j "text") with
    | .bad m => who.say [("parse", Json.str m)]
    | .ok tactics anywhere =>
      let tags := lmap (fun g => tagOf st.cap g) st.cap.tac.goals
      match refusedAmong guard tags tactics anywhere with
      | some w => who.say [("refused", Json.str w)]
      | none =>
        let (tail, hinting) := match searchings (← s.search.get) tactics with
          | some w => ([("search", Json.str w)], true)
          | none => ([], false)
        let before ← IO.getNumHeartbeats
        let (outcome, hints) ← runEach (known s guard) c.token (getNat j "heartbeats" 200000) (seqOf tactics) hinting
          (getBool j "brief") (st.cap :: st.others)
        let fields := match outcome with
          | .failed fields => fields
          | .done d => d.fields
        let spent := (← IO.getNumHeartbeats) - before
        who.say (lapp fields (("hints", strs hints) :: ("heartbeats", num (spent / 1000)) :: tail))

def allSorry (orig : Syntax) : Syntax := mkNode ``Parser.Tactic.allGoals #[mkAtom "all_goals", seqOf [orig]]

/-- What is wrong with what was assigned to goals, and with what that rests on. -/
def judge (known : Known) (old : MetavarContext) (before after : List MVarId) (recs : List (MVarId × Expr)) :
    MetaM Outcome := do
  try
    match ← checkAll old after before recs with
    | (k, v) :: r => return .failed ((k, v) :: r)
    | [] =>
      let faults := (← kernelEach known 0 before).and (← faultsOfRecs known before recs)
      return .done { goals := [], closed := true, value := false, recursion := none, faults := faults }
  catch e =>
    if e.isInterrupt then throw e
    return .failed [("error", Json.str (← e.toMessageData.toString))]

/-- Run the candidate where Lean reaches it in its declaration, and judge what it did there: Lean may get there in
states that nobody has seen before. -/
def judged (known : Known) (found : IO.Ref (List Outcome)) (seq : Syntax) : Tactic.Tactic := fun _ => do
  let before := (← getThe Tactic.State).goals
  let old ← getMCtx
  let recsBefore := letRecs (← getThe Term.State)
  Tactic.evalTactic seq
  let after := (← getThe Tactic.State).goals
  let recs := newRecs recsBefore (letRecs (← getThe Term.State))
  let metas ← getThe Meta.State
  let core ← getThe Core.State
  let outcome ← (liftM (judge known old before after recs) : Tactic.TacticM Outcome)
  modifyThe Meta.State fun _ => metas
  modifyThe Core.State fun _ => core
  found.modify fun l => outcome :: l

/-- The first failure of several, or what they rest on. -/
partial def verdictOf : List Outcome → List (String × Json)
  | [] => [("unreached", Json.bool true)]
  | .failed fields :: _ => fields
  | .done d :: r => match r with
    | [] => d.fields
    | .failed fields :: _ => fields
    | .done e :: r => verdictOf (.done (d.and e) :: r)

/-- Elaborate the command in place with a text in the hole; the client compares the errors. With `open`, what the text
leaves is left open: then only the declaration's errors count. -/
def doFinal (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.states.get) with
  | none => who.say [("gone", Json.bool true)]
  | some (_, st) =>
    match ← place st.toSite (getStr j "text") with
    | .bad m => who.say [("parse", Json.str m)]
    | .ok ictx cmd parsed tactics path =>
      let found ← IO.mkRef []
      let known := known s (← s.guard.get)
      -- Tactics stand at the even places of a sequence, what parts them at the odd ones.
      let more := [mkNullNode, allSorry (nodeAt st.path st.base)]
      let hook : Tactic.Tactic := if getBool j "open" then fun _ => Tactic.evalTactic (seqOf (lapp tactics more))
        else judged known found (seqOf tactics)
      let plugged := putAt (llen tactics 0 - 1) (mkNode holeKind #[seqOf tactics]) path cmd
      let r ← try
          let r ← elabOne ictx c.token 0 (withHook hook st.before.cmd) parsed plugged
          pure (some r)
        catch _ => pure none
      match r with
      | none => who.say [("cause", Json.str "interrupt")]
      | some r =>
        if ← c.token.isSet then who.say [("cause", Json.str "interrupt")]
        else
          let errors := strs (← errorTexts (plist r.messages.unreported))
          let outcomes ← found.get
          who.say (("errors", errors) :: (if getBool j "open" then [] else verdictOf outcomes))

end Ghostproof
