import Compat
import Json
import Values
import Run

/-! What a goal is made of. -/

open Lean Elab Meta

namespace Ghostproof

def endsInType : Expr → Bool
  | .forallE _ _ b _ => endsInType b
  | .mdata _ b => endsInType b
  | .sort l => !l.isZero
  | _ => false

/-- A function of the user's that can be unfolded and is worth naming; one of values, not of types. -/
def isUserFunction (env : Environment) (libraries : NameSet) (n : Name) : Bool :=
  isUsers env libraries n && !(plain n).isInternal && !env.isProjectionFn n && !isMatcherCore env n && !isInstanceCore env n &&
    !isAuxRecursor env n && !isNoConfusion env n &&
    match env.find? n with
    | some (.defnInfo d) => !endsInType d.type
    | _ => false

def consName (l : List Name) (n : Name) : List Name := if lany (fun m => m == n) l then l else n :: l

def addNames : List Name → List Name → List Name
  | acc, [] => acc
  | acc, n :: r => addNames (consName acc n) r

def userFunctions (env : Environment) (libraries : NameSet) : List Expr → List Name → List Name
  | [], acc => lrev acc []
  | e :: r, acc => userFunctions env libraries r (addNames acc (lfilter (isUserFunction env libraries) e.getUsedConstants.toList))

def spine : Expr → List Expr → List Expr
  | .app f a, args => spine f (a :: args)
  | _, args => args

def arityOf : Expr → Nat
  | .forallE _ _ b _ => arityOf b + 1
  | .mdata _ b => arityOf b
  | _ => 0

mutual
/-- Applications of `f` to so many arguments in an expression, outermost first. -/
partial def applications (f : Name) (arity : Nat) (e : Expr) (acc : List Expr) : List Expr :=
  let fn := e.getAppFn
  let args := spine e []
  let acc := if fn.isConstOf f && llen args 0 == arity && !e.hasLooseBVars && !lany (fun x => x == e) acc
    then e :: acc else acc
  match e with
  | .app .. => appsOfAll f arity args (match fn with | .const .. => acc | _ => applications f arity fn acc)
  | .lam _ t b _ => applications f arity b (applications f arity t acc)
  | .forallE _ t b _ => applications f arity b (applications f arity t acc)
  | .letE _ t v b _ => applications f arity b (applications f arity v (applications f arity t acc))
  | .mdata _ b => applications f arity b acc
  | .proj _ _ b => applications f arity b acc
  | _ => acc
partial def appsOfAll (f : Name) (arity : Nat) : List Expr → List Expr → List Expr
  | [], acc => acc
  | e :: r, acc => appsOfAll f arity r (applications f arity e acc)
end

def appsIn (f : Name) (arity : Nat) : List Expr → List Expr → List Expr
  | [], acc => lrev acc []
  | e :: r, acc => appsIn f arity r (applications f arity e acc)

/-- Its applications to as many arguments as there are anywhere: what makes a function of the rest, such as a state of
another one, stands with fewer than its type has. -/
def appsAsMade (f : Name) (exprs : List Expr) : Nat → List Expr
  | 0 => []
  | arity + 1 => match appsIn f (arity + 1) exprs [] with
    | [] => appsAsMade f exprs arity
    | l => l

/-- Defined by recursion: structural and well-founded recursion leave their combinators in the value. The marks that
Lean sets for it differ between versions and miss one kind or the other. -/
def isRecursiveDef (env : Environment) (n : Name) : Bool :=
  match env.find? n with
  | some (.defnInfo d) => lany isCombinator d.value.getUsedConstants.toList
  | _ => false
where isCombinator (n : Name) : Bool :=
  let s := lastPart n
  s.startsWith "brecOn" || s == "rec" || s == "fix" || s == "fixF" || s == "_unary" || s == "_mutual"

/-- An `abbrev` or the like, which `grind` unfolds itself and does not want to be told. -/
def isReducibleDef (env : Environment) (n : Name) : Bool := match getReducibilityStatusCore env n with
  | .reducible => true
  | _ => false

/-- The library's recursive functions in a term. -/
def libraryFunctions (env : Environment) (libraries : NameSet) (e : Expr) : List Name :=
  ltake 4 <| lfilter (fun n => !isUsers env libraries n && !(plain n).isInternal && !isMatcherCore env n &&
    !isInstanceCore env n && !isAuxRecursor env n && isRecursiveDef env n) e.getUsedConstants.toList

/-- A type; a name for an inductive one is looked through, as its values are those of that one. -/
def meantType (t : Expr) : MetaM Expr := do
  let meant ← whnfR t
  match meant.getAppFn with
  | .const n _ => match (← getEnv).find? n with
    | some (.inductInfo _) => return meant
    | _ => return t
  | _ => return t

def typeShown (t : Expr) : MetaM String := do return toString (← ppExpr (← meantType t))

/-- The types of the arguments that an application is written with. -/
def explicitTypes : Expr → List Expr → MetaM (List String)
  | .forallE _ _ b info, a :: r => do
    let rest ← explicitTypes (b.instantiate1 a) r
    if info.isExplicit then return (← typeShown (← inferType a)) :: rest
    return rest
  | _, _ => return []

def signature : List Expr → MetaM (List String × String)
  | [] => return ([], "")
  | e :: _ => do
    let types ← explicitTypes (← inferType e.getAppFn) (spine e [])
    return (types, ← typeShown (← inferType e))

