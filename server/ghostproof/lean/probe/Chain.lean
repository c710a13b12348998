import Applied

/-! A proof by rules alone: theorems, constructors of inductive predicates and hypotheses, one applied to what another
one gives, until nothing is asked for any more. It takes nothing apart, and rewrites nothing. -/

open Lean Elab Meta

namespace Ghostproof

/-- Something that can be applied: a constant, or else what the context gives; `forth` and back are the two ways to
read an equivalence. -/
structure Rule where
  constant : Option Name
  given    : Expr := default
  head     : String
  forth    : Option Bool := none

/-- What a search for a chain may do: its rules, and how many of them it may still try. -/
structure Chaining where
  rules : List Rule
  fuel  : IO.Ref Nat

/-- Rules of one chain, and tries of any. A person's term has fewer of the one; the other is some tenths of a second. -/
def longestChain : Nat := 8
def chainingFuel : Nat := 3000

/-- Predicates whose constructors are no rules: how these are proved is known, or Lean's arithmetic knows more. -/
def ofLogic : List Name := [``Eq, ``HEq, ``Iff, ``And, ``Or, ``Exists, ``True, ``False, ``Nat.le, ``Nonempty, ``Acc]

/-- What is computed or rewritten: rules alone rarely prove it, and every lemma about it would be tried. -/
def isComputed (e : Expr) : Bool := match e.getAppFn with
  | .const n _ => lany (fun m => m == n)
    [``Eq, ``Ne, ``HEq, ``Not, ``False, ``LE.le, ``LT.lt, ``GE.ge, ``GT.gt, ``Dvd.dvd]
  | _ => true

def conclusion (e : Expr) : Expr := (claimOf e []).2

/-- A constant or hypothesis as rules: as it is, and an equivalence in both directions. -/
def rulesOf (constant : Option Name) (given type : Expr) : List Rule :=
  let claim := conclusion type
  let plain : Rule := { constant := constant, given := given, head := headName claim }
  match claim with
  | .app (.app (.const ``Iff _) a) b =>
    [plain, { plain with head := headName b, forth := some true }, { plain with head := headName a, forth := some false }]
  | _ => [plain]

/-- What a proof gives: itself, and the parts of a conjunction. -/
partial def rulesGiven (proof type : Expr) (acc : List Rule) : List Rule := match type with
  | .app (.app (.const ``And _) a) b =>
    rulesGiven (mkApp3 (mkConst ``And.left) a b proof) a (rulesGiven (mkApp3 (mkConst ``And.right) a b proof) b acc)
  | _ => lapp (rulesOf none proof type) acc

def rulesOfHypotheses : List LocalDecl → List Rule → MetaM (List Rule)
  | [], acc => return acc
  | d :: r, acc => do
    let type ← instantiateMVars d.type
    rulesOfHypotheses r (if ← isProp type then rulesGiven d.toExpr type acc else acc)

/-- The inductive predicates among some constants. -/
def predicatesAmong (env : Environment) : List Name → List InductiveVal
  | [] => []
  | n :: r => match env.find? n with
    | some (.inductInfo i) =>
      if (conclusion i.type).isProp && !lany (fun m => m == n) ofLogic && !isStructure env n then i :: predicatesAmong env r
      else predicatesAmong env r
    | _ => predicatesAmong env r

def rulesOfConstants (env : Environment) : List Name → List Rule
  | [] => []
  | n :: r => match env.find? n with
    | some c =>
      if isComputed (conclusion c.type) then rulesOfConstants env r
      else lapp (rulesOf (some n) default c.type) (rulesOfConstants env r)
    | none => rulesOfConstants env r

def typesOf (env : Environment) : List Name → List Expr
  | [] => []
  | n :: r => match env.find? n with
    | some c => c.type :: typesOf env r
    | none => typesOf env r

def constructorsOf : List InductiveVal → List Name
  | [] => []
  | i :: r => lapp i.ctors (constructorsOf r)

/-- Arguments that stay open: those that are to be proved, in their order; none where an instance is missing. -/
def openArguments : List (Expr × BinderInfo) → MetaM (Option (List Expr))
  | [] => return some []
  | (a, info) :: r => do
    if (← instantiateMVars a).isMVar then
      let type ← instantiateMVars (← inferType a)
      if info == .instImplicit then match ← trySynthInstance type with
        | .some i => if !(← isDefEq a i) then return none
        | _ => return none
      else if ← isProp type then match ← openArguments r with
        | some others => return some (a :: others)
        | none => return none
    openArguments r

