import Lean
open Lean Elab Meta

/-! The prober: `lean --run Probe.lean`, one JSON request per stdin line, one JSON answer per stdout line.

It elaborates files command by command, keeps a snapshot before each command and the whole elaborator state at a
hole, and runs tactics from that state, as many at once as it has threads. It knows no policy: which words are refused
comes with the `config` request, deadlines come as `cancel` requests, what is kept and dropped is told by the client.

Loops are written as explicit recursions: a Lean whose library has only exported-level `.olean` files can't compile
code into which the compiler inlines private helpers of library loops (`for`, `List.map`, `Array.foldl`, …). -/

namespace Ghostproof

/-! ## compat: what is known to differ between versions, chosen by what elaborates -/

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

/-- A name as the user wrote it. -/
def plain (n : Name) : Name := (privateToUserName? n).getD n

def inputOf (text : String) : Parser.InputContext := by
  first
  | exact { inputString := text, fileName := "<file>", fileMap := text.toFileMap }
  | exact { input := text, fileName := "<file>", fileMap := text.toFileMap }

def bytePos (n : Nat) : String.Pos.Raw := ⟨n⟩

/-! ## lists and JSON -/

def lmap {α β : Type} (f : α → β) : List α → List β
  | [] => []
  | x :: xs => f x :: lmap f xs

def lmapM {α β : Type} (f : α → MetaM β) : List α → MetaM (List β)
  | [] => pure []
  | x :: xs => do let y ← f x; let ys ← lmapM f xs; pure (y :: ys)

def lmapIO {α β : Type} (f : α → BaseIO β) : List α → BaseIO (List β)
  | [] => pure []
  | x :: xs => do let y ← f x; let ys ← lmapIO f xs; pure (y :: ys)

def lfilter {α : Type} (f : α → Bool) : List α → List α
  | [] => []
  | x :: xs => if f x then x :: lfilter f xs else lfilter f xs

def lany {α : Type} (f : α → Bool) : List α → Bool
  | [] => false
  | x :: xs => f x || lany f xs

def lfind {α : Type} (f : α → Bool) : List α → Option α
  | [] => none
  | x :: xs => if f x then some x else lfind f xs

def lfindSome {α β : Type} (f : α → Option β) : List α → Option β
  | [] => none
  | x :: xs => match f x with
    | some y => some y
    | none => lfindSome f xs

def ltake {α : Type} : Nat → List α → List α
  | 0, _ => []
  | _, [] => []
  | n + 1, x :: xs => x :: ltake n xs

def lrev {α : Type} : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => lrev xs (x :: acc)

def lapp {α : Type} : List α → List α → List α
  | [], ys => ys
  | x :: xs, ys => x :: lapp xs ys

def lhas (n : String) (l : List String) : Bool := lany (fun x => x == n) l

mutual
partial def nodeList {α : Type} : PersistentArrayNode α → List α
  | .leaf a => a.toList
  | .node cs => nodesList cs.toList
partial def nodesList {α : Type} : List (PersistentArrayNode α) → List α
  | [] => []
  | n :: r => lapp (nodeList n) (nodesList r)
end

def plist {α : Type} (p : PersistentArray α) : List α := lapp (nodeList p.root) p.tail.toList

def arr (l : List Json) : Json := Json.arr l.toArray
def strs (l : List String) : Json := arr (lmap Json.str l)
def num (n : Nat) : Json := Json.num (JsonNumber.fromNat n)
def obj (l : List (String × Json)) : Json := Json.mkObj l

def getStr (j : Json) (k : String) : String :=
  match j.getObjVal? k with
  | .ok (.str s) => s
  | _ => ""
def getNat (j : Json) (k : String) (d : Nat) : Nat :=
  match j.getObjVal? k with
  | .ok v => (match v.getNat? with | .ok n => n | _ => d)
  | _ => d
def getBool (j : Json) (k : String) : Bool :=
  match j.getObjVal? k with
  | .ok (.bool b) => b
  | _ => false
def getList (j : Json) (k : String) : List Json :=
  match j.getObjVal? k with
  | .ok (.arr a) => a.toList
  | _ => []
def asStr : Json → String
  | .str s => s
  | _ => ""

/-! ## jobs: threads, queues, cancellation -/

/-- What a request may be told while it runs. `soft` stops between commands; the token stops inside elaboration. -/
structure Control where
  token  : IO.CancelToken
  soft   : IO.Ref Bool
  inHole : IO.Ref Bool   -- the command with the hole is being elaborated; nobody else can use its result

structure Queue where
  state : IO.Ref (List (IO Unit) × List (IO.Promise (IO Unit)))

instance : Nonempty (IO Unit) := ⟨pure ()⟩

def Queue.push (q : Queue) (job : IO Unit) : BaseIO Unit := do
  let waiter ← q.state.modifyGet fun (jobs, idle) => match idle with
    | p :: rest => (some p, (jobs, rest))
    | [] => (none, (lapp jobs [job], []))
  match waiter with
  | some p => p.resolve job
  | none => pure ()

partial def Queue.work (q : Queue) : IO Unit := do
  let mine ← IO.Promise.new
  let job? ← q.state.modifyGet fun (jobs, idle) => match jobs with
    | j :: rest => (some j, (rest, idle))
    | [] => (none, ([], mine :: idle))
  let job ← match job? with
    | some j => pure j
    | none => awaitPromise mine
  job
  q.work

def startWorkers (q : Queue) : Nat → IO Unit
  | 0 => pure ()
  | n + 1 => do
    let _ ← IO.asTask (prio := .dedicated) q.work
    startWorkers q n

