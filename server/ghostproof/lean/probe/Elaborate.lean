import Jobs
import Messages
import Parse

/-! Elaborating a file command by command. -/

open Lean Elab Meta

namespace Ghostproof

/-! ### in one thread

A command that leaves work to other threads answers before its errors are known and before the kernel has looked. -/

mutual
/-- A command in which no `set_option` asks for other threads. -/
partial def inOneThread : Syntax → Syntax
  | .node info k args => match args.toList with
    | set@(.atom _ "set_option") :: opt@(.ident _ _ n _) :: value =>
      if n.eraseMacroScopes == `Elab.async then .node info k (set :: opt :: turnedOff value).toArray
      else .node info k (set :: opt :: inOneThreadAll value).toArray
    | l => .node info k (inOneThreadAll l).toArray
  | s => s
partial def inOneThreadAll : List Syntax → List Syntax
  | [] => []
  | s :: r => inOneThread s :: inOneThreadAll r
/-- The value and what the option is set for. -/
partial def turnedOff : List Syntax → List Syntax
  | [] => []
  | .atom info "true" :: r => .atom info "false" :: inOneThreadAll r
  | .node info k args :: r => .node info k (turnedOff args.toList).toArray :: turnedOff r
  | s :: r => s :: turnedOff r
end

def scopesInOneThread : List Command.Scope → List Command.Scope
  | [] => []
  | s :: r => { s with opts := oneThread s.opts } :: scopesInOneThread r

def addMessages (log : MessageLog) : List Message → MessageLog
  | [] => log
  | m :: r => addMessages (log.add m) r

def addSnapshots (log : MessageLog) : List Language.Snapshot → MessageLog
  | [] => log
  | s :: r => addSnapshots (addMessages log (plist s.diagnostics.msgLog.unreported)) r

/-- What a macro may have left to other threads all the same: it is waited for. -/
def addTasks (log : MessageLog) : List (Language.SnapshotTask Language.SnapshotTree) → MessageLog
  | [] => log
  | t :: r => addTasks (addSnapshots log (call Language.SnapshotTask.get t).getAll.toList) r

/-- Elaborate one command. Info trees are off unless somebody reads them: the hole hands over its state itself. -/
def elabOne (ictx : Parser.InputContext) (tk : IO.CancelToken) (pos : BytePos) (st : Command.State)
    (parsed : MessageLog) (stx : Syntax) (trees : Bool := false) : IO Command.State := do
  let ctx : Command.Context :=
    { fileName := ictx.fileName, fileMap := ictx.fileMap, cmdPos := pos, snap? := none, cancelTk? := some tk }
  let st := { st with
    scopes := scopesInOneThread st.scopes, messages := parsed, infoState := { enabled := trees }, traceState := {} }
  let r ← (((Command.elabCommandTopLevel (inOneThread stx)).run ctx).run st).toIO
    (fun _ => IO.userError "interrupted")
  return { r.2 with messages := addTasks r.2.messages r.2.snapshotTasks.toList, snapshotTasks := #[] }

/-! ### without code

Lean compiles a definition in another thread and keeps it where that fails. In one thread it gives a recursive one up,
and everything that is proved of it with it: a library without code of its own is enough for that. -/

def defines (k : SyntaxNodeKind) : Bool :=
  k == `Lean.Parser.Command.definition || k == `Lean.Parser.Command.instance || k == `Lean.Parser.Command.abbrev

partial def definesOne : Syntax → Bool
  | .node _ k args =>
    if k == `Lean.Parser.Command.declaration then lany (fun s => defines s.getKind) args.toList
    else k == `Lean.Parser.Command.mutual && lany definesOne (lapp args.toList (lmembers args.toList))
  | _ => false
where lmembers : List Syntax → List Syntax
  | [] => []
  | s :: r => lapp s.getArgs.toList (lmembers r)

def scopesWithoutCode : List Command.Scope → List Command.Scope
  | [] => []
  | s :: r => withoutCode s :: r

/-- Elaborate one command; a definition that has errors only when it is compiled, without compiling it. -/
def elabKept (ictx : Parser.InputContext) (tk : IO.CancelToken) (pos : BytePos) (st : Command.State)
    (parsed : MessageLog) (stx : Syntax) (trees : Bool := false) : IO Command.State := do
  let known := errorCount (plist parsed.unreported)
  let tried ← elabOne ictx tk pos st parsed stx trees
  if !definesOne stx || errorCount (plist tried.messages.unreported) ≤ known || (← tk.isSet) then return tried
  let kept ← elabOne ictx tk pos { st with scopes := scopesWithoutCode st.scopes } parsed stx trees
  if errorCount (plist kept.messages.unreported) > known then return tried
  return { kept with scopes := tried.scopes }

inductive Walk where
  | hole (snap : Snap) (pos : BytePos) (stx : Syntax) (parsed : MessageLog) (stop : BytePos)
  | none
  | more
  | stopped

/-- What became of the new commands, the last one first: where each ended, and the first errors of each. -/
structure Gone where
  ends   : List Nat := []
  faults : List Fault := []

/-- What is looked at behind each new command: its syntax, where the next one begins, and what it has left behind. -/
structure Watch where
  trees : Bool := false   -- whether info trees are wanted
  see   : Syntax → Nat → Command.State → IO Unit := fun _ _ _ => pure ()

/-- Errors of one command that are worth sending. -/
def faultsKept : Nat := 3

/-- Elaborate commands up to the one that holds the byte `hole`, which is only parsed. Returns the snapshots (newest
first) and what became of the new commands. -/
partial def walk (ictx : Parser.InputContext) (c : Control) (hole : Nat) (last : Bool)
    (snaps : List Snap) (pos : BytePos) (gone : Gone) (watch : Watch := {}) : IO (List Snap × Gone × Walk) := do
  if (← c.soft.get) || (← c.token.isSet) then return (snaps, gone, .stopped)
  match snaps with
  | [] => return (snaps, gone, .none)
  | snap :: _ =>
    let (stx, ps, msgs) := parseNext ictx snap pos
    let atEnd := decide (ps.pos.byteIdx ≥ ictx.fileMap.source.utf8ByteSize)
    if atEnd && !last then return (snaps, gone, .more)
    if Parser.isTerminalCommand stx then return (snaps, gone, .none)
    if decide (hole < ps.pos.byteIdx) then
      -- What the client left out may be what the parser misses.
      if !last && errorCount (plist msgs.unreported) > 0 then return (snaps, gone, .more)
      return (snaps, gone, .hole snap pos stx msgs ps.pos)
    let st ← try
        let st ← elabKept ictx c.token pos snap.cmd msgs stx watch.trees
        pure (some st)
      catch _ => pure none
    match st with
    | none => return (snaps, gone, .stopped)
    | some st =>
      if ← c.token.isSet then return (snaps, gone, .stopped)
      -- Newer Leans forget the parser's messages where they elaborate.
      let found ← faultsIn ictx ps.pos (lapp (plist msgs.unreported) (plist st.messages.unreported))
      watch.see stx ps.pos.byteIdx st
      let gone : Gone := { ends := ps.pos.byteIdx :: gone.ends, faults := lapp (ltake faultsKept found) gone.faults }
      let st := { st with messages := {}, infoState := {}, traceState := {}, snapshotTasks := #[] }
      walk ictx c hole last ({ cmd := st, recovering := ps.recovering } :: snaps) ps.pos gone watch

end Ghostproof
