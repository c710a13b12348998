import Describe
import State

/-! The requests about files and candidates. -/

open Lean Elab Meta

namespace Ghostproof

def runMeta {α : Type} (cap : Captured) (tk : IO.CancelToken) (x : MetaM α) : IO (Except Exception α) := do
  match ← runIn cap tk 0 (liftM x : Tactic.TacticM α) with
  | .ok (a, _) => return .ok a
  | .error e => return .error e

def openFound (s : Server) (j : Json) (who : Caller) (c : Control) (ictx : Parser.InputContext) (hole : Nat)
    (ends header : Json) (snap : Snap) (pos : BytePos) (stx : Syntax) (parsed : MessageLog) (stop : BytePos) :
    IO Unit := do
  match plug (bytePos hole) stx with
  | none => who.say [("ends", ends), ("none", Json.bool true), ("header", header),
      ("errors", strs (← errorTexts (plist parsed.unreported)))]
  | some (path, plugged, orig) =>
    c.inHole.set true
    let (cap?, msgs) ← try openHole ictx c snap pos parsed plugged orig
      catch _ => pure (none, [])
    if (← c.token.isSet) || (← c.soft.get) then who.say [("ends", ends), ("stopped", Json.bool true)]
    else match cap? with
      | none => who.say [("ends", ends), ("none", Json.bool true), ("header", header), ("errors", strs (← errorTexts msgs))]
      | some cap =>
        let state : State := { siteOf ictx snap pos stop stx path parsed hole with cap := cap }
        let about : MetaM (List String × Json) := do
          let goals ← ppGoals cap.tac.goals
          let main ← match cap.tac.goals with
            | g :: _ => mainGoal g
            | [] => pure Json.null
          return (goals, main)
        match ← runMeta cap c.token about with
        | .error e => who.say [("ends", ends), ("error", Json.str (← e.toMessageData.toString))]
        | .ok (goals, main) =>
          s.states.modify fun l => (getNat j "state" 0, state) :: l
          who.say [("ends", ends), ("goals", strs goals), ("main", main),
            ("owner", Json.str (plain (cap.termCtx.declName?.getD .anonymous)).toString), ("stop", num stop.byteIdx),
            ("tail", num (if state.parseErrors > 0 then stop.byteIdx else (stx.getTailPos?.getD stop).byteIdx)),
            ("errors", strs (← errorTexts msgs))]

def doOpen (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  let hole := getNat j "hole" 0
  let ictx := inputOf (getStr j "text")
  let (ends, errors, found) ← s.toDocuments.advance j c ictx hole
  match found with
  | .stopped => who.say [("ends", ends), ("stopped", Json.bool true)]
  | .more => who.say [("ends", ends), ("more", Json.bool true)]
  | .none => who.say [("ends", ends), ("none", Json.bool true), ("header", strs errors)]
  | .hole snap pos stx parsed stop => openFound s j who c ictx hole ends (strs errors) snap pos stx parsed stop

def cause (e : Exception) : String :=
  if e.isInterrupt then "interrupt" else if e.isMaxHeartbeat then "heartbeats" else ""

def seqOf (l : List Syntax) : Syntax :=
  mkNode ``Parser.Tactic.tacticSeq #[mkNode ``Parser.Tactic.tacticSeq1Indented #[mkNullNode l.toArray]]

def doRun (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.states.get) with
  | none => who.say [("gone", Json.bool true)]
  | some (_, st) =>
    match ← place st.toSite (getStr j "text") with
    | .bad m => who.say [("parse", Json.str m)]
    | .ok _ _ _ tactics =>
      match refusals (← s.guard.get) st.before.cmd.env tactics with
      | some w => who.say [("refused", Json.str w)]
      | none =>
        let search := searchings (← s.search.get) tactics
        let r ← runIn st.cap c.token (getNat j "heartbeats" 200000) do
          let fields ← attempt st.cap (seqOf tactics)
          let hints ← match search with
            | some _ => reports (ltake 40 (plist (← getThe Core.State).messages.unreported))
            | none => pure []
          return (fields, hints)
        let tail := match search with
          | some w => [("search", Json.str w)]
          | none => []
        match r with
        | .ok ((fields, hints), _) => who.say (lapp fields (("hints", strs hints) :: tail))
        | .error e => who.say (("error", Json.str (← (withoutReports e.toMessageData).toString)) :: ("cause", Json.str (cause e)) :: tail)

/-- Elaborate the command in place with a text in the hole; the client compares the errors. -/
def doFinal (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.states.get) with
  | none => who.say [("gone", Json.bool true)]
  | some (_, st) =>
    match ← place st.toSite (getStr j "text") with
    | .bad m => who.say [("parse", Json.str m)]
    | .ok ictx cmd parsed _ =>
      let st ← try
          let r ← elabOne ictx c.token 0 st.before.cmd parsed cmd
          pure (some r)
        catch _ => pure none
      match st with
      | some r =>
        if ← c.token.isSet then who.say [("cause", Json.str "interrupt")]
        else who.say [("errors", strs (← errorTexts (plist r.messages.unreported)))]
      | none => who.say [("cause", Json.str "interrupt")]

end Ghostproof
