import Lean

/-! Prints what Lean's parser reserves, a line each. Of the library's loops none is used: not every Lean can run them. -/

open Lean Data

mutual
meta partial def held (trie : Trie String) (above : String) : String :=
  match trie with
  | .leaf value => put value above
  | .node1 value _ next => held next (put value above)
  | .node value _ nexts => each nexts 0 (put value above)
meta partial def each (tries : Array (Trie String)) (nth : Nat) (above : String) : String :=
  if h : nth < tries.size then each tries (nth + 1) (held tries[nth] above) else above
meta partial def put (value : Option String) (above : String) : String :=
  match value with
  | some word => above ++ word ++ "\n"
  | none => above
end

elab "reserved" : command => do
  IO.println (held (Parser.getTokenTable (← getEnv)) "")

reserved
