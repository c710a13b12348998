import Laws
import Placeholders
import Prints
import Requests

/-! The request `define`: what the functions, inductive types and structures are that the first goal of a state speaks of. -/

open Lean Elab Meta

namespace Ghostproof

/-- So many functions and types are told. -/
def mostFunctions : Nat := 40
def mostFamilies : Nat := 20

/-! ### which -/

/-- What Lean makes for every type, and for instances that it derives. -/
def isMade (env : Environment) (n : Name) : Bool :=
  isInstanceCore env n.getPrefix || isConstructor env n.getPrefix ||
    (lhas (lastPart n) ["ctorIdx", "toCtorIdx", "ctorElim", "ctorElimType", "noConfusionType"] &&
      match env.find? n.getPrefix with
      | some (.inductInfo _) => true
      | _ => false)

/-- A function that somebody wrote. -/
def isToldFunction (env : Environment) (libraries : NameSet) (n : Name) : Bool :=
  isUserFunction env libraries n && !isMade env n

def isPredicate (i : InductiveVal) : Bool := endsInProp i.type
where endsInProp : Expr → Bool
  | .forallE _ _ b _ => endsInProp b
  | .mdata _ b => endsInProp b
  | .sort l => l.isZero
  | _ => false

/-- The user's functions among some declarations. Whoever uses an instance uses what that is made of, and whoever claims
something by a rule what stands in the rule. -/
partial def functionsAmong (env : Environment) (libraries : NameSet) (met found : List Name) : List Name → List Name
  | [] => lrev found []
  | n :: r =>
    if lany (fun m => m == n) met then functionsAmong env libraries met found r
    else if isInstanceCore env n then match env.find? n with
      | some (.defnInfo d) => functionsAmong env libraries (n :: met) found (lapp (usersIn env libraries [d.value]) r)
      | _ => functionsAmong env libraries (n :: met) found r
    else if let some (.inductInfo i) := env.find? n then
      let inside := if isPredicate i then usersIn env libraries (typesOfNames env i.ctors) else []
      functionsAmong env libraries (n :: met) found (lapp r inside)
    else functionsAmong env libraries (n :: met) (if isToldFunction env libraries n then n :: found else found) r

def isFamily (env : Environment) (n : Name) : Bool := !(plain n).isInternal && !isClass env n && match env.find? n with
  | some (.inductInfo _) => true
  | _ => false

/-- The user's inductive types among some declarations, and what their constructors speak of; a name for a type is looked
through. -/
partial def familiesAmong (env : Environment) (libraries : NameSet) (met found : List Name) : List Name → List Name
  | [] => ltake mostFamilies (lrev found [])
  | n :: r =>
    if lany (fun m => m == n) met then familiesAmong env libraries met found r
    else match env.find? n with
      | some (.inductInfo i) =>
        let more := usersIn env libraries (i.type :: typesOfNames env i.ctors)
        familiesAmong env libraries (n :: met) (if isFamily env n then n :: found else found) (lapp r more)
      | some (.defnInfo d) =>
        let more := if endsInType d.type then usersIn env libraries [d.value] else []
        familiesAmong env libraries (n :: met) found (lapp more r)
      | _ => familiesAmong env libraries (n :: met) found r

/-! ### how their types are printed -/

structure Parameter where
  var  : Expr
  type : Expr
  info : BinderInfo

/-- A type's first arguments as variables of the context, and what is left of it. -/
partial def withParameters {α : Type} (most : Nat) (type : Expr) (found : List Parameter)
    (act : List Parameter → Expr → MetaM α) : MetaM α := match most, type with
  | _, .mdata _ b => withParameters most b found act
  | left + 1, .forallE n t b info => do
    let id ← mkFreshFVarId
    let one : Parameter := { var := .fvar id, type := t.consumeTypeAnnotations, info := info }
    withTheReader Meta.Context (fun c => { c with lctx := c.lctx.mkLocalDecl id n.eraseMacroScopes one.type info }) do
      withParameters left (b.instantiate1 one.var) (one :: found) act
  | _, t => act (lrev found []) t

def Parameter.isType (p : Parameter) : Bool := p.type.isSort

/-- A term as text. Most types and names occur again, and printing takes longer than all else. -/
def Notes.text (notes : Notes) (e : Expr) : MetaM String := do
  let print : MetaM String := match e with
    | .const n _ => writtenHere n
    | _ => return toString (← ppExpr e)
  if e.hasFVar then return ← print
  match lfind (fun p => p.1 == e) (← notes.texts.get) with
  | some (_, text) => return text
  | none => do
    let text ← print
    notes.texts.modify fun l => (e, text) :: l
    return text

