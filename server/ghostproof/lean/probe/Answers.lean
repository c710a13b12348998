import Json

/-! Answering requests, such that nothing else that prints can answer in our place. -/

open Lean Elab Meta

namespace Ghostproof

/-- Whoever waits for an answer. The nonce is new in each request, and an answer without it is nobody's. -/
structure Caller where
  out   : IO.FS.Stream
  id    : Nat
  nonce : String

def callerOf (out : IO.FS.Stream) (request : Json) : Caller :=
  { out := out, id := getNat request "id" 0, nonce := getStr request "nonce" }

/-- One write per answer, since answers come from several threads; on a line of its own, whatever was printed before. -/
def Caller.say (who : Caller) (fields : List (String × Json)) : IO Unit := do
  let line := (obj (("id", num who.id) :: ("nonce", Json.str who.nonce) :: fields)).compress
  who.out.putStr ("\n" ++ line ++ "\n")
  who.out.flush

end Ghostproof
