import Answers
import Documents
import Place
import Refuse

/-! The reader: `lean --run`, one JSON request per stdin line, one JSON answer per stdout line.

It lets Lean's parser read candidates in place and says whether they may be elaborated. It never elaborates one, nor
the command that the hole is in: only what stands above, which may define syntax. -/

open Lean Elab Meta

namespace Ghostproof

structure Reader extends Documents where
  out      : IO.FS.Stream
  sites    : IO.Ref (List (Nat × Site))
  controls : IO.Ref (List (Nat × Control))
  guard    : IO.Ref Guard
  search   : IO.Ref (List String)
  work     : Queue

def Reader.open (s : Reader) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  let hole := getNat j "hole" 0
  let ictx := inputOf (getStr j "text")
  let (gone, errors, found) ← s.toDocuments.advance j c ictx hole
  match found with
  | .stopped => who.say (lapp gone [("stopped", Json.bool true)])
  | .more => who.say (lapp gone [("more", Json.bool true)])
  | .none => who.say (lapp gone [("none", Json.bool true), ("errors", strs errors)])
  | .hole snap pos stx parsed stop => match plug (bytePos hole) stx with
    | none => who.say (lapp gone [("none", Json.bool true), ("errors", strs (← errorTexts (plist parsed.unreported)))])
    | some (path, _, _) =>
      let site := siteOf ictx snap pos stop stx path parsed hole
      s.sites.modify fun l => (getNat j "state" 0, site) :: l
      who.say (lapp gone [("open", Json.bool true)])

def Reader.read (s : Reader) (j : Json) (who : Caller) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.sites.get) with
  | none => who.say [("gone", Json.bool true)]
  | some (_, site) => match ← place site (getStr j "text") with
    | .bad m => who.say [("parse", Json.str m)]
    | .ok _ _ _ tactics _ => match refused (← s.guard.get) (lookupOf site.before) [] tactics with
      | some w => who.say [("refused", Json.str w)]
      | none => match searchings (← s.search.get) tactics with
        | some w => who.say [("read", Json.bool true), ("search", Json.str w)]
        | none => who.say [("read", Json.bool true)]

def Reader.spawn (s : Reader) (who : Caller) (body : Control → IO Unit) : IO Unit := do
  let c : Control := { token := ← IO.CancelToken.new, soft := ← IO.mkRef false, inHole := ← IO.mkRef false }
  s.controls.modify fun l => (who.id, c) :: l
  s.work.push do
    try body c
    catch e => who.say [("failure", Json.str (toString e))]
    s.controls.modify fun l => lfilter (fun p => p.1 != who.id) l

def Reader.cancel (s : Reader) (j : Json) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "target" 0) (← s.controls.get) with
  | none => pure ()
  | some (_, c) =>
    c.soft.set true
    if getBool j "hard" then c.token.set

def Reader.configure (s : Reader) (j : Json) (who : Caller) : IO Unit := do
  s.guard.set (readGuard j)
  s.search.set (lmap asStr (getList j "search"))
  startWorkers s.work 1
  who.say [("version", Json.str Lean.versionString)]

def Reader.drop (s : Reader) (j : Json) : IO Unit := do
  let gone := lmap natOf (getList j "states")
  s.sites.modify fun l => lfilter (fun p => !lany (fun n => n == p.1) gone) l
  dropDocuments s.toDocuments j

def Reader.handle (s : Reader) (j : Json) : IO Unit := do
  let who := callerOf s.out j
  match getStr j "do" with
  | "open" => s.spawn who (s.open j who)
  | "read" => s.spawn who (fun _ => s.read j who)
  | "cancel" => s.cancel j
  | "drop" => s.drop j
  | "config" => s.configure j who
  | other => who.say [("failure", Json.str s!"unknown request {other}")]

partial def Reader.serve (s : Reader) (input : IO.FS.Stream) : IO Unit := do
  let line ← input.getLine
  if line.isEmpty then IO.Process.exit 0
  match Json.parse line with
  | .ok j => s.handle j
  | .error e => (callerOf s.out Json.null).say [("failure", Json.str e)]
  s.serve input

def main (args : List String) : IO Unit := do
  forgetOrigin args
  let s : Reader :=
    { out := ← IO.getStdout, docs := ← IO.mkRef [], envs := ← IO.mkRef [], sites := ← IO.mkRef []
      controls := ← IO.mkRef [], guard := ← IO.mkRef {}, search := ← IO.mkRef [], work := ⟨← IO.mkRef ([], [])⟩ }
  (callerOf s.out Json.null).say [("ready", Json.bool true)]
  s.serve (← IO.getStdin)

end Ghostproof

-- See `Main.lean`.
def Ghostproof.exported : Unit := by_elab do
  let type ← inferType (mkConst ``Ghostproof.main)
  addAndCompile (.defnDecl
    { name := `main, levelParams := [], type := type, value := mkConst ``Ghostproof.main
      hints := .abbrev, safety := .safe })
  return mkConst ``Unit.unit
