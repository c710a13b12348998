import Messages
import Parse

/-! The hole in a parsed command, and other texts in it: only what stands in the hole may change. -/

open Lean Elab Meta

namespace Ghostproof

def holeKind : Name := `Ghostproof.hole

def isSorry (stx : Syntax) : Bool := match stx with
  | .node _ k args => k != ``Parser.Term.sorry && args.size == 1 && (match args.toList with
    | [.atom _ "sorry"] => true
    | _ => false)
  | _ => false

mutual
/-- The path to the tactic `sorry` that begins at a byte, and the syntax with our own kind in its place. -/
partial def plug (at_ : BytePos) (stx : Syntax) : Option (List Nat × Syntax × Syntax) :=
  match stx with
  | .node info k args =>
    if isSorry stx && stx.getPos? == some at_ then some ([], .node info holeKind args, stx)
    else match plugArgs at_ 0 args.toList with
      | some (i, path, new, orig) => some (i :: path, .node info k (args.set! i new), orig)
      | none => none
  | _ => none
partial def plugArgs (at_ : BytePos) (i : Nat) : List Syntax → Option (Nat × List Nat × Syntax × Syntax)
  | [] => none
  | s :: rest =>
    let here := match s.getPos?, s.getTailPos? with
      | some a, some b => decide (a.byteIdx ≤ at_.byteIdx) && decide (at_.byteIdx < b.byteIdx)
      | _, _ => false
    match (if here then plug at_ s else none) with
    | some (path, new, orig) => some (i, path, new, orig)
    | none => plugArgs at_ (i + 1) rest
end

def sameAll : List Syntax → List Syntax → Bool
  | [], [] => true
  | a :: as, b :: bs => a.structEq b && sameAll as bs
  | _, _ => false

def splitAt {α : Type} : Nat → List α → List α → List α × List α
  | 0, l, acc => (lrev acc [], l)
  | _, [], acc => (lrev acc [], [])
  | n + 1, x :: xs, acc => splitAt n xs (x :: acc)

/-- What stands in a hole, and how many steps above its end the path to it leads. -/
structure Filling where
  tactics : List Syntax
  up      : Nat := 0

/-- The hole is the one tactic of a block. -/
def isWholeBlock (path : List Nat) (base : Syntax) : Bool :=
  base.getKind == ``Parser.Tactic.tacticSeq1Indented && llen path 0 == 2 && (base.getArg 0).getNumArgs == 1

/-- What stands in `new` where the path leads in `base`, provided that nothing else differs. In a list of tactics the
one in the hole may have become several; a block with nothing else in it may have become one in braces. -/
def inHole : List Nat → Syntax → Syntax → Option Filling
  | [], _, new => some { tactics := [new] }
  | i :: path, base, new =>
    let bs := base.getArgs.toList
    let ns := new.getArgs.toList
    let extra := llen ns 0 - llen bs 0
    if isWholeBlock (i :: path) base && new.getKind == ``Parser.Tactic.tacticSeqBracketed then
      some { tactics := [new], up := 2 }
    else if base.getKind != new.getKind || llen ns 0 < llen bs 0 then none
    else
      let (bl, br) := splitAt i bs []
      let (nl, nr) := splitAt i ns []
      if !sameAll bl nl then none
      else match path, br with
        | [], _ :: br =>
          let (mid, tail) := splitAt (extra + 1) nr []
          if sameAll br tail && (extra == 0 || base.getKind == nullKind) then some { tactics := mid } else none
        | _, b :: br => match nr with
          | n :: nr => if extra == 0 && sameAll br nr then inHole path b n else none
          | [] => none
        | _, [] => none

/-- A command with a hole, and what stands around the hole. -/
structure Site where
  before : Snap
  pre    : String        -- the command's text up to the hole, led by blanks up to its column
  post   : String        -- from the hole to the end of what the client sent
  base   : Syntax        -- the command with `sorry` in the hole
  path   : List Nat      -- from the command down to the hole
  parseErrors : Nat
  rest   : Nat           -- bytes between the hole and the end of the command

/-- The site of the `sorry` at byte `hole` of a command that was parsed from `pos` to `stop`. -/
def siteOf (ictx : Parser.InputContext) (before : Snap) (pos stop : BytePos) (base : Syntax) (path : List Nat)
    (parsed : MessageLog) (hole : Nat) : Site :=
  { before := before, pre := spaces (column ictx pos) ++ textOf ictx pos.byteIdx hole
    post := textOf ictx (hole + 5) ictx.fileMap.source.utf8ByteSize, base := base, path := path
    parseErrors := errorCount (plist parsed.unreported), rest := stop.byteIdx - (hole + 5) }

/-- The node at a path. -/
def nodeAt : List Nat → Syntax → Syntax
  | [], stx => stx
  | i :: path, stx => nodeAt path (stx.getArg i)

/-- The command with one node in place of the `extra + 1` nodes in its hole. -/
def putAt (extra : Nat) (new : Syntax) : List Nat → Syntax → Syntax
  | [], _ => new
  | i :: path, stx => match stx with
    | .node info k args => match path with
      | [] =>
        let (left, right) := splitAt i args.toList []
        .node info k (lapp left (new :: (splitAt (extra + 1) right []).2)).toArray
      | _ => .node info k (args.set! i (putAt extra new path (args.getD i .missing)))
    | _ => stx

inductive Placed where
  | bad (message : String)
  /-- `path` leads to what stands in the hole. -/
  | ok (ictx : Parser.InputContext) (cmd : Syntax) (parsed : MessageLog) (tactics : List Syntax) (path : List Nat)

/-- Parse the command with a text in the hole; everything outside the hole must be what it was. -/
def place (st : Site) (text : String) : BaseIO Placed := do
  let ictx := inputOf (st.pre ++ text ++ st.post)
  let start := bytePos (match st.base.getPos? with | some _ => leading st.pre.toList 0 | none => 0)
  let (stx, ps, msgs) := parseNext ictx st.before start
  let list := plist msgs.unreported
  if decide (errorCount list > st.parseErrors) then
    match firstErrors list with
    | m :: _ => return .bad (← m.data.toString)
    | [] => return .bad "parse error"
  if ps.pos.byteIdx != st.pre.utf8ByteSize + text.utf8ByteSize + st.rest then
    return .bad "the text changes what follows it"
  match inHole st.path st.base stx with
  | some f => return .ok ictx stx msgs f.tactics (ltake (llen st.path 0 - f.up) st.path)
  | none => return .bad "the text is not a tactic sequence at this place"
where leading : List Char → Nat → Nat
  | ' ' :: r, n => leading r (n + 1)
  | _, n => n

end Ghostproof