/-! ## snapshots, documents and states -/

/-- The state before a command. -/
structure Snap where
  cmd : Command.State
  recovering : Bool   -- the parser is still skipping after an error above

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

structure State where
  before : Snap
  pre    : String        -- the command's text up to the hole, led by blanks up to its column
  post   : String        -- from the hole to the end of what the client sent
  base   : Syntax        -- the command with `sorry` in the hole
  path   : List Nat      -- from the command down to the hole
  parseErrors : Nat
  rest   : Nat           -- bytes between the hole and the end of the command
  cap    : Captured

/-- What may be elaborated; the client's policy. -/
structure Guard where
  words     : List String := []     -- no token may be one of these
  unsound   : List String := []     -- no name may end in one of these
  kinds     : NameSet := {}         -- the syntax that may stand anywhere
  prefixes  : List String := []     -- so may syntax of libraries whose name begins so
  keywords  : NameSet := {}         -- and syntax of libraries that begins with one of these
  libraries : List Name := []       -- roots of the libraries; what is defined elsewhere is the project's own

structure Server where
  out      : IO.FS.Stream
  docs     : IO.Ref (List (Nat × List Snap))        -- newest snapshot first; read and written by one thread
  envs     : IO.Ref (List (String × Snap))          -- after the header, by header text
  states   : IO.Ref (List (Nat × State))
  controls : IO.Ref (List (Nat × Control))
  guard    : IO.Ref Guard
  search   : IO.Ref (List String)
  editing  : Queue                                  -- opening: one at a time
  checking : Queue

def isError (m : Message) : Bool := match m.severity with
  | .error => true
  | _ => false

def errorTexts : List Message → BaseIO (List String)
  | [] => return []
  | m :: r => do
    let rest ← errorTexts r
    if isError m then return (← m.data.toString) :: rest
    return rest

/-- A message without its collapsible reports: those of a `grind` that fails take longer to print than `grind` took. -/
partial def withoutReports : MessageData → MessageData
  | .withContext c m => .withContext c (withoutReports m)
  | .withNamingContext c m => .withNamingContext c (withoutReports m)
  | .nest n m => .nest n (withoutReports m)
  | .group m => .group (withoutReports m)
  | .compose a b => .compose (withoutReports a) (withoutReports b)
  | .tagged t m => .tagged t (withoutReports m)
  | .trace .. => .nil
  | m => m

def errorCount : List Message → Nat
  | [] => 0
  | m :: r => (if isError m then 1 else 0) + errorCount r

def llen {α : Type} : List α → Nat → Nat
  | [], n => n
  | _ :: xs, n => llen xs (n + 1)

def lastN {α : Type} (n : Nat) (l : List α) : List α := ldrop (llen l 0 - n) l
where ldrop : Nat → List α → List α
  | 0, l => l
  | _, [] => []
  | n + 1, _ :: xs => ldrop n xs

/-! ## elaborating commands -/

def parseNext (ictx : Parser.InputContext) (s : Snap) (pos : String.Pos.Raw) :
    Syntax × Parser.ModuleParserState × MessageLog :=
  match s.cmd.scopes with
  | [] => (.missing, { pos := ictx.fileMap.source.rawEndPos }, {})
  | scope :: _ =>
    let ctx : Parser.ParserModuleContext :=
      { env := s.cmd.env, options := scope.opts, currNamespace := scope.currNamespace, openDecls := scope.openDecls }
    Parser.parseCommand ictx ctx { pos := pos, recovering := s.recovering } {}

/-- Elaborate one command. Info trees are off: the hole hands over its state itself. -/
def elabOne (ictx : Parser.InputContext) (tk : IO.CancelToken) (pos : String.Pos.Raw) (st : Command.State)
    (parsed : MessageLog) (stx : Syntax) : IO Command.State := do
  let ctx : Command.Context :=
    { fileName := ictx.fileName, fileMap := ictx.fileMap, cmdPos := pos, snap? := none, cancelTk? := some tk }
  let st := { st with messages := parsed, infoState := { enabled := false }, traceState := {} }
  let r ← (((Command.elabCommandTopLevel stx).run ctx).run st).toIO (fun _ => IO.userError "interrupted")
  return r.2

inductive Walk where
  | hole (snap : Snap) (pos : String.Pos.Raw) (stx : Syntax) (parsed : MessageLog) (stop : String.Pos.Raw)
  | none
  | more
  | stopped

