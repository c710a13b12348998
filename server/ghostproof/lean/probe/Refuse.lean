import Compat
import Json

/-! What may not be elaborated, told by the parsed tree. It knows no policy: that comes with the `config` request. -/

open Lean Elab Meta

namespace Ghostproof

/-- What may be elaborated; the client's policy. -/
structure Guard where
  words     : List String := []     -- no token may be one of these
  unsound   : List String := []     -- no name may end in one of these
  kinds     : NameSet := {}         -- the syntax that may stand anywhere
  prefixes  : List String := []     -- so may syntax of libraries whose name begins so
  keywords  : NameSet := {}         -- and syntax of libraries that begins with one of these
  libraries : List Name := []       -- roots of the libraries; what is defined elsewhere is the project's own

def nameSet : List Name → NameSet
  | [] => {}
  | n :: r => (nameSet r).insert n

/-- The policy as a `config` request has it. -/
def readGuard (j : Json) : Guard :=
  let texts := fun k => lmap asStr (getList j k)
  { words := texts "refused", unsound := texts "unsound", prefixes := texts "prefixes"
    kinds := nameSet (lmap String.toName (texts "kinds")), keywords := nameSet (lmap Name.mkSimple (texts "keywords"))
    libraries := lmap Name.mkSimple (texts "libraries") }

/-- The last component of a name. -/
def lastPart : Name → String
  | .str _ s => s
  | _ => ""

def endsInQuery (s : String) : Bool :=
  lany (fun c => c == '?') s.toList && (match s.toList with
    | c :: _ => c.isAlpha
    | [] => false)

/-- The token that a syntax tree begins with, "" if that is no keyword. -/
partial def firstKeyword : Syntax → String
  | .atom _ s => s
  | .node _ _ args => firstOf args.toList
  | _ => ""
where firstOf : List Syntax → String
  | [] => ""
  | s :: r => match s with
    | .node _ _ #[] => firstOf r
    | _ => firstKeyword s

/-- The root of the module that defines a name; none for the file itself, and `_` for what is no name of a constant. -/
def definedIn (env : Environment) (n : Name) : Option Name :=
  match env.getModuleIdxFor? n with
  | some i => some ((env.header.moduleNames[i.toNat]?.getD `_).getRoot)
  | none => if env.contains n then none else some `_

/-- Whether a node may be elaborated: its kind is listed, or the project's own, or a library's and of a listed sort.
Below `token` stand single tokens with several spellings. -/
def allowed (g : Guard) (env : Environment) (stx : Syntax) (k : Name) : Bool :=
  k.getRoot == `token || call (fun x => g.kinds.contains x) k || match definedIn env k with
    | none => true
    | some root =>
      if root == `_ then false
      else if !lany (fun l => l == root) g.libraries then true
      else
        let last := lastPart k
        last.startsWith "term" || last.startsWith "binderPred" || lprefix k.toString g.prefixes ||
          call (fun x => g.keywords.contains x) (Name.mkSimple (firstKeyword stx))

mutual
/-- The first word, or kind of syntax, that may not be elaborated. -/
partial def refusal (g : Guard) (env : Environment) : Syntax → Option String
  | .atom _ s => if lhas s g.words then some s else none
  | .ident _ _ n _ => if lhas (lastPart n.eraseMacroScopes) g.unsound then some n.toString else none
  | stx@(.node _ k args) =>
    match args.toList with
    | [.atom _ "+", .ident _ _ `native _] => some "+native"
    | l => match refusals g env l with
      | some w => some w
      | none => if allowed g env stx k then none else some k.toString
  | .missing => none
partial def refusals (g : Guard) (env : Environment) : List Syntax → Option String
  | [] => none
  | s :: r => match refusal g env s with
    | some w => some w
    | none => refusals g env r
end

mutual
/-- The first search tactic: a keyword with a question mark, or one of the words given. -/
partial def searching (words : List String) : Syntax → Option String
  | .atom _ s => if endsInQuery s || lhas s words then some s else none
  | .node _ _ args => searchings words args.toList
  | _ => none
partial def searchings (words : List String) : List Syntax → Option String
  | [] => none
  | s :: r => match searching words s with
    | some w => some w
    | none => searchings words r
end

end Ghostproof
