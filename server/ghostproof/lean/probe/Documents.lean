import Elaborate
import Json

/-! The files that a program knows: what it has imported, and the snapshots behind the commands of each. -/

open Lean Elab Meta

namespace Ghostproof

structure Documents where
  docs : IO.Ref (List (Nat × List Snap))   -- newest snapshot first; read and written by one thread
  envs : IO.Ref (List (String × Snap))     -- after the header, by header text
  imported : List Name → IO Unit := fun _ => pure ()   -- is told of all modules that a header has imported

/-- Forget the folder that this program was imported from, where it has been compiled: no file may import it. -/
def forgetOrigin : List String → IO Unit
  | folder :: _ => searchPathRef.modify fun path => lfilter (fun entry => entry.toString != folder) path
  | [] => pure ()

def setOption (opts : Options) (name value : String) (decl : Option OptionDecl) : Options :=
  let n := name.toName
  match decl with
  | some d => match d.defValue with
    | .ofBool _ => setOpt opts n (value == "true")
    | .ofNat _ => setOpt opts n (value.toNat?.getD 0)
    | .ofString _ => setOpt opts n value
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

/-- The snapshot behind the header, what the parser met there, which may be the beginning of what follows, and what
could not be imported. A header that has been imported is imported once. -/
def Documents.afterHeader (s : Documents) (j : Json) (ictx : Parser.InputContext) :
    IO (Snap × BytePos × List Fault × List String) := do
  let (header, ps, msgs) ← Parser.parseHeader ictx
  let imports := match header.raw.getPos?, header.raw.getTailPos? with
    | some a, some b => textOf ictx a.byteIdx b.byteIdx
    | _, _ => ""
  let key := imports ++ "\n" ++ (j.getObjValD "options").compress
  let faults ← faultsIn ictx ps.pos (plist msgs.unreported)
  match lfind (fun p => p.1 == key) (← s.envs.get) with
  | some (_, snap) => return ({ snap with recovering := ps.recovering }, ps.pos, faults, [])
  | none =>
    let opts := oneThread (← readOptions {} (getList j "options"))
    let (env, msgs) ← importHeader header opts ictx {}
    s.imported env.header.moduleNames.toList
    let errors ← lmapIO (fun m => m.data.toString) (lfilter isError (plist msgs.unreported))
    -- Options that the imported modules declare are known only now.
    let own := oneThread (← readOptions opts (getList j "options"))
    let snap : Snap := { cmd := Command.mkState env {} own, recovering := ps.recovering }
    match errors with
    | [] => s.envs.modify fun l => (key, snap) :: l   -- the memory of an import is never given back
    | _ => pure ()
    return (snap, ps.pos, faults, errors)

def faultsJson (l : List Fault) : Json :=
  arr (lmap (fun f => obj [("at", num f.at_), ("end", num f.end_), ("message", Json.str f.message)]) l)

/-- Take over the text of an `open` request, and elaborate it up to the command that holds the byte `hole`. Returns
what became of each new command, as fields of an answer, the header's errors, and what was found. -/
def Documents.advance (s : Documents) (j : Json) (c : Control) (ictx : Parser.InputContext) (hole : Nat)
    (watch : Watch := {}) : IO (List (String × Json) × List String × Walk) := do
  let doc := getNat j "doc" 0
  let keep := getNat j "keep" 0   -- snapshots to keep; 0: the text begins with the header
  let old := match lfind (fun p => p.1 == doc) (← s.docs.get) with
    | some (_, l) => lastN keep l
    | none => []
  if llen old 0 < keep then throw (IO.userError "the document is out of step")
  let (snaps, pos, gone, errors) ← if keep == 0 then do
      let (snap, pos, faults, errors) ← s.afterHeader j ictx
      pure ([snap], pos, { ends := [pos.byteIdx], faults := faults }, errors)
    else pure (old, bytePos (getNat j "from" 0), {}, [])
  let (snaps, gone, found) ← walk ictx c hole (getBool j "last") snaps pos gone watch
  s.docs.modify fun l => (doc, snaps) :: lfilter (fun p => p.1 != doc) l
  return ([("ends", arr (lmap num (lrev gone.ends []))), ("faults", faultsJson gone.faults)], errors, found)

def dropDocuments (s : Documents) (j : Json) (key : String := "docs") : IO Unit := do
  let gone := lmap natOf (getList j key)
  s.docs.modify fun l => lfilter (fun p => !lany (fun n => n == p.1) gone) l

end Ghostproof