/-- A rule applied to a goal: the proof, and what it asks for. -/
def ruleAt (r : Rule) (target : Expr) : MetaM (Option (Expr × List Expr)) := do
  let f ← match r.constant with
    | some n => mkConstWithFreshMVarLevels n
    | none => pure r.given
  let type ← instantiateMVars (← inferType f)
  let (arguments, infos, claim) ← forallMetaBoundedTelescope type (arityOf type - arityOf target)
  let proof := mkAppN f arguments
  let (proof, claim, more) ← match r.forth, claim with
    | none, _ => pure (proof, claim, [])
    | some forth, .app (.app (.const ``Iff _) a) b => do
      let asked ← mkFreshExprMVar (if forth then a else b)
      pure (mkApp4 (mkConst (if forth then ``Iff.mp else ``Iff.mpr)) a b proof asked, if forth then b else a, [asked])
    | _, _ => return none
  if !(← isDefEq claim target) then return none
  match ← openArguments (lzip arguments.toList infos.toList) with
  | some asked => return some (proof, lapp asked more)
  | none => return none

def isOpen (g : Expr) : MetaM Bool := return (← instantiateMVars g).isMVar

/-- The goal to go on with, and the others that are open: the first one in which nothing is left to be found, or the
first of all. -/
def nextGoal (seen : List Expr) : List Expr → MetaM (Option (Expr × List Expr))
  | [] => match lrev seen [] with
    | [] => return none
    | g :: r => return some (g, r)
  | g :: r => do
    let g ← instantiateMVars g
    if !g.isMVar then nextGoal seen r
    else if (← instantiateMVars (← inferType g)).hasExprMVar then nextGoal (g :: seen) r
    else return some (g, lapp (lrev seen []) r)

