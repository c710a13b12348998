import Compat
import Lists

/-! What Lean's messages say. -/

open Lean Elab Meta

namespace Ghostproof

def isError (m : Message) : Bool := match m.severity with
  | .error => true
  | _ => false

def errorTexts : List Message → BaseIO (List String)
  | [] => return []
  | m :: r => do
    let rest ← errorTexts r
    if isError m then return (← m.data.toString) :: rest
    return rest

/-- What an exception says, without its collapsible reports: those of a `grind` that fails take longer to print than
`grind` took. If `brief`, without goals and terms too, which often take as long as the tactic that fails. -/
partial def wordsOf (brief : Bool) : MessageData → MessageData
  | .withContext c m => .withContext c (wordsOf brief m)
  | .withNamingContext c m => .withNamingContext c (wordsOf brief m)
  | .nest n m => .nest n (wordsOf brief m)
  | .group m => .group (wordsOf brief m)
  | .compose a b => .compose (wordsOf brief a) (wordsOf brief b)
  | .tagged t m => .tagged t (wordsOf brief m)
  | .trace .. => .nil
  | m => if brief && isTerm m then "…" else m

/-- An error: its byte position in what was parsed, and that of the end of the command that has it. -/
structure Fault where
  at_     : Nat
  end_    : Nat
  message : String

def faultsIn (ictx : Parser.InputContext) (stop : BytePos) : List Message → BaseIO (List Fault)
  | [] => return []
  | m :: r => do
    let rest ← faultsIn ictx stop r
    if !isError m then return rest
    let start := ictx.fileMap.ofPosition m.pos
    return { at_ := start.byteIdx, end_ := stop.byteIdx, message := ← m.data.toString } :: rest

def errorCount : List Message → Nat
  | [] => 0
  | m :: r => (if isError m then 1 else 0) + errorCount r

def firstErrors : List Message → List Message
  | [] => []
  | m :: r => if isError m then [m] else firstErrors r

def reports : List Message → BaseIO (List String)
  | [] => return []
  | m :: r => do
    if isError m then reports r
    else
      let s ← m.data.toString
      let rest ← reports r
      return if s.startsWith "Try th" then s :: rest else rest

end Ghostproof
