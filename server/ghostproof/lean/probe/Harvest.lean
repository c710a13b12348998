import State
import Steps

/-! The request for the steps of a file's finished proofs. -/

open Lean Elab Meta

namespace Ghostproof

/-- Steps after which an answer is sent: the next request goes on from there. -/
def stepsAtOnce : Nat := 40

/-- Elaborate a document of its own with info trees, as far as an answer goes, and tell the steps of each command. -/
def doSteps (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  let ictx := inputOf (getStr j "text")
  let found ← IO.mkRef []
  let count ← IO.mkRef 0
  let watch : Watch := { trees := true, see := fun stx stop st => do
    match ← stepsOf stx stop st with
    | none => pure ()
    | some command =>
      found.modify fun l => command :: l
      count.modify fun n => n + llen (getList command "steps") 0
      if (← count.get) ≥ stepsAtOnce then c.soft.set true }
  let beyond := ictx.fileMap.source.utf8ByteSize + 1
  let (gone, errors, walk) ← (s.harvested).advance j c ictx beyond watch
  let more := match walk with
    | .stopped => true
    | _ => false
  who.say (lapp gone [("commands", arr (lrev (← found.get) [])), ("header", strs errors), ("stopped", Json.bool more)])

end Ghostproof
