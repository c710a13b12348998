import Chain
import Requests

/-! The requests about theorems in reach: those of imported modules, those above a goal, and how they are written. -/

open Lean Elab Meta

namespace Ghostproof

def valueHash : ConstantInfo → UInt64
  | .thmInfo v => v.value.hash
  | .defnInfo v => v.value.hash
  | _ => 0

/-- What tells whether a module of the user's says what it said, hidden proofs included. A library's is told by its
version. -/
def printOf (hidden : Hidden) (libraries : NameSet) (name : Name) (data : ModuleData) : IO String := do
  if call (fun m => libraries.contains m) name.getRoot then return ""
  match ← hidden.whole name with
  | some w => return toString (go w.all 11)
  | none => return toString (go data.constants.toList 7)
where go : List ConstantInfo → UInt64 → UInt64
  | [], h => h
  | c :: r, h => go r (mixHash h (mixHash (hash c.name) (mixHash c.type.hash (valueHash c))))

def modulesJson (hidden : Hidden) (libraries : NameSet) : List Name → List ModuleData → IO (List Json)
  | n :: r, d :: s => do
    let mine := strs [n.toString, ← printOf hidden libraries n d]
    return mine :: (← modulesJson hidden libraries r s)
  | _, _ => return []

/-- Constants that one answer looks at. -/
def constantsAtOnce : Nat := 1500
/-- Theorems after which an answer is sent. -/
def theoremsAtOnce : Nat := 200

structure Page where
  theorems : List Json := []   -- the last one first
  count    : Nat := 0
  looked   : Nat := 0

/-- The theorems of a module from a constant on, until the page is full: the page, and where to go on if it is. -/
partial def pageOf (env : Environment) (libraries : NameSet) (rest : Rest) (data : ModuleData) (i : Nat) (p : Page) :
    IO (Page × Option Nat) := do
  if i ≥ data.constants.size then return (p, none)
  if p.count ≥ theoremsAtOnce || p.looked ≥ constantsAtOnce then return (p, some i)
  let c := data.constants[i]!
  let p := { p with looked := p.looked + 1 }
  if !isPrivateName c.name && isUsable env c.name c && (← isSound env libraries rest c.name) then
    pageOf env libraries rest data (i + 1)
      { p with theorems := statementJson c.name c.type :: p.theorems, count := p.count + 1 }
  else pageOf env libraries rest data (i + 1) p

/-- The theorems of the modules wanted, one list for each module that was come to; where to go on in the last one. -/
partial def pagesOf (env : Environment) (libraries : NameSet) (rest : Rest) (start : Nat) (p : Page) :
    List Nat → IO (List Json × Option Nat)
  | [] => return ([], none)
  | m :: r => do
    if m ≥ env.header.moduleData.size then throw (IO.userError "there is no such module")
    let (p, more) ← pageOf env libraries rest (env.header.moduleData[m]!) start { p with theorems := [] }
    let mine := arr (lrev p.theorems [])
    match more with
    | some i => return ([mine], some i)
    | none => do
      let (others, more) ← pagesOf env libraries rest 0 p r
      return (mine :: others, more)

/-- Tell what a header imports, or the theorems of some of these modules. -/
def doTheorems (s : Server) (j : Json) (who : Caller) (_ : Control) : IO Unit := do
  let (snap, _, _, errors) ← s.harvested.afterHeader j (inputOf (getStr j "text"))
  let libraries := nameSet (lmap Name.mkSimple (lmap asStr (getList j "libraries")))
  let env := snap.cmd.env
  match errors, lmap natOf (getList j "modules") with
  | _ :: _, _ => who.say [("header", strs errors)]
  | [], [] =>
    let header := env.header
    who.say [("modules", arr (← modulesJson s.hidden libraries header.moduleNames.toList header.moduleData.toList))]
  | [], wanted => do
    let (found, more) ← pagesOf env libraries (← newRest s.hidden) (getNat j "from" 0) {} wanted
    let go := match more with
      | some i => [("from", num i)]
      | none => []
    who.say (("found", arr found) :: go)

def stateOf (s : Server) (j : Json) (who : Caller) (act : State → MVarId → IO Unit) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.states.get) with
  | none => who.say [("gone", Json.bool true)]
  | some (_, st) => match st.cap.tac.goals with
    | [] => who.say [("unknown", Json.str "no goal")]
    | g :: _ => act st g

def sayMeta (who : Caller) (cap : Captured) (c : Control) (x : MetaM (List (String × Json)))
    (heartbeats : Nat := 0) : IO Unit := do
  match ← runMeta cap c.token x heartbeats with
  | .ok fields => who.say fields
  | .error e => who.say [("unknown", Json.str (← e.toMessageData.toString))]