def Notes.name (notes : Notes) (n : Name) : MetaM String := notes.text (mkConst n)

/-- A type as text, "" if it speaks of values. -/
def Notes.type (notes : Notes) (all : List Parameter) (t : Expr) : MetaM String := do
  let values := lfilter (fun p => !p.isType && !p.info.isInstImplicit) all
  if (t.find? fun x => x.isFVar && lany (fun p => p.var == x) values).isSome then return "" else notes.text (← meantType t)

def explicitOnes (l : List Parameter) : List Parameter := lfilter (fun p => p.info.isExplicit) l

def anyArity : Nat := 1000

/-! ### what is told -/

def blockOf (notes : Notes) (all : List Name) : MetaM Json := do
  match all with
  | [] | [_] => return strs []
  | l => return strs (← lmapM notes.name l)

def definitionJson (notes : Notes) (n : Name) (d : DefinitionVal) (q : Equation) : MetaM Json :=
  withParameters anyArity d.type [] fun all result => do
    let vars := lmap (fun p => p.var) all
    let right ← q.at vars
    let traits ← traitsOf notes.libraries n (lmap (fun p => p.info.isExplicit) all) vars right
    let env ← getEnv
    let uses := functionsAmong env notes.libraries [n] [] (usersIn env notes.libraries [right])
    return obj [
      ("name", Json.str (← notes.name n)),
      ("variables", strs (← lmapM (fun p => notes.text p.var) (lfilter Parameter.isType all))),
      ("arguments", strs (← lmapM (fun p => notes.type all p.type) (explicitOnes all))),
      ("result", Json.str (← notes.type all result)),
      ("uses", strs (← lmapM notes.name uses)), ("signs", strs traits.signs),
      ("recursive", Json.bool (right.find? fun x => x.isConstOf n).isSome),
      ("matched", arr (lmap num traits.matched)), ("varying", arr (lmap num traits.varying)),
      ("deep", Json.bool traits.deep), ("measured", Json.bool q.isLaw), ("reducible", Json.bool (isReducibleDef env n)),
      ("block", ← blockOf notes d.all), ("print", Json.str (← declarationPrint notes n))]

/-- What a function makes: no variable, nothing that constructors make, and no number or number behind another one. -/
def isMadeByFunction (env : Environment) (e : Expr) : Bool := match e.getAppFn with
  | .const n _ => match env.find? n with
    | some (.defnInfo _) => !(isNumeral e || (n == ``HAdd.hAdd && isNumeral e.appArg!))
    | _ => false
  | _ => false
where isNumeral (e : Expr) : Bool := e.isAppOf ``OfNat.ofNat || e.isRawNatLit

def constructorJson (notes : Notes) (params : List Parameter) (n : Name) : MetaM Json := do
  let type := match (← getEnv).find? n with
    | some c => saidOf c.type (lmap (fun p => p.var) params)
    | none => .sort .zero
  let env ← getEnv
  withParameters anyArity type [] fun fields result => do
    let types ← lmapM (fun p => do notes.text (← meantType p.type)) (explicitOnes fields)
    let computed := lany (fun e => isMadeByFunction env e.consumeMData) (spine result [])
    return obj [("name", Json.str (← notes.name n)), ("fields", strs types), ("computed", Json.bool computed)]

def familyJson (notes : Notes) (n : Name) (i : InductiveVal) : MetaM Json :=
  withParameters anyArity i.type [] fun all result => do
    let params := ltake i.numParams all
    return obj [
      ("name", Json.str (← notes.name n)), ("parameters", strs (← lmapM (fun p => notes.text p.var) params)),
      ("arguments", strs (← lmapM (fun p => notes.type all p.type) (explicitOnes all))),
      ("isProp", Json.bool (result == .sort .zero)),
      ("constructors", arr (← lmapM (constructorJson notes params) i.ctors)),
      ("block", ← blockOf notes i.all), ("print", Json.str (← declarationPrint notes n))]

/-- What a class asks for besides laws, in the names of its parameters. -/
def operationJson (notes : Notes) (of : Name) (i : InductiveVal) (field : Name) : MetaM Json := do
  let n := .str of (lastPart field)
  let env ← getEnv
  match env.find? n with
  | some c =>
    if isUsable env n c then return Json.null
    withParameters anyArity c.type [] fun all result => do
      return obj [
        ("name", Json.str (← notes.name n)),
        ("variables", strs (← lmapM (fun p => notes.text p.var) (ltake i.numParams all))),
        ("arguments", strs (← lmapM (fun p => notes.type all p.type) (explicitOnes (ldrop (i.numParams + 1) all)))),
        ("result", Json.str (← notes.type all result))]
  | none => return Json.null

