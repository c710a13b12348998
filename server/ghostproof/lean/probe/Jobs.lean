import Compat
import Lists

/-! Jobs: threads, queues, cancellation. -/

open Lean Elab Meta

namespace Ghostproof

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

/-- Answers have a stream of their own: what is printed in this thread goes where nobody looks for answers. -/
def printElsewhere : IO Unit := do
  let _ ← IO.setStdout (← IO.getStderr)

def startWorkers (q : Queue) : Nat → IO Unit
  | 0 => pure ()
  | n + 1 => do
    let _ ← IO.asTask (prio := .dedicated) do
      printElsewhere
      q.work
    startWorkers q n

end Ghostproof
