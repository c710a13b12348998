import Enumerate

/-! Whether a closed proposition holds, by reduction alone: nothing is compiled. -/

open Lean Meta

namespace Ghostproof

/-- Whether two closed values are the same; none if reduction does not tell. -/
partial def sameValue (type a b : Expr) : MetaM (Option Bool) := do
  checkSystem "instances"
  let a ← whnf a
  let b ← whnf b
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

def decided (p : Expr) : MetaM (Option Bool) := do
  match ← trySynthInstance (mkApp (mkConst ``Decidable) p) with
  | .some inst =>
    let v ← whnf inst
    if v.isAppOf ``Decidable.isTrue then return some true
    if v.isAppOf ``Decidable.isFalse then return some false
    let v ← whnf (mkApp2 (mkConst ``Decidable.decide) p inst)
    return if v.isConstOf ``Bool.true then some true else if v.isConstOf ``Bool.false then some false else none
  | _ => return none

/-- Whether a closed proposition holds; none if reduction does not tell. -/
partial def holds (p : Expr) : MetaM (Option Bool) := do
  checkSystem "instances"
  let p ← instantiateMVars p
  let p := p.consumeMData.headBeta
  match p with
  | .const ``True _ => return some true
  | .const ``False _ => return some false
  | .app (.app (.const ``And _) a) b => do match ← holds a with
    | some false => return some false
    | x => return both x (← holds b)
  | .app (.app (.const ``Or _) a) b => do match ← holds a with
    | some true => return some true
    | x => return either x (← holds b)
  | .app (.const ``Not _) a => return negation (← holds a)
  | .app (.app (.const ``Iff _) a) b => alike a b
  | .app (.app (.app (.const ``Ne _) t) a) b => return negation (← equal p t a b)
  | .app (.app (.app (.const ``Eq _) t) a) b => equal p t a b
  | .forallE _ a b _ => do
    if !b.hasLooseBVars && (← isProp a) then
      match ← holds a with
      | some false => return some true
      | x => return either (negation x) (← holds b)
    else decided p
  | _ => decided p
where
  alike (a b : Expr) : MetaM (Option Bool) := do match ← holds a, ← holds b with
    | some x, some y => return some (x == y)
    | _, _ => return none
  /-- `whole` says that they are equal, or that they are not. -/
  equal (whole t a b : Expr) : MetaM (Option Bool) := do
    if t.isProp then alike a b
    else match ← sameValue t a b with
      | some x => return some x
      | none => do
        if whole.isAppOf ``Ne then return negation (← decided whole) else decided whole

end Ghostproof