/-- Elaborate commands up to the one that holds the byte `hole`, which is only parsed. Returns the snapshots (newest
first) and where each new command ended. -/
partial def walk (ictx : Parser.InputContext) (c : Control) (hole : Nat) (last : Bool)
    (snaps : List Snap) (pos : String.Pos.Raw) (ends : List Nat) : IO (List Snap × List Nat × Walk) := do
  if (← c.soft.get) || (← c.token.isSet) then return (snaps, ends, .stopped)
  match snaps with
  | [] => return (snaps, ends, .none)
  | snap :: _ =>
    let (stx, ps, msgs) := parseNext ictx snap pos
    let atEnd := decide (ps.pos.byteIdx ≥ ictx.fileMap.source.utf8ByteSize)
    if atEnd && !last then return (snaps, ends, .more)
    if Parser.isTerminalCommand stx then return (snaps, ends, .none)
    if decide (hole < ps.pos.byteIdx) then
      -- What the client left out may be what the parser misses.
      if !last && errorCount (plist msgs.unreported) > 0 then return (snaps, ends, .more)
      return (snaps, ends, .hole snap pos stx msgs ps.pos)
    let st ← try
        let st ← elabOne ictx c.token pos snap.cmd msgs stx
        pure (some st)
      catch _ => pure none
    match st with
    | none => return (snaps, ends, .stopped)
    | some st =>
      if ← c.token.isSet then return (snaps, ends, .stopped)
      let st := { st with messages := {}, infoState := {}, traceState := {}, snapshotTasks := #[] }
      walk ictx c hole last ({ cmd := st, recovering := ps.recovering } :: snaps) ps.pos (ps.pos.byteIdx :: ends)

/-! ## the hole -/

def holeKind : Name := `Ghostproof.hole

def isSorry (stx : Syntax) : Bool := match stx with
  | .node _ k args => k != ``Parser.Term.sorry && args.size == 1 && (match args.toList with
    | [.atom _ "sorry"] => true
    | _ => false)
  | _ => false

mutual
/-- The path to the tactic `sorry` that begins at a byte, and the syntax with our own kind in its place. -/
partial def plug (at_ : String.Pos.Raw) (stx : Syntax) : Option (List Nat × Syntax × Syntax) :=
  match stx with
  | .node info k args =>
    if isSorry stx && stx.getPos? == some at_ then some ([], .node info holeKind args, stx)
    else match plugArgs at_ 0 args.toList with
      | some (i, path, new, orig) => some (i :: path, .node info k (args.set! i new), orig)
      | none => none
  | _ => none
partial def plugArgs (at_ : String.Pos.Raw) (i : Nat) : List Syntax → Option (Nat × List Nat × Syntax × Syntax)
  | [] => none
  | s :: rest =>
    let here := match s.getPos?, s.getTailPos? with
      | some a, some b => decide (a.byteIdx ≤ at_.byteIdx) && decide (at_.byteIdx < b.byteIdx)
      | _, _ => false
    match (if here then plug at_ s else none) with
    | some (path, new, orig) => some (i, path, new, orig)
    | none => plugArgs at_ (i + 1) rest
end

def sameAll : List Syntax → List Syntax → Bool
  | [], [] => true
  | a :: as, b :: bs => a.structEq b && sameAll as bs
  | _, _ => false

def splitAt {α : Type} : Nat → List α → List α → List α × List α
  | 0, l, acc => (lrev acc [], l)
  | _, [], acc => (lrev acc [], [])
  | n + 1, x :: xs, acc => splitAt n xs (x :: acc)

/-- What stands in `new` where the path leads in `base`, provided that nothing else differs. In a list of tactics the
one in the hole may have become several. -/
def inHole : List Nat → Syntax → Syntax → Option (List Syntax)
  | [], _, new => some [new]
  | i :: path, base, new =>
    let bs := base.getArgs.toList
    let ns := new.getArgs.toList
    let extra := llen ns 0 - llen bs 0
    if base.getKind != new.getKind || llen ns 0 < llen bs 0 then none
    else
      let (bl, br) := splitAt i bs []
      let (nl, nr) := splitAt i ns []
      if !sameAll bl nl then none
      else match path, br with
        | [], _ :: br =>
          let (mid, tail) := splitAt (extra + 1) nr []
          if sameAll br tail && (extra == 0 || base.getKind == nullKind) then some mid else none
        | _, b :: br => match nr with
          | n :: nr => if extra == 0 && sameAll br nr then inHole path b n else none
          | [] => none
        | _, [] => none

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
def openHole (ictx : Parser.InputContext) (c : Control) (snap : Snap) (pos : String.Pos.Raw) (parsed : MessageLog)
    (plugged orig : Syntax) : IO (Option Captured × List Message) := do
  let seen ← IO.mkRef []
  let hook := elabEntry holeKind (capture seen orig)
  let env := call (ScopedEnvExtension.addEntry Tactic.tacticElabAttribute.ext snap.cmd.env) hook
  let st ← elabOne ictx c.token pos { snap.cmd with env := env } parsed plugged
  return (lastWithGoal (← seen.get), plist st.messages.unreported)

/-! ## running in a captured state -/

/-- Run from a captured state; nothing that happens is seen by anybody else. -/
def runIn {α : Type} (cap : Captured) (tk : IO.CancelToken) (heartbeats : Nat) (act : Tactic.TacticM α) :
    IO (Except Exception (α × Core.State)) := do
  let opts := cap.coreCtx.options
  let opts := if heartbeats == 0 then opts else opts.setNat `maxHeartbeats heartbeats
  let opts := opts.setBool `debug.skipKernelTC false
  let limit := if heartbeats == 0 then cap.coreCtx.maxHeartbeats else heartbeats * 1000
  let coreCtx := { cap.coreCtx with
    options := opts, initHeartbeats := ← IO.getNumHeartbeats, maxHeartbeats := limit, cancelTk? := some tk }
  let core := { cap.core with messages := {}, infoState := { enabled := false }, traceState := {}, snapshotTasks := #[] }
  let inTerm : TermElabM (α × Tactic.State) := (act { cap.tacCtx with recover := false }).run cap.tac
  let inMeta := (inTerm { cap.termCtx with errToSorry := false }).run cap.term
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
      match d.value? (allowNondep := true) with
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
      match d.value? (allowNondep := true) with
      | some v => return t :: (← instantiateMVars v) :: rest
      | none => return t :: rest
  go (hypotheses (← getLCtx))

def axiomsOf (names : List Name) : CoreM (List Name) := do
  let env ← getEnv
  let rec go : List Name → CoreM (List Name)
    | [] => return []
    | n :: r => do
      let mine ← collectAxioms n
      return lapp mine.toList (← go r)
  return lfilter (fun n =>
    !(n == ``propext || n == ``Classical.choice || n == ``Quot.sound || lostItsValue env n)) (← go names)

/-- Close the goal's proof over its context and its open metavariables, and let the kernel check it. The answer lists
the axioms that neither mathematics nor the statement asks for. -/
def kernelCheck (g : MVarId) (number : Nat) : MetaM (List Name) := inGoal g do
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
  match ← axiomsOf [name] with
  | [] => return []
  | found => do
    let statement ← axiomsOf type.getUsedConstants.toList
    return lfilter (fun n => !lany (fun m => n == m) statement) found

def newMVars (old : MetavarContext) (goals : List MVarId) : List MVarId → MetaM (List MVarId)
  | [] => return []
  | m :: r => do
    let rest ← newMVars old goals r
    if (old.findDecl? m).isSome || lany (fun g => g == m) goals || (← m.isDelayedAssigned) then return rest
    return m :: rest

def checkEach (owner : Name) (old : MetavarContext) (after : List MVarId) (statement : List Expr) :
    List MVarId → MetaM (List (String × Json))
  | [] => return []
  | g :: r => do
    if !((← g.isAssigned) || (← g.isDelayedAssigned)) then checkEach owner old after statement r
    else
      let e ← instantiateMVars (mkMVar g)
      let lctx := (← g.getDecl).lctx
      match circle owner lctx statement e (auxDecls lctx) with
      | some n => return [("circular", Json.str (plain n).toString)]
      | none =>
        if e.hasSorry then return [("sorry", Json.bool true)]
        let left ← getMVars e
        match ← newMVars old after left.toList with
        | m :: _ => do
          let t ← instantiateMVars (← m.getType)
          return [("error", Json.str s!"don't know how to synthesize placeholder of type {← ppExpr t}")]
        | [] => checkEach owner old after statement r

def kernelEach (number : Nat) : List MVarId → MetaM (List Name)
  | [] => return []
  | g :: r => do
    if !(← g.isAssigned) then kernelEach (number + 1) r
    else
      let mine ← kernelCheck g number
      return lapp mine (← kernelEach (number + 1) r)

def ppGoals (gs : List MVarId) : MetaM (List String) := lmapM (fun g => do return toString (← ppGoal g)) gs

def mvarMember (l : List MVarId) (g : MVarId) : Bool := lany (fun x => x == g) l

def firstErrors : List Message → List Message
  | [] => []
  | m :: r => if isError m then [m] else firstErrors r

/-- Run the tactics and say what became of the goals. -/
def attempt (cap : Captured) (seq : Syntax) : Tactic.TacticM (List (String × Json)) := do
  let before := (← getThe Tactic.State).goals
  let old ← getMCtx
  let prints ← lmapM fingerprint before
  let statement ← match before with
    | g :: _ => statementOf g
    | [] => pure []
  -- What the enclosing terms have pending stays theirs.
  let pending := (← getThe Term.State).pendingMVars
  modifyThe Term.State fun s => { s with pendingMVars := [] }
  Tactic.evalTactic seq
  Term.synthesizeSyntheticMVarsNoPostponing
  modifyThe Term.State fun s => { s with pendingMVars := lapp s.pendingMVars pending }
  Tactic.pruneSolvedGoals
  let after := (← getThe Tactic.State).goals
  match firstErrors (plist (← getThe Core.State).messages.unreported) with
  | m :: _ => return [("error", Json.str (← m.data.toString))]
  | [] =>
    let owner := cap.termCtx.declName?.getD .anonymous
    match ← checkEach owner old after statement before with
    | (k, v) :: r => return (k, v) :: r
    | [] =>
      if sameGoals prints (← lmapM fingerprint after) then return [("same", Json.bool true)]
      let mainClosed ← match before with
        | g :: _ => g.isAssigned
        | [] => pure false
      let only := !lany (fun g => !mvarMember before g) after
      let closedMain := mainClosed && only
      -- Before the kernel's turn, for which metavariables are abstracted.
      let shown ← ppGoals after
      let bad ← if closedMain then kernelEach 0 before else pure []
      return [("goals", strs shown), ("closed", Json.bool closedMain),
        ("axioms", strs (lmap (fun n => (plain n).toString) bad))]

/-! ## what a goal is made of -/

def coreRoots : List String :=
  ["Init", "Std", "Lean", "Lake", "Batteries", "Mathlib", "Aesop", "Qq", "ProofWidgets", "Plausible", "ImportGraph",
   "LeanSearchClient", "Cli"]

/-- The last component of a name. -/
def lastPart : Name → String
  | .str _ s => s
  | _ => ""

def rootOf : Name → String
  | .str .anonymous s => s
  | .str p _ => rootOf p
  | .num p _ => rootOf p
  | .anonymous => ""

def isUsers (env : Environment) (n : Name) : Bool :=
  match env.getModuleIdxFor? n with
  | none => true
  | some i => !lhas (rootOf (env.header.moduleNames[i.toNat]!)) coreRoots

/-- A function of the user's that can be unfolded and is worth naming. -/
def isUserFunction (env : Environment) (n : Name) : Bool :=
  isUsers env n && !(plain n).isInternal && !env.isProjectionFn n && !isMatcherCore env n && !isInstanceCore env n &&
    !isAuxRecursor env n && !isNoConfusion env n &&
    match env.find? n with
    | some (.defnInfo d) => d.type.isForall || !d.type.isSort
    | _ => false

def consName (l : List Name) (n : Name) : List Name := if lany (fun m => m == n) l then l else n :: l

def addNames : List Name → List Name → List Name
  | acc, [] => acc
  | acc, n :: r => addNames (consName acc n) r

def userFunctions (env : Environment) : List Expr → List Name → List Name
  | [], acc => lrev acc []
  | e :: r, acc => userFunctions env r (addNames acc (lfilter (isUserFunction env) e.getUsedConstants.toList))

def spine : Expr → List Expr → List Expr
  | .app f a, args => spine f (a :: args)
  | _, args => args

def arityOf : Expr → Nat
  | .forallE _ _ b _ => arityOf b + 1
  | .mdata _ b => arityOf b
  | _ => 0

mutual
/-- Full applications of `f` in an expression, outermost first. -/
partial def applications (f : Name) (arity : Nat) (e : Expr) (acc : List Expr) : List Expr :=
  let fn := e.getAppFn
  let args := spine e []
  let acc := if fn.isConstOf f && llen args 0 == arity && !e.hasLooseBVars && !lany (fun x => x == e) acc
    then e :: acc else acc
  match e with
  | .app .. => appsOfAll f arity args (match fn with | .const .. => acc | _ => applications f arity fn acc)
  | .lam _ t b _ => applications f arity b (applications f arity t acc)
  | .forallE _ t b _ => applications f arity b (applications f arity t acc)
  | .letE _ t v b _ => applications f arity b (applications f arity v (applications f arity t acc))
  | .mdata _ b => applications f arity b acc
  | .proj _ _ b => applications f arity b acc
  | _ => acc
partial def appsOfAll (f : Name) (arity : Nat) : List Expr → List Expr → List Expr
  | [], acc => acc
  | e :: r, acc => appsOfAll f arity r (applications f arity e acc)
end

def appsIn (f : Name) (arity : Nat) : List Expr → List Expr → List Expr
  | [], acc => lrev acc []
  | e :: r, acc => appsIn f arity r (applications f arity e acc)

/-- Defined by recursion: structural and well-founded recursion leave their combinators in the value. The marks that
Lean sets for it differ between versions and miss one kind or the other. -/
def isRecursiveDef (env : Environment) (n : Name) : Bool :=
  match env.find? n with
  | some (.defnInfo d) => lany isCombinator d.value.getUsedConstants.toList
  | _ => false
where isCombinator (n : Name) : Bool :=
  let s := lastPart n
  s.startsWith "brecOn" || s == "rec" || s == "fix" || s == "fixF" || s == "_unary" || s == "_mutual"

def functionJson (exprs : List Expr) (n : Name) : MetaM Json := do
  let env ← getEnv
  let arity := match env.find? n with
    | some c => arityOf c.type
    | none => 0
  let apps := if arity == 0 then [] else ltake 8 (appsIn n arity exprs [])
  let texts ← lmapM (fun e => do return toString (← ppExpr e)) apps
  -- A constant alone is printed the shortest way that means it here; `@` says that it has implicit arguments.
  let short := String.join (lmap Char.toString <| lfilter (fun c => c != '@') (toString (← ppExpr (mkConst n))).toList)
  return obj [("name", Json.str short), ("recursive", Json.bool (isRecursiveDef env n)),
    ("applications", strs texts)]

def inductiveOf (t : Expr) : MetaM (String × Bool) := do
  let t ← whnfR t
  match t.getAppFn with
  | .const n _ => match (← getEnv).find? n with
    | some (.inductInfo i) => return ((plain n).toString, i.isRec)
    | _ => return ("", false)
  | _ => return ("", false)

def hypothesisJson (shown : LocalContext) (d : LocalDecl) : MetaM Json := do
  let t ← instantiateMVars d.type
  let (ind, isRec) ← inductiveOf t
  let name := match shown.find? d.fvarId with
    | some s => s.userName
    | none => d.userName
  return obj [("name", Json.str name.toString), ("type", Json.str (toString (← ppExpr t))),
    ("isProp", Json.bool (← isProp t)), ("inductive", Json.str ind), ("recursive", Json.bool isRec)]

def binders : Expr → List String
  | .forallE n _ b _ => (if b.hasLooseBVar 0 then n.eraseMacroScopes.toString else "") :: binders b
  | .mdata _ b => binders b
  | _ => []

def headOf (e : Expr) : String :=
  match e.consumeMData with
  | .forallE .. => "∀"
  | e => match e.getAppFn with
    | .const n _ => (plain n).toString
    | _ => ""

def mainGoal (g : MVarId) : MetaM Json := inGoal g do
  let target ← instantiateMVars (← g.getType)
  let lctx ← getLCtx
  let shown := (lctx.sanitizeNames.run' { options := ← getOptions } : Id LocalContext)
  withTheReader Meta.Context (fun c => { c with lctx := shown }) do
    let hyps := hypotheses lctx
    let types ← lmapM (fun d => instantiateMVars d.type) hyps
    let exprs := target :: types
    let names := userFunctions (← getEnv) exprs []
    return obj [
      ("target", Json.str (toString (← ppExpr target))), ("head", Json.str (headOf target)),
      ("binders", strs (binders target)), ("hypotheses", arr (← lmapM (hypothesisJson shown) hyps)),
      ("functions", arr (← lmapM (functionJson exprs) names))]

/-! ## refusing -/

def endsInQuery (s : String) : Bool :=
  s.any (fun c => c == '?') && (match s.toList with
    | c :: _ => c.isAlpha
    | [] => false)

/-- The token that a syntax tree begins with, "" if that is no keyword. -/
partial def firstKeyword : Syntax → String
  | .atom _ s => s
  | .node _ _ args => firstOf args.toList
  | _ => ""
where firstOf : List Syntax → String
  | [] => ""
  | s :: r => match s with
    | .node _ _ #[] => firstOf r
    | _ => firstKeyword s

/-- The root of the module that defines a name; none for the file itself, and `_` for what is no name of a constant. -/
def definedIn (env : Environment) (n : Name) : Option Name :=
  match env.getModuleIdxFor? n with
  | some i => some ((env.header.moduleNames[i.toNat]?.getD `_).getRoot)
  | none => if env.contains n then none else some `_

def lprefix (s : String) (l : List String) : Bool := lany (fun p => s.startsWith p) l

/-- Whether a node may be elaborated: its kind is listed, or the project's own, or a library's and of a listed sort.
Below `token` stand single tokens with several spellings. -/
def allowed (g : Guard) (env : Environment) (stx : Syntax) (k : Name) : Bool :=
  k.getRoot == `token || call (fun x => g.kinds.contains x) k || match definedIn env k with
    | none => true
    | some root =>
      if root == `_ then false
      else if !lany (fun l => l == root) g.libraries then true
      else
        let last := lastPart k
        last.startsWith "term" || last.startsWith "binderPred" || lprefix k.toString g.prefixes ||
          call (fun x => g.keywords.contains x) (Name.mkSimple (firstKeyword stx))

mutual
/-- The first word, or kind of syntax, that may not be elaborated. -/
partial def refusal (g : Guard) (env : Environment) : Syntax → Option String
  | .atom _ s => if lhas s g.words then some s else none
  | .ident _ _ n _ => if lhas (lastPart n.eraseMacroScopes) g.unsound then some n.toString else none
  | stx@(.node _ k args) =>
    match args.toList with
    | [.atom _ "+", .ident _ _ `native _] => some "+native"
    | l => match refusals g env l with
      | some w => some w
      | none => if allowed g env stx k then none else some k.toString
  | .missing => none
