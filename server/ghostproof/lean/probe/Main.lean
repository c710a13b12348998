import Advance
import Harvest
import Instances
import Premises
import Requests
import Compare
import Define
import Terms

/-! The prober: `lean --run`, one JSON request per stdin line, one JSON answer per stdout line.

It elaborates files command by command, keeps a snapshot before each command and the whole elaborator state at a
hole, and runs tactics from that state, as many at once as it has threads. It knows no policy: which words are refused
comes with the `config` request, deadlines come as `cancel` requests, what is kept and dropped is told by the client. -/

open Lean Elab Meta

namespace Ghostproof

def cancel (s : Server) (j : Json) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "target" 0) (← s.controls.get) with
  | none => pure ()
  | some (_, c) =>
    c.soft.set true
    if getBool j "hard" || (← c.inHole.get) then c.token.set

def configure (s : Server) (j : Json) (who : Caller) : IO Unit := do
  s.guard.set (readGuard j)
  s.search.set (lmap asStr (getList j "search"))
  startWorkers s.editing 1
  startWorkers s.harvesting 1
  startWorkers s.checking (getNat j "width" 1)
  who.say [("version", Json.str Lean.versionString)]

def dropStates (s : Server) (j : Json) : IO Unit := do
  let gone := lmap natOf (getList j "states")
  s.states.modify fun l => lfilter (fun p => !lany (fun n => n == p.1) gone) l
  dropDocuments s.toDocuments j
  dropDocuments s.harvested j "harvested"

def handle (s : Server) (j : Json) : IO Unit := do
  let who := callerOf s.out j
  match getStr j "do" with
  | "open" => s.spawn s.editing who (doOpen s j who)
  | "run" => s.spawn s.checking who (doRun s j who)
  | "advance" => s.spawn s.checking who (doAdvance s j who)
  | "final" => s.spawn s.checking who (doFinal s j who)
  | "term" => s.spawn s.checking who (doTerm s j who)
  | "test" => s.spawn s.checking who (doTest s j who)
  | "sift" => s.spawn s.checking who (doSift s j who)
  | "values" => s.spawn s.checking who (doValues s j who)
  | "define" => s.spawn s.checking who (doDefine s j who)
  | "reach" => s.spawn s.checking who (doReach s j who)
  | "names" => s.spawn s.checking who (doNames s j who)
  | "chain" => s.spawn s.checking who (doChain s j who)
  | "theorems" => s.spawn s.harvesting who (doTheorems s j who)
  | "steps" => s.spawn s.harvesting who (doSteps s j who)
  | "cancel" => cancel s j
  | "drop" => dropStates s j
  | "config" => configure s j who
  | other => who.say [("failure", Json.str s!"unknown request {other}")]

partial def serve (s : Server) (input : IO.FS.Stream) : IO Unit := do
  let line ← input.getLine
  if line.isEmpty then IO.Process.exit 0
  match Json.parse line with
  | .ok j => handle s j
  | .error e => (callerOf s.out Json.null).say [("failure", Json.str e)]
  serve s input

def main (args : List String) : IO Unit := do
  forgetOrigin args
  let envs ← IO.mkRef []
  let guard ← IO.mkRef {}
  let hidden ← newHidden
  let imported := fun names => do hidden.imported (← guard.get).libraries names
  let s : Server :=
    { out := ← IO.getStdout, docs := ← IO.mkRef [], envs := envs, imported := imported
      hidden := hidden, states := ← IO.mkRef []
      controls := ← IO.mkRef [], guard := guard, search := ← IO.mkRef []
      editing := ⟨← IO.mkRef ([], [])⟩, checking := ⟨← IO.mkRef ([], [])⟩
      harvested := { docs := ← IO.mkRef [], envs := envs, imported := imported }, harvesting := ⟨← IO.mkRef ([], [])⟩ }
  (callerOf s.out Json.null).say [("ready", Json.bool true)]
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