def withOption {α : Type} (name : Name) (value : Bool) (act : MetaM α) : MetaM α :=
  withTheReader Core.Context (fun c => { c with options := setOpt c.options name value }) act

/-- A constant as it can be written here: alone, it is printed the shortest way that means it, and never as a sign
that stands for it. `@` says that it has implicit arguments. -/
def writtenHere (n : Name) : MetaM String := do
  let text ← withOption `pp.notation false do return toString (← ppExpr (mkConst n))
  return String.join (lmap Char.toString <| lfilter (fun c => c != '@') text.toList)

def functionJson (exprs : List Expr) (n : Name) : MetaM Json := do
  let env ← getEnv
  let arity := match env.find? n with
    | some c => arityOf c.type
    | none => 0
  let apps := ltake 8 (appsAsMade n exprs arity)
  let texts ← lmapM (fun e => do return toString (← ppExpr e)) apps
  let (types, result) ← signature apps
  return obj [("name", Json.str (← writtenHere n)), ("recursive", Json.bool (isRecursiveDef env n)),
    ("applications", strs texts), ("arguments", strs types), ("result", Json.str result),
    ("reducible", Json.bool (isReducibleDef env n))]

/-- Whether a constructor takes something behind so many parameters that need not be said. -/
def hasImplicit : Nat → Expr → Bool
  | n, .mdata _ b => hasImplicit n b
  | 0, .forallE _ _ b i => !i.isExplicit || hasImplicit 0 b
  | n + 1, .forallE _ _ b _ => hasImplicit n b
  | _, _ => false

def implicitCases (env : Environment) (params : Nat) : List Name → List String
  | [] => []
  | c :: r => match c, env.find? c with
    | .str _ last, some i =>
      let others := implicitCases env params r
      if hasImplicit params i.type then last :: others else others
    | _, _ => implicitCases env params r

/-- The inductive type at the head of a type, whether it is recursive, and its constructors with implicit fields. -/
def inductiveOf (t : Expr) : MetaM (String × Bool × List String) := do
  let t ← whnfR t
  let env ← getEnv
  match t.getAppFn with
  | .const n _ => match env.find? n with
    | some (.inductInfo i) => return ((plain n).toString, i.isRec, implicitCases env i.numParams i.ctors)
    | _ => return ("", false, [])
  | _ => return ("", false, [])

/-- A name as it is written in a term: what is a token here, or no identifier, stands in «». -/
def quoted (n : Name) : MetaM String := do
  let id : FVarId := ⟨`_ghostproof_name⟩
  let lctx := (← getLCtx).mkLocalDecl id n (mkSort levelZero)
  withTheReader Meta.Context (fun c => { c with lctx := lctx }) do return toString (← ppExpr (mkFVar id))

def hypothesisJson (shown : LocalContext) (d : LocalDecl) : MetaM Json := do
  let t ← instantiateMVars d.type
  let (ind, isRec, implicit) ← inductiveOf t
  let isProp ← isProp t
  let text ← if isProp then pure (toString (← ppExpr t)) else typeShown t
  let name := match shown.find? d.fvarId with
    | some s => s.userName
    | none => d.userName
  return obj [("name", Json.str (← quoted name)), ("type", Json.str text),
    ("isProp", Json.bool isProp), ("inductive", Json.str ind), ("recursive", Json.bool isRec),
    ("implicit", strs implicit)]

def binders : Expr → MetaM (List String)
  | .forallE n _ b _ => do
    let name ← if b.hasLooseBVar 0 then quoted n.eraseMacroScopes else pure ""
    return name :: (← binders b)
  | .mdata _ b => binders b
  | _ => return []

def headOf (e : Expr) : String :=
  match e.consumeMData with
  | .forallE .. => "∀"
  | e => match e.getAppFn with
    | .const n _ => (plain n).toString
    | _ => ""

/-- The type of what an `∃` says to exist. -/
def witnessOf (e : Expr) : MetaM String := match e.consumeMData with
  | .app (.app (.const ``Exists _) t) _ => typeShown t
  | _ => return ""

def mainGoal (libraries : NameSet) (g : MVarId) : MetaM Json := inGoal g do
  let target ← instantiateMVars (← g.getType)
  let lctx ← getLCtx
  let shown := Id.run (lctx.sanitizeNames.run' { options := ← getOptions } : Id LocalContext)
  -- `Tree.size t`, not `t.size`: who reads it finds what a function is applied to in one way only.
  withOption `pp.fieldNotation.generalized false <| withTheReader Meta.Context (fun c => { c with lctx := shown }) do
    let hyps := hypotheses lctx
    let types ← lmapM (fun d => instantiateMVars d.type) hyps
    let exprs := target :: types
    let names := userFunctions (← getEnv) libraries exprs []
    let known := libraryFunctions (← getEnv) libraries target
    return obj [
      ("target", Json.str (toString (← ppExpr target))), ("head", Json.str (headOf target)),
      ("isData", Json.bool (!(← isProp target))), ("witness", Json.str (← witnessOf target)),
      ("binders", strs (← binders target)), ("hypotheses", arr (← lmapM (hypothesisJson shown) hyps)),
      ("functions", arr (← lmapM (functionJson exprs) names)),
      ("library", arr (← lmapM (functionJson [target]) known))]

end Ghostproof
