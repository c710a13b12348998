import Elaborate
import Place

/-! The hole hands over its state: an elaborator of our own stands in it while the command is elaborated. -/

open Lean Elab Meta

namespace Ghostproof

/-- Everything that the tactic framework has at the hole. -/
structure Captured where
  tacCtx  : Tactic.Context
  tac     : Tactic.State
  termCtx : Term.Context
  term    : Term.State
  metaCtx : Meta.Context
  metas   : Meta.State
  coreCtx : Core.Context
  core    : Core.State

/-- A hole with everything that the tactic framework has at it. -/
structure State extends Site where
  cap    : Captured

def capture (seen : IO.Ref (List Captured)) (orig : Syntax) : Tactic.Tactic := fun _ => do
  let cap : Captured :=
    { tacCtx := ← readThe Tactic.Context, tac := ← getThe Tactic.State
      termCtx := ← readThe Term.Context, term := ← getThe Term.State
      metaCtx := ← readThe Meta.Context, metas := ← getThe Meta.State
      coreCtx := ← readThe Core.Context, core := ← getThe Core.State }
  seen.modify fun l => cap :: l
  Tactic.evalTactic orig

/-- The same hole may be elaborated several times (postponed or backtracked terms, `<;>`): the last one that has a
goal counts. -/
def lastWithGoal : List Captured → Option Captured
  | [] => none
  | c :: r => match c.tac.goals with
    | [] => lastWithGoal r
    | _ => some c

/-- Elaborate the command with the hole, and take the state at it. -/
def openHole (ictx : Parser.InputContext) (c : Control) (snap : Snap) (pos : BytePos) (parsed : MessageLog)
    (plugged orig : Syntax) : IO (Option Captured × List Message) := do
  let seen ← IO.mkRef []
  let hook := elabEntry holeKind (capture seen orig)
  let env := call (ScopedEnvExtension.addEntry Tactic.tacticElabAttribute.ext snap.cmd.env) hook
  let st ← elabOne ictx c.token pos { snap.cmd with env := env } parsed plugged
  return (lastWithGoal (← seen.get), plist st.messages.unreported)

end Ghostproof
