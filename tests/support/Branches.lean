import Lean

/-! Elaborates texts one behind the other, as a tree says: what several begin with is elaborated once.

Arguments: a file with what is imported; for each text the number of the one in front of it, from 1, or 0 for what is
imported alone, and its file.
Prints a line of JSON for each message: the number of the text, and what Lean says. Loops are recursions, as a Lean with
exported-level files can't compile what inlines private helpers of the library. -/

open Lean Elab

def nth (d : Command.State) : List Command.State → Nat → Command.State
  | [], _ => d
  | s :: _, 0 => s
  | _ :: r, n + 1 => nth d r n

def say (number : Nat) : List Message → IO Unit
  | [] => pure ()
  | m :: r => do
    let said ← m.toString
    IO.println (Json.arr (List.toArray [Json.num (JsonNumber.fromNat number), Json.str said])).compress
    say number r

def inputOf (name text : String) : Parser.InputContext :=
  { inputString := text, fileName := name, fileMap := FileMap.ofString text }

/-- `behind` are the states behind all texts so far, the first one's last. -/
partial def elaborate (start : Command.State) (count : Nat) (behind : List Command.State) : List String → IO Unit
  | parent :: file :: r => do
    let front := nth start behind (count - parent.toNat!)
    let text ← IO.FS.readFile file
    let done ← IO.processCommands (inputOf file text) {} { front with messages := {} }
    say (count + 1) done.commandState.messages.toList
    elaborate start (count + 1) (done.commandState :: behind) r
  | _ => pure ()

public def main : List String → IO UInt32
  | imports :: texts => do
    let input := inputOf imports (← IO.FS.readFile imports)
    let (header, _, _) ← Parser.parseHeader input
    let (env, messages) ← processHeader header {} {} input
    say 0 messages.toList
    elaborate (Command.mkState env) 0 [] texts
    return 0
  | [] => return 1
