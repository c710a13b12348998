import Compat
import Elaborate
import Frames
import Json
import Run

/-! The tactic steps of an elaborated command, read from its info trees: goals before and after, constants named. -/

open Lean Elab Meta

namespace Ghostproof

/-- Goals of one state that are worth sending. -/
def goalsKept : Nat := 32

structure StepInfo where
  frame  : Frame
  owner  : Name
  before : List String
  after  : List String

/-- A constant where the text names it. -/
structure Mention where
  name : Name
  at_  : Nat
  end_ : Nat

structure Trees where
  steps    : IO.Ref (List StepInfo)   -- the last one first
  mentions : IO.Ref (List Mention)

/-- Goals as they were printed where the tactic stood. New names come from where the command began. -/
def goalsIn (ctx : ContextInfo) (mctx : MetavarContext) (goals : List MVarId) : IO (List String) := do
  let core : Core.Context :=
    { fileName := "<file>", fileMap := ctx.fileMap, options := ctx.options, currNamespace := ctx.currNamespace
      openDecls := ctx.openDecls }
  let printed := (ppGoals (ltake goalsKept goals)).run {} { mctx := mctx }
  match ← (printed.run core { env := ctx.env, ngen := ctx.ngen }).toBaseIO with
  | .ok ((texts, _), _) => return texts
  | .error _ => throw (IO.userError "a goal cannot be printed")

/-- A tactic at one of the known places becomes a step, unless it did nothing or could not be read. -/
def stepOf (ctx : ContextInfo) (frames : List Frame) (t : TacticInfo) : IO (List StepInfo) := do
  match bytesOf t.stx with
  | none => return []
  | some (a, b) =>
    match lfind (fun f => f.at_ == a && f.end_ == b && f.kind == t.stx.getKind) frames with
    | none => return []
    | some frame =>
      let before ← goalsIn ctx t.mctxBefore t.goalsBefore
      let after ← goalsIn ctx t.mctxAfter t.goalsAfter
      if before == after || llen before 0 == 0 then return []
      return [{ frame := frame, owner := ctx.parentDecl?.getD .anonymous, before := before, after := after }]

def mentionOf (stx : Syntax) (e : Expr) : List Mention := match stx, e.getAppFn with
  | .ident .., .const n _ => match bytesOf stx with
    | some (a, b) => [{ name := n, at_ := a, end_ := b }]
    | none => []
  | _, _ => []

def readNode (trees : Trees) (frames : List Frame) (ctx : ContextInfo) : Info → IO Unit
  | .ofTacticInfo t => do
    match ← (stepOf ctx frames t).toBaseIO with
    | .ok found => trees.steps.modify fun l => lapp found l
    | .error _ => pure ()   -- a goal that can't be printed is nobody's step
  | .ofTermInfo t => trees.mentions.modify fun l => lapp (mentionOf t.stx t.expr) l
  | _ => pure ()

mutual
partial def readTree (trees : Trees) (frames : List Frame) (ctx? : Option ContextInfo) : InfoTree → IO Unit
  | .context inner t => readTree trees frames (innerContext inner ctx?) t
  | .node info children => do
    match ctx? with
    | some ctx => readNode trees frames ctx info
    | none => pure ()
    readTrees trees frames ctx? (plist children)
  | .hole _ => pure ()
partial def readTrees (trees : Trees) (frames : List Frame) (ctx? : Option ContextInfo) : List InfoTree → IO Unit
  | [] => pure ()
  | t :: r => do
    readTree trees frames ctx? t
    readTrees trees frames ctx? r
end

def stepJson (s : StepInfo) : Json := obj
  [("at", num s.frame.at_), ("end", num s.frame.end_), ("stop", num s.frame.stop),
   ("owner", Json.str (plain s.owner).toString), ("before", strs s.before), ("after", strs s.after)]

def moduleOf (env : Environment) (n : Name) : String := match env.getModuleIdxFor? n with
  | some i => (plain ((moduleAt env i).getD .anonymous)).toString
  | none => ""

def mentionJson (env : Environment) (m : Mention) : Json := obj
  [("name", Json.str (plain m.name).toString), ("at", num m.at_), ("end", num m.end_),
   ("module", Json.str (moduleOf env m.name))]

/-- The steps of a command without errors in which nothing is left out; none of any other. -/
def stepsOf (stx : Syntax) (stop : Nat) (st : Command.State) : IO (Option Json) := do
  match framesIn stx with
  | [] => return none
  | frames =>
    if leavesOut stx || errorCount (plist st.messages.unreported) > 0 then return none
    let trees : Trees := { steps := ← IO.mkRef [], mentions := ← IO.mkRef [] }
    readTrees trees frames none (plist st.infoState.trees)
    match ← trees.steps.get with
    | [] => return none
    | steps =>
      let start := match stx.getPos? with
        | some a => a.byteIdx
        | none => 0
      return some (obj [("at", num start), ("value", num (valueAt stx stop)),
        ("steps", arr (lmap stepJson (lrev steps []))),
        ("mentions", arr (lmap (mentionJson st.env) (lrev (← trees.mentions.get) [])))])

end Ghostproof
