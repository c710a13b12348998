import Elaborate
import Reading

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
  cap      : Captured
  others   : List Captured        -- of a hole that is reached several times, with other goals
  readings : IO.Ref (List Kept)   -- of texts in the hole, for all states that steps from it have led to
  advanced : Bool := false        -- a step has led to it

/-- What an identifier may mean at a state. -/
def State.lookup (st : State) : Lookup :=
  { env := st.before.cmd.env, ns := st.cap.coreCtx.currNamespace, opens := st.cap.coreCtx.openDecls }

/-- What a text in the hole reads as. A goal that the user rests at is asked about a text once, those of a search again
and again. -/
def State.read (st : State) (g : Guard) (text : String) : BaseIO Reading :=
  if st.advanced then st.toSite.readOnce st.readings g st.lookup text else st.toSite.read g st.lookup text

def capture (seen : IO.Ref (List Captured)) (orig : Syntax) : Tactic.Tactic := fun _ => do
  let cap : Captured :=
    { tacCtx := ← readThe Tactic.Context, tac := ← getThe Tactic.State
      termCtx := ← readThe Term.Context, term := ← getThe Term.State
      metaCtx := ← readThe Meta.Context, metas := ← getThe Meta.State
      coreCtx := ← readThe Core.Context, core := ← getThe Core.State }
  seen.modify fun l => cap :: l
  Tactic.evalTactic orig

/-- The same hole may be reached several times (`<;>`, `all_goals`, terms put off or taken back), and a tactic stands
for all of them. Where nothing is left to do, nothing can be judged. -/
def withGoals (l : List Captured) : List Captured := lfilter (fun c => llen c.tac.goals 0 != 0) l

def withHook (hook : Tactic.Tactic) (st : Command.State) : Command.State :=
  { st with env := call (ScopedEnvExtension.addEntry Tactic.tacticElabAttribute.ext st.env) (elabEntry holeKind hook) }

/-- Elaborate the command with the hole, and take the states at it, the last one first. -/
def openHole (ictx : Parser.InputContext) (c : Control) (snap : Snap) (pos : BytePos) (parsed : MessageLog)
    (plugged orig : Syntax) : IO (List Captured × List Message) := do
  let seen ← IO.mkRef []
  let st ← elabOne ictx c.token pos (withHook (capture seen orig) snap.cmd) parsed plugged
  return (withGoals (← seen.get), plist st.messages.unreported)

end Ghostproof
