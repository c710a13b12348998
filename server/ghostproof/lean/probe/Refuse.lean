import Compat
import Json
import Parse
import Values

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
  libraries : NameSet := {}          -- roots of the libraries; what is defined elsewhere is the project's own
  hazards   : List String := []     -- names that begin so, with a capital behind it, are not for proofs
  plainArgs : Bool := false         -- what is evaluated may only be a value
  dots      : List String := []     -- constructors that may be written `.name` there
  deepest   : Nat := 0              -- levels of syntax; 0: any number

def nameSet : List Name → NameSet
  | [] => {}
  | n :: r => (nameSet r).insert n

/-- The policy as a `config` request has it. -/
def readGuard (j : Json) : Guard :=
  let texts := fun k => lmap asStr (getList j k)
  { words := texts "refused", unsound := texts "unsound", prefixes := texts "prefixes"
    kinds := nameSet (lmap String.toName (texts "kinds")), keywords := nameSet (lmap Name.mkSimple (texts "keywords"))
    libraries := nameSet (lmap Name.mkSimple (texts "libraries")), hazards := texts "hazards"
    plainArgs := getBool j "plainArgs", dots := texts "dots", deepest := getNat j "deepest" 0 }

def endsInQuery (s : String) : Bool :=
  lany (fun c => c == '?') s.toList && (match s.toList with
    | c :: _ => c.isAlpha
    | [] => false)

/-- Whether a node may be elaborated: its kind is listed, or the project's own, or a library's and of a listed sort.
Below `token` stand single tokens with several spellings. -/
def allowed (g : Guard) (env : Environment) (stx : Syntax) (k : Name) : Bool :=
  k.getRoot == `token || call (fun x => g.kinds.contains x) k || match definedIn env k with
    | none => true
    | some root =>
      if root == `_ then false
      else if !call (fun m => g.libraries.contains m) root then true
      else
        let last := lastPart k
        last.startsWith "term" || last.startsWith "binderPred" || lprefix k.toString g.prefixes ||
          call (fun x => g.keywords.contains x) (Name.mkSimple (firstKeyword stx))

/-- `dbgTrace` for `dbg`, but not `dbg_lemma`. -/
def beginsWith (s : String) (pre : String) : Bool :=
  s.startsWith pre && (match (s.drop pre.length).toString.toList with
    | [] => true
    | c :: _ => c.isUpper)

def hazardous (g : Guard) (s : String) : Bool := lhas s g.unsound || lany (beginsWith s) g.hazards

/-- A constant that no proof can use, and that does what it likes when it is evaluated. -/
def isUnsafe (env : Environment) (n : Name) : Bool := match env.find? n with
  | some (.thmInfo _) => false
  | some c => c.isUnsafe
  | none => false

def isTheorem (env : Environment) (n : Name) : Bool := match env.find? n with
  | some (.thmInfo _) => true
  | _ => false

/-- Whether an identifier may mean something that is not for proofs. What is no constant's name is a local one. -/
def perilous (g : Guard) (look : Lookup) (n : Name) : Bool :=
  let n := n.eraseMacroScopes
  match constantsOf look n with
  | [] => match n with
    | .str .anonymous s => lhas s g.unsound
    | _ => lany (hazardous g) (partsOf n)
  | found => lany (fun (c, fields) =>
      (g.plainArgs && isUnsafe look.env c) || lany (fun s => hazardous g s) fields || lhas (lastPart c) g.unsound ||
        (!isTheorem look.env c && hazardous g (lastPart c))) found

/-- What is looked up by the type of something: any constant's last part. -/
def perilousField (g : Guard) (n : Name) : Bool :=
  lany (fun s => hazardous g s || s.endsWith "Unsafe") (partsOf n.eraseMacroScopes)

def isFieldAccess (k : Name) : Bool :=
  k == ``Parser.Term.dotIdent || k == ``Parser.Term.proj || k == ``Parser.Term.pipeProj

/-- The first of some texts that stand where a field, or a name without its namespace, is expected. -/
def fieldRefusal (g : Guard) : List Syntax → Option String
  | .ident _ _ n _ :: r => if perilousField g n then some n.toString else fieldRefusal g r
  | _ :: r => fieldRefusal g r
  | [] => none

