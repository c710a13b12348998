import Jobs
import Messages
import Parse

/-! Elaborating a file command by command. -/

open Lean Elab Meta

namespace Ghostproof

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

end Ghostproof