def lookAt (st : State) : MetaM Lookup :=
  return { env := ← getEnv, ns := st.cap.coreCtx.currNamespace, opens := st.cap.coreCtx.openDecls }

/-- The shortest way to write a constant that means it here. -/
def shortName (look : Lookup) (n : Name) : MetaM (Option String) := do
  let printed := toString (← ppExpr (mkConst n))
  let short := String.join (lmap Char.toString <| lfilter (fun c => c != '@') printed.toList)
  let written := short.toName
  let isLocal := lany (fun d => d.userName == written.getRoot) (hypotheses (← getLCtx))
  match lfilter (fun (_, fields) => llen fields 0 == 0) (meanings look.env look.ns look.opens written) with
  | [(m, _)] => return if m == n && !isLocal then some short else none
  | _ => return none

def shortNames (look : Lookup) : List Name → MetaM (List String)
  | [] => return []
  | n :: r => do
    let others ← shortNames look r
    match ← shortName look n with
    | some short => return short :: others
    | none => return others

/-- Functions that are told of those that a goal's own ones are made of: one that is made of more is not unfolded. -/
def functionsInside : Nat := 6

/-- What the first goal of a state speaks of, and the theorems of the file above it. -/
def doReach (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit :=
  stateOf s j who fun st g => do
    let libraries := (← s.guard.get).libraries
    sayMeta who st.cap c (inGoal g do
      let target ← instantiateMVars (← g.getType)
      let types ← lmapM (fun d => instantiateMVars d.type) (hypotheses (← getLCtx))
      let env ← getEnv
      let own ← ownTheorems s.hidden env libraries
      let spoken := target.getUsedConstants.toList
      let inside := madeOf env libraries spoken
      let functions := lfilter (fun n => !lany (fun m => m == n) spoken && isUserFunction env libraries n)
        (addNames [] inside)
      return [("target", namesOf spoken), ("hypotheses", namesOf (addAll [] types)),
        ("unfolded", namesOf inside),
        ("madeOf", strs (← shortNames (← lookAt st) (ltake functionsInside functions))),
        ("selector", Json.bool (env.find? `Lean.LibrarySuggestions.Selector).isSome),
        ("head", Json.str (headName target)), ("sides", strs (sidesOf target)),
        ("own", arr (lmap (fun (n, t) => statementJson n t) own))])

/-- A usable theorem by its full name. That of a private one of the file is no text that gives the name again. -/
def theoremNamed (look : Lookup) (own : List (Name × Expr)) (full : String) : Option (Name × Expr) :=
  match lfind (fun (n, _) => n.toString == full) own with
  | some found => some found
  | none => match look.env.find? full.toName with
    | some c => if isUsable look.env c.name c then some (c.name, c.type) else none
    | none => none

def theoremsNamed (look : Lookup) (own : List (Name × Expr)) : List String → List Name
  | [] => []
  | full :: r => match theoremNamed look own full with
    | some (n, _) => n :: theoremsNamed look own r
    | none => theoremsNamed look own r

def nameJson (look : Lookup) (own : List (Name × Expr)) (statements : Bool) (target : Expr) (full : String) :
    MetaM Json := do
  match theoremNamed look own full with
  | none => return obj []
  | some (n, type) => match ← shortName look n with
    | none => return obj []
    | some short =>
      let said ← if statements then pure (toString (← ppExpr type)) else pure ""
      return obj [("name", Json.str short), ("statement", Json.str said),
        ("applied", Json.str (← appliedTo short n target))]

/-- How theorems are written at the first goal of a state; nothing of what is not there, or not to be named. -/
def doNames (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit :=
  stateOf s j who fun st g => do
    let libraries := (← s.guard.get).libraries
    sayMeta who st.cap c (inGoal g do
      let look ← lookAt st
      let own ← ownTheorems s.hidden look.env libraries
      let target ← instantiateMVars (← g.getType)
      let tell := nameJson look own (getBool j "statements") target
      return [("names", arr (← lmapM tell (lmap asStr (getList j "names"))))])

/-- A term that proves the first goal of a state by rules alone, some theorems among them. -/
def doChain (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit :=
  stateOf s j who fun st g => do
    let libraries := (← s.guard.get).libraries
    sayMeta who st.cap c (inGoal g do
      let look ← lookAt st
      let own ← ownTheorems s.hidden look.env libraries
      let target ← instantiateMVars (← g.getType)
      let names := theoremsNamed look own (lmap asStr (getList j "names"))
      return [("chained", Json.str (← chained (shortName look) names target))]) (getNat j "heartbeats" 0)

end Ghostproof
