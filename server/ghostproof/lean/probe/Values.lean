import Parse
import Lists

/-! Arguments of tactics that Lean compiles and evaluates, and those of them whose evaluation runs nothing.

Options of tactics (`simp (maxSteps := 100)`) are terms: Lean elaborates them, compiles them and runs them. -/

open Lean Elab Meta

namespace Ghostproof

/-- What names mean at a place. -/
structure Lookup where
  env   : Environment
  ns    : Name
  opens : List OpenDecl

/-- What names mean where a command begins. -/
def lookupOf (s : Snap) : Lookup := match s.cmd.scopes with
  | scope :: _ => { env := s.cmd.env, ns := scope.currNamespace, opens := scope.openDecls }
  | [] => { env := s.cmd.env, ns := .anonymous, opens := [] }

def constantsOf (look : Lookup) (n : Name) : List (Name × List String) := meanings look.env look.ns look.opens n

/-- The last component of a name. -/
def lastPart : Name → String
  | .str _ s => s
  | _ => ""

def partsOf : Name → List String
  | .str p s => s :: partsOf p
  | .num p _ => partsOf p
  | .anonymous => []

/-- The root of the module that defines a name; none for the file itself, and `_` for what is no name of a constant. -/
def definedIn (env : Environment) (n : Name) : Option Name :=
  match env.getModuleIdxFor? n with
  | some i => some ((moduleAt env i).getD `_).getRoot
  | none => if env.contains n then none else some `_

def isConstructor (env : Environment) (n : Name) : Bool := match env.find? n with
  | some (.ctorInfo _) => true
  | _ => false

/-- An identifier that can only mean constructors. -/
def isConstructorName (look : Lookup) (n : Name) : Bool := match constantsOf look n with
  | [] => false
  | found => !lany (fun (c, fields) => llen fields 0 != 0 || !isConstructor look.env c) found

def literalKinds : List Name :=
  [`num, `str, `char, `scientific, `hygieneInfo, ``Parser.Term.quotedName]

/-- Syntax whose evaluation only builds what its parts are. -/
def builderKinds : List Name :=
  [nullKind, choiceKind, ``Parser.Term.app, ``Parser.Term.paren, ``Parser.Term.hygienicLParen, ``Parser.Term.tuple,
   ``Parser.Term.anonymousCtor, ``Parser.Term.structInst, ``Parser.Term.structInstFields, ``Parser.Term.optEllipsis,
   ``Parser.Term.structInstField, `Lean.Parser.Term.structInstFieldDef, `«term[_]», `«term#[_,]», `«term-_», `«term{}»]

def punctuation : List String := ["(", ")", "[", "]", "#[", "{", "}", "⟨", "⟩", ",", ":=", "."]

def isNumber : Syntax → Bool
  | .node _ `num _ => true
  | .node _ `scientific _ => true
  | _ => false

mutual
/-- Literals, constructors, and structures, lists and tuples of such. `dots` are the constructors that may be written
without their type, which is not known before elaboration. -/
partial def isValue (look : Lookup) (dots : List String) : Syntax → Bool
  | .missing => false
  | .atom _ s => lhas s punctuation
  | .ident _ _ n _ => isConstructorName look n.eraseMacroScopes
  | .node _ k args => match args.toList with
    | [.atom _ "-", v] => isNumber v
    -- A field's name. Of the options of `decide`, one has the compiler run what is to be decided.
    | l@(.ident _ _ n _ :: _) => if k == ``Parser.Term.structInstLVal then !lhas "native" (partsOf n)
        else k == `hygieneInfo || (lany (fun x => x == k) builderKinds && areValues look dots l)
    | [.atom _ ".", .ident _ _ n _] => k == ``Parser.Term.dotIdent && lhas (lastPart n) dots && n.isAtomic
    | l => lany (fun x => x == k) literalKinds ||
      -- A field without a value of its own means a variable of its name.
      (lany (fun x => x == k) builderKinds && (k != ``Parser.Term.structInstField || hasAssignment l) && areValues look dots l)
partial def areValues (look : Lookup) (dots : List String) : List Syntax → Bool
  | [] => true
  | s :: r => isValue look dots s && areValues look dots r
partial def hasAssignment : List Syntax → Bool
  | [] => false
  | .atom _ ":=" :: _ => true
  | .node _ _ args :: r => hasAssignment args.toList || hasAssignment r
  | _ :: r => hasAssignment r
end

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

/-- A tactic, as a `discharger` takes one, and no term that begins with the same word. -/
def isTactic (keywords : NameSet) : Syntax → Bool
  | stx@(.node _ k _) => k == ``Parser.Tactic.tacticSeq ||
    (!(`Lean.Parser.Term).isPrefixOf k && k != `Lean.calc && !(lastPart k).startsWith "term" &&
      call (fun n => keywords.contains n) (Name.mkSimple (firstKeyword stx)))
  | _ => false

/-- The values in a sequence of `(name := value)`. -/
def assigned (keywords : NameSet) : List Syntax → List Syntax
  | .atom _ "(" :: _ :: .atom _ ":=" :: v :: r => match v with
    | .atom .. => assigned keywords r
    | v => if isTactic keywords v then assigned keywords r else v :: assigned keywords r
  | _ :: r => assigned keywords r
  | [] => []

def configKinds : List Name := [`Lean.Parser.Tactic.valConfigItem, `Lean.Parser.Tactic.config]

/-- What a node of this kind may have evaluated among its arguments. -/
def assignedIn (keywords : NameSet) (k : Name) (args : List Syntax) : List Syntax :=
  if lany (fun x => x == k) configKinds then behind args else assigned keywords args
where behind : List Syntax → List Syntax
  | .atom _ ":=" :: v :: _ => [v]
  | _ :: r => behind r
  | [] => []

/-- Options in Lean's own form, and whatever a library writes like them. Arguments of terms are no options, and what
the project's own tactics do with theirs is the project's affair. -/
def takesArguments (env : Environment) (libraries : NameSet) (k : Name) : Bool :=
  lany (fun x => x == k) configKinds || (!(`Lean.Parser.Term).isPrefixOf k && match definedIn env k with
    | some root => call (fun m => libraries.contains m) root
    | none => false)

end Ghostproof
