import Enumerate

/-! Whether a closed proposition holds, by reduction alone: nothing is compiled. -/

open Lean Meta

namespace Ghostproof

/-- Whether two closed values are the same; none if reduction does not tell. -/
partial def sameValue (type a b : Expr) : MetaM (Option Bool) := do
  checkSystem "instances"
  let a ← reduced a
  let b ← reduced b
  if a == b then return some true
  match natOf a, natOf b with
  | some (m, x), some (n, y) => return ← sameNumber m x n y
  | _, _ => match a.getAppFn, b.getAppFn with
    | .const c _, .const d _ => match (← getEnv).find? c, (← getEnv).find? d with
      | some (.ctorInfo i), some (.ctorInfo _) =>
        if ← isProp type then return some true
        if c != d then return some false
        sameEach (ldrop i.numParams (argsOf a [])) (ldrop i.numParams (argsOf b []))
      | _, _ => return none
    | _, _ => return none
where
  /-- A number, or the successor of something. -/
  natOf (e : Expr) : Option (Nat × Option Expr) := match e with
    | .lit (.natVal n) => some (n, none)
    | .const ``Nat.zero _ => some (0, none)
    | .app (.const ``Nat.succ _) x => some (1, some x)
    | .app (.app (.app (.const ``OfNat.ofNat _) _) (.lit (.natVal n))) _ => some (n, none)
    | _ => none
  sameNumber (m : Nat) (x : Option Expr) (n : Nat) (y : Option Expr) : MetaM (Option Bool) := do
    match x, y with
    | none, none => return some (m == n)
    | some x, none => if n == 0 then return some false else sameValue (mkConst ``Nat) x (mkRawNatLit (n - 1))
    | none, some y => if m == 0 then return some false else sameValue (mkConst ``Nat) (mkRawNatLit (m - 1)) y
    | some x, some y => sameValue (mkConst ``Nat) x y
  sameEach : List Expr → List Expr → MetaM (Option Bool)
    | x :: r, y :: s => do
      match ← sameValue (← inferType x) x y with
      | some true => sameEach r s
      | other => do
        -- A difference further on decides what this argument leaves open.
        match other, ← sameEach r s with
        | none, some false => return some false
        | _, _ => return other
    | _, _ => return some true

def both : Option Bool → Option Bool → Option Bool
  | some false, _ => some false
  | _, some false => some false
  | some true, some true => some true
  | _, _ => none

def negation : Option Bool → Option Bool
  | some b => some (!b)
  | none => none

def either (a b : Option Bool) : Option Bool := negation (both (negation a) (negation b))

/-- Whether a term is made of variables and constructors alone: then what it is equal to settles all of them. -/
partial def isPattern (e : Expr) : MetaM Bool := do
  checkSystem "instances"
  match ← whnf e with
  | .mvar _ | .lit _ => return true
  | v => match v.getAppFn with
    | .const c _ => match (← getEnv).find? c with
      | some (.ctorInfo i) => each (ldrop i.numParams (argsOf v []))
      | _ => return false
    | _ => return false
where each : List Expr → MetaM Bool
  | [] => return true
  | e :: r => do if ← isPattern e then each r else return false

/-- Whether some of the terms differ for certain, whatever their variables stand for. -/
def differ : List Expr → List Expr → MetaM Bool
  | x :: r, y :: s => do
    match ← sameValue (← inferType y) x y with
    | some false => return true
    | _ => differ r s
  | _, _ => return false

/-- What variables of a quantifier are tried at, and how many rules may stand above each other in a proof. -/
def witnesses : Nat := 6
def highest : Nat := 10
/-- How many constructors a value is taken apart into, one below the other, before it is left open; and what being
inside of another quantifier costs. -/
def deepest (fuel : Nat) : Nat := if fuel ≥ 9 then 4 else if fuel ≥ 5 then 2 else 0
def inside : Nat := 4

/-- Whether a closed proposition holds; none if reduction does not tell. An inductive predicate holds where a rule gives
it from what holds, and does not where each rule says something else, or asks for what does not hold. -/
partial def holds (p : Expr) (fuel : Nat := highest) : MetaM (Option Bool) := do
  checkSystem "instances"
  let p ← instantiateMVars p
  let p := p.consumeMData.headBeta
  match p with
  | .const ``True _ => return some true
  | .const ``False _ => return some false
  | .app (.app (.const ``And _) a) b => do match ← holds a fuel with
    | some false => return some false
    | x => return both x (← holds b fuel)
  | .app (.app (.const ``Or _) a) b => do match ← holds a fuel with
    | some true => return some true
    | x => return either x (← holds b fuel)
  | .app (.const ``Not _) a => return negation (← holds a fuel)
  | .app (.app (.const ``Iff _) a) b => alike fuel a b
  | .app (.app (.app (.const ``Ne _) t) a) b => return negation (← equal fuel p t a b)
  | .app (.app (.app (.const ``Eq _) t) a) b => equal fuel p t a b
  | .app (.app (.app (.app (.app (.const ``Membership.mem _) element) kind) _) a) b => do
    if !kind.isAppOf ``List then decided p
    -- Which of both is the list was not always the same.
    else if (← inferType a) == kind then isAmong element b a else isAmong element a b
  | .app (.app (.const ``Exists _) t) f => do match ← decided p with
    | some x => return some x
    | none => some? fuel t f
  | .forallE _ a b _ => do
    if !b.hasLooseBVars && (← isProp a) then
      match ← holds a fuel with
      | some false => return some true
      | x => return either (negation x) (← holds b fuel)
    else decided p
  | _ => do match ← decided p with
    | some x => return some x
    | none => byRules fuel p