/-- The ways to prove a goal by what its connective says: proofs, with what each asks for. -/
def connectives (target : Expr) : MetaM (List (Expr × List Expr)) := do
  match target with
  | .const ``True _ => return [(mkConst ``True.intro, [])]
  | .app (.app (.const ``And _) a) b => both ``And.intro a b a b
  | .app (.app (.const ``Iff _) a) b => both ``Iff.intro a b (← mkArrow a b) (← mkArrow b a)
  | .app (.app (.const ``Or _) a) b => do
    let (x, y) := (← mkFreshExprMVar a, ← mkFreshExprMVar b)
    return [(mkApp3 (mkConst ``Or.inl) a b x, [x]), (mkApp3 (mkConst ``Or.inr) a b y, [y])]
  | .app (.app (.const ``Exists us) t) p => do
    let w ← mkFreshExprMVar t
    let x ← mkFreshExprMVar (p.beta #[w])
    return [(mkApp4 (mkConst ``Exists.intro us) t p w x, [x])]
  | .app (.app (.app (.const ``Eq us) t) a) b =>
    return if ← isDefEq a b then [(mkApp2 (mkConst ``Eq.refl us) t a, [])] else []
  | _ => return []
where both (n : Name) (a b p q : Expr) : MetaM (List (Expr × List Expr)) := do
  let (x, y) := (← mkFreshExprMVar p, ← mkFreshExprMVar q)
  return [(mkApp4 (mkConst n) a b x y, [x, y])]

mutual
/-- Whether all goals are proved by so many rules; then they are assigned. -/
partial def chain (c : Chaining) (left : Nat) (goals : List Expr) : MetaM Bool := do
  match ← nextGoal [] goals with
  | none => return true
  | some (g, others) => inGoal g.mvarId! do
    let target ← instantiateMVars (← inferType g)
    let head := headName (conclusion target)
    if head == "" then return false
    if ← byRules c left g target others (lfilter (fun r => r.head == head) c.rules) then return true
    if target.isForall then byBinder c left g others
    else byConnectives c left g others (← connectives target)

partial def byRules (c : Chaining) (left : Nat) (g target : Expr) (others : List Expr) : List Rule → MetaM Bool
  | [] => return false
  | r :: more => do
    let fuel ← c.fuel.get
    if fuel == 0 then return false
    c.fuel.set (fuel - 1)
    let found ← undoneUnless do
      match ← ruleAt r target with
      | none => return false
      | some (proof, asked) =>
        let cost := match r.constant, asked with
          | none, [] => 0
          | _, _ => 1
        if cost > left then return false
        if !(← g.mvarId!.checkedAssign proof) then return false
        chain c (left - cost) (lapp asked others)
    if found then return true
    byRules c left g target others more

partial def byConnectives (c : Chaining) (left : Nat) (g : Expr) (others : List Expr) :
    List (Expr × List Expr) → MetaM Bool
  | [] => return false
  | (proof, asked) :: more => do
    let found ← undoneUnless do
      if !(← g.mvarId!.checkedAssign proof) then return false
      chain c left (lapp asked others)
    if found then return true
    byConnectives c left g others more

partial def byBinder (c : Chaining) (left : Nat) (g : Expr) (others : List Expr) : MetaM Bool :=
  undoneUnless do
    let name := (← getLCtx).getUnusedName ((← instantiateMVars (← inferType g)).bindingName!.eraseMacroScopes)
    let (x, inner) ← g.mvarId!.intro name
    inGoal inner do
      let rules ← match (← getLCtx).find? x with
        | some d => rulesOfHypotheses [d] c.rules
        | none => pure c.rules
      chain { c with rules := rules } left (mkMVar inner :: others)

/-- What it did stays only if it found something. -/
partial def undoneUnless (x : MetaM Bool) : MetaM Bool := do
  let saved ← getThe Meta.State
  let found ← try x
    catch e => if e.isInterrupt || e.isMaxHeartbeat then throw e else pure false
  if !found then modifyThe Meta.State fun _ => saved
  return found
end

/-- With ever more rules, so that a short chain is found before a long one. -/
partial def deepened (c : Chaining) (g : Expr) (left : Nat) : MetaM Bool := do
  if ← chain c left [g] then return true
  if left ≥ longestChain || (← c.fuel.get) == 0 then return false
  deepened c g (left + 1)

/-- A proof as a person writes it; none where something in it has no name. The flag: it needs brackets as an argument. -/
partial def writtenProof (short : Name → MetaM (Option String)) (e : Expr) :
    MetaM (Option (String × Bool)) := do
  match e.headBeta with
  | .lam n t b info => do
    let id ← mkFreshFVarId
    let lctx := (← getLCtx).mkLocalDecl id n t info
    let body ← withTheReader Meta.Context (fun c => { c with lctx := lctx }) do
      writtenProof short (b.instantiate1 (mkFVar id))
    let name ← quoted n
    return body.map fun (text, _) => ("fun " ++ name ++ " => " ++ text, true)
  | e =>
    let f := e.getAppFn
    match f, spine e [] with
    | .const ``And.intro _, [_, _, a, b] | .const ``Iff.intro _, [_, _, a, b] => pair (← inner a) (← inner b)
    | .const ``Exists.intro _, [_, _, w, p] => pair (← value w) (← inner p)
    | .const ``Eq.refl _, _ => return some ("rfl", false)
    | .const ``And.left _, [_, _, h] => field (← tight h) "1"
    | .const ``And.right _, [_, _, h] => field (← tight h) "2"
    | .const ``Iff.mp _, [_, _, l, a] => applied (← field (← tight l) "mp") (← tight a)
    | .const ``Iff.mpr _, [_, _, l, a] => applied (← field (← tight l) "mpr") (← tight a)
    | .const n _, args => withArguments (← short n) (← inferType f) args
    | .fvar _, args => withArguments (← nameOf f) (← inferType f) args
    | _, _ => return none
where
  -- What has no name is what the goal makes it.
  value (a : Expr) : MetaM (Option String) := return some ((← argumentText a).getD "_")
  nameOf (f : Expr) : MetaM (Option String) := do
    match ← argumentText f with
    | some "_" | none => return none
    | some name => return some name
  inner (a : Expr) : MetaM (Option String) := return (← writtenProof short a).map (·.1)
  tight (a : Expr) : MetaM (Option String) :=
    return (← writtenProof short a).map fun (text, loose) => if loose then "(" ++ text ++ ")" else text
  pair : Option String → Option String → MetaM (Option (String × Bool))
    | some a, some b => return some ("⟨" ++ a ++ ", " ++ b ++ "⟩", false)
    | _, _ => return none
  field : Option String → String → MetaM (Option (String × Bool))
    | some h, name => return some (h ++ "." ++ name, false)
    | none, _ => return none
  applied : Option (String × Bool) → Option String → MetaM (Option (String × Bool))
    | some (l, _), some a => return some (l ++ " " ++ a, true)
    | _, _ => return none
  withArguments (name : Option String) (type : Expr) (args : List Expr) : MetaM (Option (String × Bool)) := do
    match name with
    | none => return none
    | some text => explicits text false type args
  explicits (text : String) (loose : Bool) : Expr → List Expr → MetaM (Option (String × Bool))
    | .forallE _ t b info, a :: r => do
      let rest := b.instantiate1 a
      if info != .default then explicits text loose rest r
      else
        let said ← if ← isProp t then tight a else value a
        match said with
        | some more => explicits (text ++ " " ++ more) true rest r
        | none => return none
    | _, [] => return some (text, loose)
    | type, args => match type with
      | .mdata _ b => explicits text loose b args
      | _ => return none

/-- A term that proves the goal by some theorems, the constructors of the predicates that are spoken of, and the
hypotheses; "" where there is none. -/
def chained (short : Name → MetaM (Option String)) (names : List Name) (target : Expr) :
    MetaM String := do
  if isComputed (conclusion target) then return ""
  let env ← getEnv
  let hyps := hypotheses (← getLCtx)
  let types ← lmapM (fun d => instantiateMVars d.type) hyps
  let spoken := addAll [] (target :: lapp types (typesOf env names))
  let constructors := constructorsOf (predicatesAmong env (addNames [] spoken))
  let rules ← rulesOfHypotheses hyps (rulesOfConstants env (lapp constructors names))
  let g ← mkFreshExprMVar target
  if !(← deepened { rules := rules, fuel := ← IO.mkRef chainingFuel } g 1) then return ""
  let proof ← instantiateMVars g
  if proof.hasExprMVar then return ""
  return ((← writtenProof short proof).map (·.1)).getD ""

end Ghostproof