partial def refusals (g : Guard) (env : Environment) : List Syntax → Option String
  | [] => none
  | s :: r => match refusal g env s with
    | some w => some w
    | none => refusals g env r
end

mutual
/-- The first search tactic: a keyword with a question mark, or one of the words given. -/
partial def searching (words : List String) : Syntax → Option String
  | .atom _ s => if endsInQuery s || lhas s words then some s else none
  | .node _ _ args => searchings words args.toList
  | _ => none
partial def searchings (words : List String) : List Syntax → Option String
  | [] => none
  | s :: r => match searching words s with
    | some w => some w
    | none => searchings words r
end

/-! ## requests -/

def Server.say (s : Server) (id : Nat) (fields : List (String × Json)) : IO Unit := do
  -- One write per line: answers come from several threads.
  s.out.putStr ((obj (("id", num id) :: fields)).compress ++ "\n")
  s.out.flush

def setOption (opts : Options) (name value : String) (decl : Option OptionDecl) : Options :=
  let n := name.toName
  match decl with
  | some d => match d.defValue with
    | .ofBool _ => opts.setBool n (value == "true")
    | .ofNat _ => opts.setNat n (value.toNat?.getD 0)
    | .ofString _ => opts.setString n value
    | _ => opts
  | none => opts

def optionDecl? (n : Name) : BaseIO (Option OptionDecl) := do
  match ← (getOptionDecl n).toBaseIO with
  | .ok d => return some d
  | .error _ => return none