where
  alike (fuel : Nat) (a b : Expr) : MetaM (Option Bool) := do match ← holds a fuel, ← holds b fuel with
    | some x, some y => return some (x == y)
    | _, _ => return none
  /-- `whole` says that they are equal, or that they are not. -/
  equal (fuel : Nat) (whole t a b : Expr) : MetaM (Option Bool) := do
    if t.isProp then alike fuel a b
    else match ← sameValue t a b with
      | some x => return some x
      | none => do
        if whole.isAppOf ``Ne then return negation (← decided whole) else decided whole
  isAmong (type value list : Expr) : MetaM (Option Bool) := do
    match argsOf (← reduced list) [] with
    | [_] => return some false
    | [_, first, rest] => return either (← sameValue type value first) (← isAmong type value rest)
    | _ => return none
  /-- Whether there is a value: none where it fails for a variable already, or for each constructor of variables. -/
  some? (fuel : Nat) (t f : Expr) : MetaM (Option Bool) := do
    if ← isProp t then return none
    let found ← among fuel f (← smallest (← IO.mkRef []) t witnesses)
    if found == some true then return found
    return if ← fails (fuel - inside) f (deepest fuel) (← mkFreshExprMVar t) then some false else none
  /-- Whether it is false of a term, whatever the variables in that stand for. -/
  fails (fuel : Nat) (f : Expr) (depth : Nat) (e : Expr) : MetaM Bool := do
    if (← holds (mkApp f e) fuel) == some false then return true
    if depth == 0 then return false
    let variables := (← getMVars e).toList
    let own ← inferType e
    let types ← lmapM (fun x => do return (x, ← whnf (← inferType (.mvar x)))) variables
    -- What the value itself is made of settles more than what is in it.
    let alike := lfilter (fun (_, t) => t == own) types
    splits fuel f (depth - 1) e (lapp alike (lfilter (fun (_, t) => t != own) types))
  splits (fuel : Nat) (f : Expr) (depth : Nat) (e : Expr) : List (MVarId × Expr) → MetaM Bool
    | [] => return false
    | (x, t) :: r => do
      match t.getAppFn with
      | .const n levels => match (← getEnv).find? n with
        | some (.inductInfo i) =>
          if i.numIndices == 0 && !(← isProp t) then
            let heads := lmap (fun c => applied (mkConst c levels) (ltake i.numParams (argsOf t []))) i.ctors
            if ← eachHead fuel f depth e x heads then return true
        | _ => pure ()
      | _ => pure ()
      splits fuel f depth e r
  eachHead (fuel : Nat) (f : Expr) (depth : Nat) (e : Expr) (x : MVarId) : List Expr → MetaM Bool
    | [] => return true
    | head :: r => do
      let (given, _, _) ← forallMetaTelescope (← inferType head)
      let value := applied head given.toList
      let taken := e.replace fun part => if part == .mvar x then some value else none
      if ← fails fuel f depth taken then eachHead fuel f depth e x r else return false
  among (fuel : Nat) (f : Expr) : List Expr → MetaM (Option Bool)
    | [] => return none
    | v :: r => do match ← holds (mkApp f v) fuel with
      | some true => return some true
      | _ => among fuel f r
  byRules (fuel : Nat) (p : Expr) : MetaM (Option Bool) := do
    if fuel == 0 || p.hasExprMVar then return none
    match p.getAppFn with
    | .const n levels => match (← getEnv).find? n with
      | some (.inductInfo i) => do
        let given := argsOf p []
        let heads := lmap (fun c => applied (mkConst c levels) (ltake i.numParams given)) i.ctors
        oneOf (fuel - 1) p i.numParams (some false) heads
      | _ => return none
    | _ => return none
  oneOf (fuel : Nat) (p : Expr) (params : Nat) (known : Option Bool) : List Expr → MetaM (Option Bool)
    | [] => return known
    | rule :: r => do
      let saved ← getThe Meta.State
      let found ← byRule fuel p params rule
      modifyThe Meta.State fun _ => saved
      if found == some true then return found
      oneOf fuel p params (either known found) r
  byRule (fuel : Nat) (p : Expr) (params : Nat) (rule : Expr) : MetaM (Option Bool) := do
    let (given, _, claim) ← forallMetaTelescope (← inferType rule)
    let said := ldrop params (argsOf claim [])
    if ← differ said (ldrop params (argsOf p [])) then return some false
    let settled ← isPattern.each said
    if !(← isDefEq claim p) then return none
    match ← premises fuel (some true) given.toList with
    | some false => return if settled then some false else none
    | found => return found
  /-- Whether all hold that a rule asks for; a value that its conclusion leaves open is not looked for. -/
  premises (fuel : Nat) (known : Option Bool) : List Expr → MetaM (Option Bool)
    | [] => return known
    | x :: r => do
      let type ← instantiateMVars (← inferType x)
      let here ← if ← isProp type then if type.hasExprMVar then pure none else holds type fuel
        else if (← instantiateMVars x).hasExprMVar then pure none else pure (some true)
      if here == some false then return here
      premises fuel (both known here) r

end Ghostproof
