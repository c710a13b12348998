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

/-- A message without its collapsible reports: those of a `grind` that fails take longer to print than `grind` took. -/
partial def withoutReports : MessageData → MessageData
  | .withContext c m => .withContext c (withoutReports m)
  | .withNamingContext c m => .withNamingContext c (withoutReports m)
  | .nest n m => .nest n (withoutReports m)
  | .group m => .group (withoutReports m)
  | .compose a b => .compose (withoutReports a) (withoutReports b)
  | .tagged t m => .tagged t (withoutReports m)
  | .trace .. => .nil
  | m => m

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