def readOptions (opts : Options) : List Json → BaseIO Options
  | [] => return opts
  | j :: r => do
    match j with
    | .arr a => match a.toList with
      | [.str n, .str v] => do readOptions (setOption opts n v (← optionDecl? n.toName)) r
      | _ => readOptions opts r
    | _ => readOptions opts r

def textOf (ictx : Parser.InputContext) (a b : Nat) : String :=
  String.Pos.Raw.extract ictx.fileMap.source (bytePos a) (bytePos b)

/-- The snapshot behind the header, and the header's errors. A header that has been imported is imported once. -/
def afterHeader (s : Server) (j : Json) (ictx : Parser.InputContext) :
    IO (Snap × String.Pos.Raw × List String) := do
  let (header, ps, msgs) ← Parser.parseHeader ictx
  let imports := match header.raw.getPos?, header.raw.getTailPos? with
    | some a, some b => textOf ictx a.byteIdx b.byteIdx
    | _, _ => ""
  let key := imports ++ "\n" ++ (j.getObjValD "options").compress
  match lfind (fun p => p.1 == key) (← s.envs.get) with
  | some (_, snap) => return (snap, ps.pos, [])
  | none =>
    let opts ← readOptions (({} : Options).setBool `Elab.async false) (getList j "options")
    let (env, msgs) ← processHeader header opts msgs ictx
    let errors ← lmapIO (fun m => m.data.toString) (lfilter isError (plist msgs.unreported))
    let snap : Snap := { cmd := Command.mkState env {} opts, recovering := ps.recovering }
    match errors with
    | [] => s.envs.modify fun l => (key, snap) :: l   -- the memory of an import is never given back
    | _ => pure ()
    return (snap, ps.pos, errors)

def column (ictx : Parser.InputContext) (pos : String.Pos.Raw) : Nat := (ictx.fileMap.toPosition pos).column

def spaces : Nat → String
  | 0 => ""
  | n + 1 => " " ++ spaces n

def runMeta {α : Type} (cap : Captured) (tk : IO.CancelToken) (x : MetaM α) : IO (Except Exception α) := do
  match ← runIn cap tk 0 (liftM x : Tactic.TacticM α) with
  | .ok (a, _) => return .ok a
  | .error e => return .error e

def openFound (s : Server) (j : Json) (id : Nat) (c : Control) (ictx : Parser.InputContext) (hole : Nat)
    (ends header : Json) (snap : Snap) (pos : String.Pos.Raw) (stx : Syntax) (parsed : MessageLog) (stop : String.Pos.Raw) :
    IO Unit := do
  match plug (bytePos hole) stx with
  | none => s.say id [("ends", ends), ("none", Json.bool true), ("header", header),
      ("errors", strs (← errorTexts (plist parsed.unreported)))]
  | some (path, plugged, orig) =>
    c.inHole.set true
    let (cap?, msgs) ← try openHole ictx c snap pos parsed plugged orig
      catch _ => pure (none, [])
    if (← c.token.isSet) || (← c.soft.get) then s.say id [("ends", ends), ("stopped", Json.bool true)]
    else match cap? with
      | none => s.say id [("ends", ends), ("none", Json.bool true), ("header", header), ("errors", strs (← errorTexts msgs))]
      | some cap =>
        let size := ictx.fileMap.source.utf8ByteSize
        let state : State :=
          { before := snap, pre := spaces (column ictx pos) ++ textOf ictx pos.byteIdx hole
            post := textOf ictx (hole + 5) size, base := stx, path := path
            parseErrors := errorCount (plist parsed.unreported), rest := stop.byteIdx - (hole + 5), cap := cap }
        let about : MetaM (List String × Json) := do
          let goals ← ppGoals cap.tac.goals
          let main ← match cap.tac.goals with
            | g :: _ => mainGoal g
            | [] => pure Json.null
          return (goals, main)
        match ← runMeta cap c.token about with
        | .error e => s.say id [("ends", ends), ("error", Json.str (← e.toMessageData.toString))]
        | .ok (goals, main) =>
          s.states.modify fun l => (getNat j "state" 0, state) :: l
          s.say id [("ends", ends), ("goals", strs goals), ("main", main),
            ("owner", Json.str (plain (cap.termCtx.declName?.getD .anonymous)).toString), ("stop", num stop.byteIdx),
            ("tail", num (if state.parseErrors > 0 then stop.byteIdx else (stx.getTailPos?.getD stop).byteIdx)),
            ("errors", strs (← errorTexts msgs))]

def doOpen (s : Server) (j : Json) (id : Nat) (c : Control) : IO Unit := do
  let doc := getNat j "doc" 0
  let keep := getNat j "keep" 0   -- snapshots to keep; 0: the text begins with the header
  let hole := getNat j "hole" 0
  let ictx := inputOf (getStr j "text")
  let old := match lfind (fun p => p.1 == doc) (← s.docs.get) with
    | some (_, l) => lastN keep l
    | none => []
  if llen old 0 < keep then throw (IO.userError "the document is out of step")
  let (snaps, pos, ends, errors) ← if keep == 0 then do
      let (snap, pos, errors) ← afterHeader s j ictx
      pure ([snap], pos, [pos.byteIdx], errors)
    else pure (old, bytePos (getNat j "from" 0), [], [])
  let (snaps, ends, found) ← walk ictx c hole (getBool j "last") snaps pos ends
  s.docs.modify fun l => (doc, snaps) :: lfilter (fun p => p.1 != doc) l
  let ends := arr (lmap num (lrev ends []))
  match found with
  | .stopped => s.say id [("ends", ends), ("stopped", Json.bool true)]
  | .more => s.say id [("ends", ends), ("more", Json.bool true)]
  | .none => s.say id [("ends", ends), ("none", Json.bool true), ("header", strs errors)]
  | .hole snap pos stx parsed stop => openFound s j id c ictx hole ends (strs errors) snap pos stx parsed stop

def cause (e : Exception) : String :=
  if e.isInterrupt then "interrupt" else if e.isMaxHeartbeat then "heartbeats" else ""

inductive Placed where
  | bad (message : String)
  | ok (ictx : Parser.InputContext) (cmd : Syntax) (parsed : MessageLog) (tactics : List Syntax)

/-- Parse the command with a text in the hole; everything outside the hole must be what it was. -/
def place (st : State) (text : String) : BaseIO Placed := do
  let ictx := inputOf (st.pre ++ text ++ st.post)
  let start := bytePos (match st.base.getPos? with | some _ => leading st.pre.toList 0 | none => 0)
  let (stx, ps, msgs) := parseNext ictx st.before start
  let list := plist msgs.unreported
  if decide (errorCount list > st.parseErrors) then
    match firstErrors list with
    | m :: _ => return .bad (← m.data.toString)
    | [] => return .bad "parse error"
  if ps.pos.byteIdx != st.pre.utf8ByteSize + text.utf8ByteSize + st.rest then
    return .bad "the text changes what follows it"
  match inHole st.path st.base stx with
  | some l => return .ok ictx stx msgs l
  | none => return .bad "the text is not a tactic sequence at this place"
where leading : List Char → Nat → Nat
  | ' ' :: r, n => leading r (n + 1)
  | _, n => n

def seqOf (l : List Syntax) : Syntax :=
  mkNode ``Parser.Tactic.tacticSeq #[mkNode ``Parser.Tactic.tacticSeq1Indented #[mkNullNode l.toArray]]

def reports : List Message → BaseIO (List String)
  | [] => return []
  | m :: r => do
    if isError m then reports r
    else
      let s ← m.data.toString
      let rest ← reports r
      return if s.startsWith "Try th" then s :: rest else rest

def doRun (s : Server) (j : Json) (id : Nat) (c : Control) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.states.get) with
  | none => s.say id [("gone", Json.bool true)]
  | some (_, st) =>
    match ← place st (getStr j "text") with
    | .bad m => s.say id [("parse", Json.str m)]
    | .ok _ _ _ tactics =>
      match refusals (← s.guard.get) st.before.cmd.env tactics with
      | some w => s.say id [("refused", Json.str w)]
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
        | .ok ((fields, hints), _) => s.say id (lapp fields (("hints", strs hints) :: tail))
        | .error e => s.say id (("error", Json.str (← (withoutReports e.toMessageData).toString)) :: ("cause", Json.str (cause e)) :: tail)

/-- Elaborate the command in place with a text in the hole; the client compares the errors. -/
def doFinal (s : Server) (j : Json) (id : Nat) (c : Control) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.states.get) with
  | none => s.say id [("gone", Json.bool true)]
  | some (_, st) =>
    match ← place st (getStr j "text") with
    | .bad m => s.say id [("parse", Json.str m)]
    | .ok ictx cmd parsed _ =>
      let st ← try
          let r ← elabOne ictx c.token 0 st.before.cmd parsed cmd
          pure (some r)
        catch _ => pure none
      match st with
      | some r =>
        if ← c.token.isSet then s.say id [("cause", Json.str "interrupt")]
        else s.say id [("errors", strs (← errorTexts (plist r.messages.unreported)))]
      | none => s.say id [("cause", Json.str "interrupt")]

def Server.spawn (s : Server) (q : Queue) (id : Nat) (body : Control → IO Unit) : IO Unit := do
  let c : Control := { token := ← IO.CancelToken.new, soft := ← IO.mkRef false, inHole := ← IO.mkRef false }
  s.controls.modify fun l => (id, c) :: l
  q.push do
    try body c
    catch e => s.say id [("failure", Json.str (toString e))]
    s.controls.modify fun l => lfilter (fun p => p.1 != id) l

def cancel (s : Server) (j : Json) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "target" 0) (← s.controls.get) with
  | none => pure ()
  | some (_, c) =>
    c.soft.set true
    if getBool j "hard" || (← c.inHole.get) then c.token.set

def nameSet : List Name → NameSet
  | [] => {}
  | n :: r => (nameSet r).insert n

def configure (s : Server) (j : Json) (id : Nat) : IO Unit := do
  let texts := fun k => lmap asStr (getList j k)
  s.guard.set {
    words := texts "refused", unsound := texts "unsound", prefixes := texts "prefixes"
    kinds := nameSet (lmap String.toName (texts "kinds")), keywords := nameSet (lmap Name.mkSimple (texts "keywords"))
    libraries := lmap Name.mkSimple (texts "libraries") }
  s.search.set (lmap asStr (getList j "search"))
  startWorkers s.editing 1
  startWorkers s.checking (getNat j "width" 1)
  s.say id [("version", Json.str Lean.versionString)]

def natOf (j : Json) : Nat := match j.getNat? with
  | .ok n => n
  | _ => 0

def dropStates (s : Server) (j : Json) : IO Unit := do
  let gone := lmap natOf (getList j "states")
  s.states.modify fun l => lfilter (fun p => !lany (fun n => n == p.1) gone) l
  let docs := lmap natOf (getList j "docs")
  s.docs.modify fun l => lfilter (fun p => !lany (fun n => n == p.1) docs) l

def handle (s : Server) (j : Json) : IO Unit := do
  let id := getNat j "id" 0
  match getStr j "do" with
  | "open" => s.spawn s.editing id (doOpen s j id)
  | "run" => s.spawn s.checking id (doRun s j id)
  | "final" => s.spawn s.checking id (doFinal s j id)
  | "cancel" => cancel s j
  | "drop" => dropStates s j
  | "config" => configure s j id
  | other => s.say id [("failure", Json.str s!"unknown request {other}")]

partial def serve (s : Server) (input : IO.FS.Stream) : IO Unit := do
  let line ← input.getLine
  if line.isEmpty then IO.Process.exit 0
  match Json.parse line with
  | .ok j => handle s j
  | .error e => s.say 0 [("failure", Json.str e)]
  serve s input

def main (_ : List String) : IO Unit := do
  let s : Server :=
    { out := ← IO.getStdout, docs := ← IO.mkRef [], envs := ← IO.mkRef [], states := ← IO.mkRef []
      controls := ← IO.mkRef [], guard := ← IO.mkRef {}, search := ← IO.mkRef []
      editing := ⟨← IO.mkRef ([], [])⟩, checking := ⟨← IO.mkRef ([], [])⟩ }
  s.say 0 [("ready", Json.bool true)]
  serve s (← IO.getStdin)

end Ghostproof

-- Where definitions are private unless they say otherwise, `lean --run` finds no `main`, and where they are not, the
-- word `public` is unknown. This defines it in either case.
def Ghostproof.exported : Unit := by_elab do
  let type ← inferType (mkConst ``Ghostproof.main)
  addAndCompile (.defnDecl
    { name := `main, levelParams := [], type := type, value := mkConst ``Ghostproof.main
      hints := .abbrev, safety := .safe })
  return mkConst ``Unit.unit
