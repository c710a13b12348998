import Lists

/-! Where the tactics of a command stand, told by its syntax. -/

open Lean Elab Meta

namespace Ghostproof

/-- A tactic's place: its bytes, and the end of the block that it stands in. -/
structure Frame where
  kind : SyntaxNodeKind
  at_  : Nat
  end_ : Nat
  stop : Nat

/-- The bytes of syntax that the user wrote; none for what a macro has made. -/
def bytesOf (stx : Syntax) : Option (Nat × Nat) := match stx.getHeadInfo with
  | .original .. => match stx.getPos?, stx.getTailPos? with
    | some a, some b => some (a.byteIdx, b.byteIdx)
    | _, _ => none
  | _ => none

/-- Tactics that do nothing but say which goals others are about. -/
def groups : List Name :=
  [`Lean.cdot, ``Parser.Tactic.paren, ``Parser.Tactic.case, ``Parser.Tactic.case', `Lean.Parser.Tactic.«tacticNext_=>_»,
   ``Parser.Tactic.focus]

def frameOf (stop : Nat) (stx : Syntax) : List Frame := match bytesOf stx with
  | some (a, b) =>
    if lany (fun k => k == stx.getKind) groups then [] else [{ kind := stx.getKind, at_ := a, end_ := b, stop := stop }]
  | none => []

def everyOther {α : Type} : List α → List α
  | x :: _ :: r => x :: everyOther r
  | l => l

/-- The tactics of a block, without what parts them. -/
def itemsOf (stx : Syntax) : List Syntax := match stx.getKind, stx.getArgs.toList with
  | ``Parser.Tactic.tacticSeq1Indented, items :: _ => everyOther items.getArgs.toList
  | ``Parser.Tactic.tacticSeqBracketed, _ :: items :: _ => everyOther items.getArgs.toList
  | _, _ => []

/-- Tactics that stand beside each other in one: each is a step of its own, and ends where it ends. -/
def operandsOf (stx : Syntax) : List Syntax :=
  if stx.getKind == `Lean.Parser.Tactic.«tactic_<;>_» then everyOther stx.getArgs.toList else []

def framesOfItems (stop : Nat) : List Syntax → List Frame
  | [] => []
  | s :: r => lapp (frameOf stop s) (framesOfItems stop r)

def framesOfOperands : List Syntax → List Frame
  | [] => []
  | s :: r => lapp (match bytesOf s with
    | some (_, b) => frameOf b s
    | none => []) (framesOfOperands r)

mutual
/-- All tactics in a piece of syntax: of every block, however deep it stands in terms, cases and other tactics. -/
partial def framesIn (stx : Syntax) : List Frame :=
  let inner := framesInAll stx.getArgs.toList
  let stop := match bytesOf stx with
    | some (_, b) => b
    | none => 0
  lapp (framesOfItems stop (itemsOf stx)) (lapp (framesOfOperands (operandsOf stx)) inner)
partial def framesInAll : List Syntax → List Frame
  | [] => []
  | s :: r => lapp (framesIn s) (framesInAll r)
end

mutual
/-- The first node of one of these kinds. -/
partial def firstOf (kinds : List Name) (stx : Syntax) : Option Syntax :=
  if lany (fun k => k == stx.getKind) kinds then some stx else firstOfAll kinds stx.getArgs.toList
partial def firstOfAll (kinds : List Name) : List Syntax → Option Syntax
  | [] => none
  | s :: r => match firstOf kinds s with
    | some found => some found
    | none => firstOfAll kinds r
end

/-- Where the value of a declaration begins: behind that is no statement any more. -/
def valueAt (stx : Syntax) (stop : Nat) : Nat :=
  let kinds :=
    [``Parser.Command.declValSimple, ``Parser.Command.declValEqns, ``Parser.Command.whereStructInst]
  match firstOf kinds stx with
  | some value => match value.getPos? with
    | some a => a.byteIdx
    | none => stop
  | none => stop

/-- Whether something is left out. -/
def leavesOut (stx : Syntax) : Bool :=
  (firstOf [``Parser.Term.sorry, ``Parser.Tactic.tacticSorry, `Lean.Parser.Tactic.tacticAdmit] stx).isSome

end Ghostproof
