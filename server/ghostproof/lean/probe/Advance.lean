import Requests

/-! The request `advance`: a step from a saved state, of which the state at each of its holes is kept. -/

open Lean Elab Meta

namespace Ghostproof

mutual
/-- Each tactic `sorry` becomes another tactic. -/
partial def replaceHoles (by_ : Syntax → Syntax) (stx : Syntax) : Syntax :=
  if isSorry stx then by_ stx else match stx with
  | .node info k args => .node info k (replaceInEach by_ args.toList).toArray
  | _ => stx
partial def replaceInEach (by_ : Syntax → Syntax) : List Syntax → List Syntax
  | [] => []
  | s :: r => replaceHoles by_ s :: replaceInEach by_ r
end

def skipped (_ : Syntax) : Syntax := mkNode ``Parser.Tactic.skip #[mkAtom "skip"]

/-- A hole that knows the `sorry` it stands for. -/
def holeFor (stx : Syntax) : Syntax := match stx with
  | .node info _ _ => .node info holeKind #[stx]
  | _ => stx

/-- The states at the holes of a step, in the order of the text; none where a hole is reached never or twice. -/
def inOrder (found : List (Nat × Captured)) : List Syntax → Option (List Captured)
  | [] => some []
  | h :: r => match h.getPos? with
    | none => none
    | some at_ => match lfilter (fun p => p.1 == at_.byteIdx) found, inOrder found r with
      | [(_, cap)], some rest => some (cap :: rest)
      | _, _ => none

mutual
partial def holesIn (stx : Syntax) : List Syntax :=
  if isSorry stx then [stx] else holesInEach stx.getArgs.toList
partial def holesInEach : List Syntax → List Syntax
  | [] => []
  | s :: r => lapp (holesIn s) (holesInEach r)
end

def runStep (seq : Syntax) : Tactic.TacticM Unit := do
  Tactic.evalTactic seq
  Tactic.pruneSolvedGoals

def stepInto (cap : Captured) (tk : IO.CancelToken) (heartbeats : Nat) (tactics : List Syntax) :
    IO (Except String (List Captured)) := do
  let seen ← IO.mkRef []
  let hook : Tactic.Tactic := fun stx => do
    let keep ← IO.mkRef []
    capture keep (stx.getArg 0) stx
    match (stx.getArg 0).getPos?, ← keep.get with
    | some at_, cap :: _ => seen.modify fun l => (at_.byteIdx, cap) :: l
    | _, _ => pure ()
  let env := call (ScopedEnvExtension.addEntry Tactic.tacticElabAttribute.ext cap.core.env) (elabEntry holeKind hook)
  let hooked := { cap with core := { cap.core with env := env } }
  match ← runIn hooked tk heartbeats (runStep (seqOf (lmap (replaceHoles holeFor) tactics))) with
  | .error e => return .error (← e.toMessageData.toString)
  | .ok _ => match inOrder (← seen.get) (holesInEach tactics) with
    | some caps => return .ok caps
    | none => return .error "a hole is reached more than once, or never"

def keepEach (s : Server) (st : State) (tk : IO.CancelToken) : List (Nat × Captured) → IO (List Json)
  | [] => return []
  | (number, cap) :: r => do
    let libraries := (← s.guard.get).libraries
    let about : MetaM (List String × Json) := do
      let main ← match cap.tac.goals with
        | g :: _ => mainGoal libraries g
        | [] => pure Json.null
      return (← ppGoals cap.tac.goals, main)
    let one ← match ← runMeta cap tk about with
      | .error e => pure [("unknown", Json.str (← e.toMessageData.toString))]
      | .ok (goals, main) =>
        let next : State := { st with cap := cap, others := [], advanced := true }
        if llen goals 0 > 0 then s.states.modify fun l => (number, next) :: l
        pure [("goals", strs goals), ("main", main)]
    return obj one :: (← keepEach s st tk r)

def zipped {α β : Type} : List α → List β → List (α × β)
  | a :: r, b :: s => (a, b) :: zipped r s
  | _, _ => []

/-- `into` numbers the states that are to be kept, one for each hole of the text. -/
def doAdvance (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.states.get) with
  | none => who.say [("gone", Json.bool true)]
  | some (_, st) =>
    match ← place st.toSite (getStr j "text") with
    | .bad m => who.say [("parse", Json.str m)]
    | .ok _ _ _ tactics _ =>
      let tags := lmap (fun g => tagOf st.cap g) st.cap.tac.goals
      match refused (← s.guard.get) st.lookup tags (lmap (replaceHoles skipped) tactics), st.others with
      | some w, _ => who.say [("refused", Json.str w)]
      | none, _ :: _ => who.say [("unknown", Json.str "the hole has several states")]
      | none, [] => match ← stepInto st.cap c.token (getNat j "heartbeats" 200000) tactics with
        | .error m => who.say [("unknown", Json.str m)]
        | .ok caps =>
          let into := lmap natOf (getList j "into")
          if llen caps 0 != llen into 0 then who.say [("unknown", Json.str "it has other holes")]
          else who.say [("states", arr (← keepEach s st c.token (zipped into caps)))]

end Ghostproof