/-- The first argument that Lean would evaluate although it is no plain value. -/
def evaluated (g : Guard) (look : Lookup) (k : Name) (args : List Syntax) : Option String :=
  if !g.plainArgs || !takesArguments look.env g.libraries k then none
  else if optionName args == "native" then some "native"
  else match lfind (fun v => !isValue look g.dots v) (assignedIn g.keywords k args) with
    | some _ => some s!"({optionName args} := …)"
    | none => none
where optionName : List Syntax → String
  | .ident _ _ n _ :: .atom _ ":=" :: _ => n.toString
  | .atom _ s :: .atom _ ":=" :: _ => s
  | _ :: r => optionName r
  | [] => ""

mutual
/-- The first word, name, argument or kind of syntax that may not be elaborated. -/
partial def refusal (g : Guard) (look : Lookup) : Syntax → Option String
  | .atom _ s => if lhas s g.words then some s else none
  | .ident _ _ n _ => if perilous g look n then some n.toString else none
  | stx@(.node _ k args) =>
    match args.toList with
    | [.atom _ "+", .ident _ _ n _] => if g.plainArgs && lhas "native" (partsOf n) then some "+native" else none
    | l => match (if isFieldAccess k then fieldRefusal g l else none) with
      | some w => some w
      | none => match refusals g look l with
        | some w => some w
        | none => if allowed g look.env stx k then evaluated g look k l else some k.toString
  | .missing => none
partial def refusals (g : Guard) (look : Lookup) : List Syntax → Option String
  | [] => none
  | s :: r => match refusal g look s with
    | some w => some w
    | none => refusals g look r
end

mutual
partial def isDeeper (n : Nat) : Syntax → Bool
  | .node _ _ args => n == 0 || anyDeeper (n - 1) args.toList
  | _ => false
partial def anyDeeper (n : Nat) : List Syntax → Bool
  | [] => false
  | s :: r => isDeeper n s || anyDeeper n r
end

/-- `apply` and its kin: `apply_mod_cast`, `fapply`. -/
def isApply : List Syntax → Bool
  | .atom _ s :: _ => s.startsWith "apply" || s.endsWith "apply"
  | _ => false

mutual
/-- The names of holes (`?left`) below `apply`, which assigns without looking whether a goal becomes part of itself. -/
partial def appliedHoles (below : Bool) : Syntax → List Name
  | .node _ _ args => match args.toList with
    | [.atom _ "?", .ident _ _ n _] => if below then [n] else []
    | l => appliedHolesIn (below || isApply l) l
  | _ => []
partial def appliedHolesIn (below : Bool) : List Syntax → List Name
  | [] => []
  | s :: r => lapp (appliedHoles below s) (appliedHolesIn below r)
end

def isSeparator : Syntax → Bool
  | .atom .. => true
  | .node _ k _ => k == nullKind
  | _ => false

/-- A hole that may name a goal that `apply` is about to close: one of the goals' own names, or, behind another tactic,
any name. Lean would not come back. -/
def selfReference (tags : List Name) (tactics : List Syntax) : Option String :=
  match appliedHolesIn false tactics with
  | [] => none
  | n :: r => match lfilter (fun s => !isSeparator s) tactics with
    | [.node _ k _] =>
      if k != ``Parser.Tactic.apply then some ("?" ++ n.toString)
      else match lfind (fun m => lany (fun t => t == m) tags) (n :: r) with
        | some m => some ("?" ++ m.toString)
        | none => none
    | _ => some ("?" ++ n.toString)

/-- The first reason not to elaborate tactics, whatever their goals are called. -/
def refusedAnywhere (g : Guard) (look : Lookup) (tactics : List Syntax) : Option String :=
  if g.deepest != 0 && anyDeeper g.deepest tactics then some "deep nesting" else refusals g look tactics

/-- The same where goals have these tags. -/
def refusedAmong (g : Guard) (tags : List Name) (tactics : List Syntax) : Option String → Option String
  | some w => some w
  | none => if g.plainArgs then selfReference tags tactics else none

/-- The first reason not to elaborate tactics, where goals have these tags. -/
def refused (g : Guard) (look : Lookup) (tags : List Name) (tactics : List Syntax) : Option String :=
  refusedAmong g tags tactics (refusedAnywhere g look tactics)

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