def operationsOf (notes : Notes) : List Name → MetaM (List Json)
  | [] => return []
  | n :: r => do
    let env ← getEnv
    let mine ← match env.find? n with
      | some (.inductInfo i) =>
        if isClass env n then lmapM (operationJson notes n i) (getStructureFields env n).toList else pure []
      | _ => pure []
    return lapp (lfilter (fun j => !j.isNull) mine) (← operationsOf notes r)

/-! ### the request -/

structure Defining where
  notes      : Notes
  cap        : Captured
  goal       : MVarId
  token      : IO.CancelToken
  heartbeats : Nat

/-- Something about one declaration at the goal; nothing where that fails or takes too long. -/
def Defining.act {α : Type} (d : Defining) (otherwise : α) (x : MetaM α) : IO α := do
  if ← d.token.isSet then return otherwise
  match ← runMeta d.cap d.token (inGoal d.goal x) d.heartbeats with
  | .ok a => return a
  | .error _ => return otherwise

/-- What a goal and its hypotheses speak of. -/
def Defining.spoken (d : Defining) : MetaM (List Name) := do
  let types ← lmapM (fun h => instantiateMVars h.type) (hypotheses (← getLCtx))
  return usersIn (← getEnv) d.notes.libraries ((← instantiateMVars (← d.goal.getType)) :: types)

def Defining.library (d : Defining) : MetaM (List Name) := do
  return libraryFunctions (← getEnv) d.notes.libraries (← instantiateMVars (← d.goal.getType))

def Defining.function (d : Defining) (n : Name) : MetaM (List Name × Json) := do
  match (← getEnv).find? n, ← equationOf n with
  | some (.defnInfo v), some q =>
    return (usersIn (← getEnv) d.notes.libraries [q.term], ← definitionJson d.notes n v q)
  | _, _ => return ([], Json.null)

/-- Functions with those that they are made of, the nearest first, and the names of all that were met. -/
partial def Defining.functions (d : Defining) (env : Environment) (met : List Name) (told : List Json) :
    List Name → IO (List Name × List Json)
  | [] => return (lrev met [], lrev told [])
  | n :: r => do
    if llen met 0 ≥ mostFunctions then return (lrev met [], lrev told [])
    if lany (fun m => m == n) met then return ← d.functions env met told r
    let (below, json) ← d.act ([], Json.null) (d.function n)
    let told := if json.isNull then told else json :: told
    d.functions env (n :: met) told (lapp r (functionsAmong env d.notes.libraries [] [] below))

def Defining.families (d : Defining) (env : Environment) : List Name → IO (List Json)
  | [] => return []
  | n :: r => do
    let rest ← d.families env r
    match env.find? n with
    | some (.inductInfo i) =>
      let json ← d.act Json.null (familyJson d.notes n i)
      return if json.isNull then rest else json :: rest
    | _ => return rest

def doDefine (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.states.get) with
  | none => who.say [("gone", Json.bool true)]
  | some (_, st) => match st.cap.tac.goals with
    | [] => who.say [("unknown", Json.str "no goal")]
    | g :: _ =>
      let d : Defining :=
        { notes := ← newNotes (← s.guard.get).libraries, cap := st.cap, goal := g, token := c.token
          heartbeats := getNat j "heartbeats" 200000 }
      let env := st.cap.core.env
      let spoken ← d.act [] d.spoken
      let known ← d.act [] d.library
      let (met, functions) ← d.functions env [] [] (lapp (functionsAmong env d.notes.libraries [] [] spoken) known)
      let types := usersIn env d.notes.libraries (typesOfNames env met)
      let families ← d.families env (familiesAmong env d.notes.libraries [] [] (lapp spoken types))
      let structures := structuresAmong env d.notes.libraries [] [] spoken
      let laws ← d.act [] (lawsOf structures)
      let operations ← d.act [] (operationsOf d.notes structures)
      let unfinished ← d.act [] (lmapM d.notes.name (unfinishedIn env d.notes.libraries spoken))
      who.say [("functions", arr functions), ("families", arr families), ("laws", arr (ltake mostLaws laws)),
        ("operations", arr (ltake mostFunctions operations)), ("unfinished", strs unfinished)]

end Ghostproof
