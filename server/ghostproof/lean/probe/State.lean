import Answers
import Documents
import Hidden
import Hole
import Refuse

/-! What the prober keeps between requests, and how it answers. -/

open Lean Elab Meta

namespace Ghostproof

structure Server extends Documents where
  out      : IO.FS.Stream
  states   : IO.Ref (List (Nat × State))
  controls : IO.Ref (List (Nat × Control))
  guard    : IO.Ref Guard
  hidden   : Hidden
  search   : IO.Ref (List String)
  editing  : Queue                                  -- opening: one at a time
  checking : Queue
  harvested : Documents                             -- the same files once more, whose steps somebody wants
  harvesting : Queue

def Server.spawn (s : Server) (q : Queue) (who : Caller) (body : Control → IO Unit) : IO Unit := do
  let c : Control := { token := ← IO.CancelToken.new, soft := ← IO.mkRef false, inHole := ← IO.mkRef false }
  s.controls.modify fun l => (who.id, c) :: l
  q.push do
    try body c
    catch e => who.say [("failure", Json.str (toString e))]
    s.controls.modify fun l => lfilter (fun p => p.1 != who.id) l

end Ghostproof
