import Lean

/-! What is known to differ between versions of Lean, chosen by what elaborates. -/

open Lean Elab Meta

namespace Ghostproof

/-- An elaborator for one syntax kind. Newer versions have a field `isBuiltin`. -/
def elabEntry (kind : Name) (value : Tactic.Tactic) : KeyedDeclsAttribute.AttributeEntry Tactic.Tactic := by
  first
  | exact { key := kind, declName := kind, value := value, isBuiltin := false }
  | exact { key := kind, declName := kind, value := value }

/-- Keeps the compiler from looking into the function: some have no code but the one that is called as a value. -/
@[noinline] def call {α β : Type} (f : α → β) (a : α) : β := f a

/-- A constant whose value was left out of an exported-level `.olean`, so that it looks like an axiom without having
been one. Versions without such files have no function for it, and no such constants. -/
def lostItsValue (env : Environment) (n : Name) : Bool := by
  first
  | exact (env.getModuleIdxFor? n).isSome && (match getOriginalConstKind? env n with
      | some .axiom => false
      | some _ => true
      | none => false)
  | exact (env.getModuleIdxFor? n).isSome && wasOriginallyTheorem env n
  | exact false

/-- The file with what a module hides, beside the one with what it shows. -/
def hiddenPart (shown : System.FilePath) : System.FilePath := shown.toString ++ ".private"

/-- All constants of a module that has been written in parts. Versions without modules write none. -/
def allDataOf (shown : System.FilePath) : IO (Option ModuleData) := by
  first
  | exact (do
      match (← readModuleDataParts #[shown, shown.toString ++ ".server", hiddenPart shown]).toList with
      | [_, _, (data, _)] => return some data
      | _ => return none)
  | exact return none

/-- A theorem, also one of which no proof is to be seen. -/
def isProved (env : Environment) (n : Name) (c : ConstantInfo) : Bool := match c with
  | .thmInfo _ => true
  | .axiomInfo _ => by
    first
    | exact (match getOriginalConstKind? env n with
        | some .thm => true
        | _ => false)
    | exact wasOriginallyTheorem env n
    | exact false
  | _ => false

/-- Full names of the auxiliary declarations (the functions under definition) of a context. -/
def auxFullName (lctx : LocalContext) (d : LocalDecl) : Name := by
  first
  | exact (lctx.auxDeclToFullName.get? d.fvarId).getD d.userName
  | exact (lctx.auxDeclToFullName.find? d.fvarId).getD d.userName
  | exact d.userName

partial def awaitPromise {α : Type} [Nonempty α] (p : IO.Promise α) : BaseIO α := by
  first
  | exact (do
      match ← IO.wait p.result? with
      | some a => pure a
      | none => awaitPromise p)   -- the promise was dropped; nobody does that here
  | exact IO.wait p.result

/-- The functions of `let rec` that Lean has yet to make constants of: what stands for each, and its value. -/
def letRecs (s : Term.State) : List (MVarId × Expr) := by
  first
  | exact go s.letRecsToLift
  | exact []
where go : List Term.LetRecToLift → List (MVarId × Expr)
  | [] => []
  | l :: r => (l.mvarId, l.val) :: go r

/-- The scope of a `noncomputable section`. -/
def withoutCode (s : Command.Scope) : Command.Scope := by
  first
  | exact { s with isNoncomputable := true }
  | exact s

/-- A name as the user wrote it. -/
def plain (n : Name) : Name := (privateToUserName? n).getD n

/-- A module by its number. Newer versions make a list of the names of all modules each time that one asks for it. -/
def moduleAt (env : Environment) (i : ModuleIdx) : Option Name := by
  first
  | exact env.header.modules[i.toNat]?.map fun m => m.module
  | exact env.header.moduleNames[i.toNat]?

/-- A part of a message that Lean prints only when somebody reads it: a goal, and from 4.12 on a term. -/
def isTerm (m : MessageData) : Bool := by
  first
  | exact (match m with | .ofGoal .. => true | .ofLazy .. => true | _ => false)
  | exact (match m with | .ofGoal .. => true | _ => false)

/-- The constants that an identifier may mean, each with the fields that are taken of it. -/
def meanings (env : Environment) (ns : Name) (opens : List OpenDecl) (n : Name) : List (Name × List String) := by
  first
  | exact ResolveName.resolveGlobalName env {} ns opens n
  | exact ResolveName.resolveGlobalName env ns opens n

def inputOf (text : String) : Parser.InputContext := by
  first
  | exact { inputString := text, fileName := "<file>", fileMap := FileMap.ofString text }
  | exact { input := text, fileName := "<file>", fileMap := FileMap.ofString text }

/-- A place in a text, counted in bytes. Up to 4.25, `String.Pos` is what is `String.Pos.Raw` since. -/
abbrev BytePos : Type := by
  first
  | exact String.Pos.Raw
  | exact String.Pos

def bytePos (n : Nat) : BytePos := ⟨n⟩

/-- Where the parser goes on. Newer ones count what stands above as blanks of the next token, unless they are told that
something stands above. -/
def parserAt (pos : BytePos) (recovering : Bool) : Parser.ModuleParserState := by
  first
  | exact { pos := pos, recovering := recovering, hasLeading := false }
  | exact { pos := pos, recovering := recovering }

def piece (text : String) (a b : BytePos) : String := by
  first
  | exact String.Pos.Raw.extract text a b
  | exact String.extract text a b

/-- Set an option, whether options are a `KVMap` (until 4.28) or a structure of their own. -/
def setOpt {α : Type} [KVMap.Value α] (opts : Options) (name : Name) (value : α) : Options := opts.set name value

/-- Without a second thread: what goes on behind a command that has answered, its errors and the kernel's verdict
included, would be seen by nobody. -/
def oneThread (opts : Options) : Options := setOpt opts `Elab.async false

/-- The value of a `let` variable, of one that newer versions call non-dependent as well. -/
def valueOf (d : LocalDecl) : Option Expr := by
  first
  | exact d.value? (allowNondep := true)
  | exact d.value?

/-- The context of an info tree's inner nodes. Until 4.9 or so, each context was a whole one. -/
def innerContext (inner : PartialContextInfo) (outer : Option ContextInfo) : Option ContextInfo :=
  call (fun o => inner.mergeIntoOuter? o) outer

unsafe def letInitializersRunUnsafe : IO Unit := do let _ ← enableInitializersExecution

/-- Lean lets modules run their `initialize` blocks for one import, this program's own; the next must ask again. -/
@[implemented_by letInitializersRunUnsafe] opaque letInitializersRun : IO Unit

/-- The environment behind a header. Up to 4.25, what is derived from imported declarations must be allowed by hand. -/
def importHeader (header : Syntax) (opts : Options) (ictx : Parser.InputContext) (msgs : MessageLog) :
    IO (Environment × MessageLog) := do
  let import' : IO (Environment × MessageLog) := by
    first
    | exact processHeader ⟨header⟩ opts msgs ictx
    | exact processHeader header opts msgs ictx
  letInitializersRun
  let (env, msgs) ← import'
  let ready : IO Environment := by
    first
    | exact env.enableRealizationsForImports opts
    | exact pure env
  return (← ready, msgs)

end Ghostproof
