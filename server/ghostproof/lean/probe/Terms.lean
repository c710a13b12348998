import Requests

/-! A term in the place of the whole block that a hole is: `h` where `by exact h` was judged.

Nobody is told what goes on inside of a term, so that what was declared is judged as a whole. -/

open Lean Elab Meta

namespace Ghostproof

/-- Where a text ends without the blanks and line ends behind it, looked at from a byte on. -/
def inkEnd (s : String) : Nat → Nat
  | 0 => 0
  | n + 1 =>
    let last := piece s (bytePos n) (bytePos (n + 1))
    if last == " " || last == "\n" then inkEnd s n else n + 1

/-- The site of the `by` whose only tactic is in the hole. -/
def Site.ofBlock (st : Site) : Option Site :=
  let depth := llen st.path 0
  let path := ltake (depth - 4) st.path
  let stop := inkEnd st.pre st.pre.utf8ByteSize
  if depth < 5 || (nodeAt path st.base).getKind != ``Parser.Term.byTactic then none
  else if stop < 2 || piece st.pre (bytePos (stop - 2)) (bytePos stop) != "by" then none
  else some { st with path := path, pre := piece st.pre (bytePos 0) (bytePos (stop - 2)) }

/-- A command with the `example` in it as the definition that Lean makes of it: it forgets the former at the end. -/
partial def kept : Syntax → Syntax
  | .node info k args => match k, args.toList with
    | `Lean.Parser.Command.example, [_, signature, value] =>
      let id := mkNode `Lean.Parser.Command.declId #[mkIdent `_example, mkNullNode]
      mkNode `Lean.Parser.Command.definition #[mkAtom "def ", id, signature, value, mkNullNode]
    | _, _ => .node info k (lmap kept args.toList).toArray
  | s => s

/-- What a declaration rests on, as `Done.fields` has it. -/
def restsOf (known : Known) (cap : Captured) (env : Environment) (tk : IO.CancelToken) :
    IO (List (String × Json)) := do
  let cap := { cap with core := { cap.core with env := env } }
  let found ← runMeta cap tk do
    match cap.termCtx.declName? with
    | some n =>
      if !env.contains n then throwError "it declares nothing"
      let names ← axiomsOf known.libraries [n]
      return (names, ← known.faultsOf [] names)
    | none => throwError "it declares nothing"
  match found with
  | .error e => return [("error", Json.str (← e.toMessageData.toString))]
  | .ok (names, faults) =>
    if lany (fun n => n == ``sorryAx) names then return [("sorry", Json.bool true)]
    return { goals := [], closed := true, value := false, recursion := none, faults := faults : Done }.fields

/-- Elaborate the command with a term in the place of the block; the client compares the errors. -/
def doTerm (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.states.get) with
  | none => who.say [("gone", Json.bool true)]
  | some (_, st) =>
    match st.toSite.ofBlock with
    | none => who.say [("parse", Json.str "the hole is no block of its own")]
    | some site =>
      match ← place site (getStr j "text") with
      | .bad m => who.say [("parse", Json.str m)]
      | .ok ictx cmd parsed terms _ =>
        let guard ← s.guard.get
        -- What was read as a tactic may be read as another term.
        match refused guard st.lookup [] terms with
        | some w => who.say [("refused", Json.str w)]
        | none =>
          let r ← try
              let r ← elabOne ictx c.token 0 st.before.cmd parsed (kept cmd)
              pure (some r)
            catch _ => pure none
          match r with
          | none => who.say [("cause", Json.str "interrupt")]
          | some r =>
            if ← c.token.isSet then who.say [("cause", Json.str "interrupt")]
            else
              let errors := strs (← errorTexts (plist r.messages.unreported))
              who.say (("errors", errors) :: (← restsOf (known s guard) st.cap r.env c.token))

end Ghostproof
