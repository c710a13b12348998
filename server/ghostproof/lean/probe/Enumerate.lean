import Reduce

/-! Closed terms of a type, the smallest first: what a statement is tried on. -/

open Lean Meta

namespace Ghostproof

def lconcat {α : Type} : List (List α) → List α
  | [] => []
  | l :: r => lapp l (lconcat r)

/-- Values that were found already, by type and size. -/
abbrev Found := IO.Ref (List (Expr × Nat × List Expr))

/-- Of one size, a type's values beyond this number are left out. -/
def widest : Nat := 60

def downTo1 : Nat → List Nat
  | 0 => []
  | n + 1 => (n + 1) :: downTo1 n

/-- What reduction says of a decidable proposition; none if it does not tell. -/
def decided (p : Expr) : MetaM (Option Bool) := do
  match ← trySynthInstance (mkApp (mkConst ``Decidable) p) with
  | .some inst =>
    let v ← reduced inst
    if v.isAppOf ``Decidable.isTrue then return some true
    if v.isAppOf ``Decidable.isFalse then return some false
    let v ← whnf (mkApp2 (mkConst ``Decidable.decide) p inst)
    return if v.isConstOf ``Bool.true then some true else if v.isConstOf ``Bool.false then some false else none
  | _ => return none

/-- A proof of what reduction decides, for a value that holds one. -/
def proofOf (p : Expr) : MetaM (Option Expr) := do
  if (← decided p) != some true then return none
  match ← trySynthInstance (mkApp (mkConst ``Decidable) p) with
  | .some inst =>
    let same := mkApp2 (mkConst ``Eq.refl [.succ .zero]) (mkConst ``Bool) (mkConst ``Bool.true)
    return some (mkApp3 (mkConst ``of_decide_eq_true) p inst same)
  | _ => return none

/-- The number of a size: one after the other, then some that lie far apart. -/
def numberOf (n : Nat) : Nat := if n ≤ 10 then n - 1 else if n == 11 then 16 else if n == 12 then 25 else 100

/-- The largest values of a goal's variables, and of what is only guessed or looked for. -/
def farthest : Nat := 13
def nearest : Nat := 9

mutual
/-- The values of a type whose size is `n`: one for each constructor in it, and a number counts as its distance from 0.
Types that are not enumerated have none. -/
partial def valuesOf (known : Found) (type : Expr) (n : Nat) : MetaM (List Expr) := do
  checkSystem "instances"
  if n == 0 then return []
  let type ← whnf type
  match lfind (fun (t, m, _) => m == n && t == type) (← known.get) with
  | some (_, _, values) => return values
  | none => do
    let values := ltake widest (← newValues known type n)
    known.modify fun l => (type, n, values) :: l
    return values

partial def newValues (known : Found) (type : Expr) (n : Nat) : MetaM (List Expr) := do
  if type.isConstOf ``Nat then return [mkNatLit (numberOf n)]
  if type.isConstOf ``Char then return if n == 1 then [letter 97] else if n == 2 then [letter 98] else []
  if type.isConstOf ``String then return if n == 1 then [mkStrLit ""] else if n == 2 then [mkStrLit "a"] else []
  match type with
  | .sort .zero => return if n == 1 then [mkConst ``False, mkConst ``True] else []
  | .sort (.succ .zero) => return if n == 1 then [mkConst ``Nat] else if n == 2 then [mkConst ``Bool] else []
  | .forallE name dom body info =>
    if body.hasLooseBVars then return []
    return ← functionsOf known name dom body info n
  | _ => match type.getAppFn with
    | .const I levels => match (← getEnv).find? I with
      | some (.inductInfo i) =>
        if i.numIndices != 0 || (← isProp type) then return []
        let params := ltake i.numParams (argsOf type [])
        return lconcat (← lmapM (fun c => constructed known (applied (mkConst c levels) params) (n - 1)) i.ctors)
      | _ => return []
    | _ => return []
where letter (n : Nat) : Expr := mkApp (mkConst ``Char.ofNat) (mkRawNatLit n)

/-- What a constructor makes of fields whose sizes together are `n`. -/
partial def constructed (known : Found) (e : Expr) (n : Nat) : MetaM (List Expr) := do
  match ← whnf (← inferType e) with
  | .forallE _ dom _ _ =>
    if ← isProp dom then match ← proofOf dom.headBeta with
      | some proof => return ← constructed known (mkApp e proof) n
      | none => return []
    if n == 0 then return []
    let shares ← lmapM (fun k => do
      let here ← valuesOf known dom k
      return lconcat (← lmapM (fun v => constructed known (mkApp e v) (n - k)) here)) (downTo1 n)
    return lconcat shares
  | _ => return if n == 0 then [e] else []

/-- Constant functions, the identity, steps up and down for numbers, and the test whether a number is 0. -/
partial def functionsOf (known : Found) (name : Name) (dom body : Expr) (info : BinderInfo) (n : Nat) :
    MetaM (List Expr) := do
  let constants ← lmapM (fun v => return .lam name dom v info) (← valuesOf known body n)
  if n != 2 then return constants
  let function : Expr → Expr := fun e => .lam name dom e info
  let dom ← whnf dom
  let body ← whnf body
  let isZero := function (mkApp2 (mkConst ``Nat.beq) (.bvar 0) (mkNatLit 0))
  let steps := [function (mkApp (mkConst ``Nat.succ) (.bvar 0)), function (mkApp (mkConst ``Nat.pred) (.bvar 0))]
  let own := if dom.isConstOf ``Nat && body.isConstOf ``Bool then [isZero]
    else if dom.isConstOf ``Nat && body.isConstOf ``Nat then steps else []
  return lapp own (if dom == body then function (.bvar 0) :: constants else constants)
end

/-- Whether a type is declared together with others, or has itself in lists or the like: its values take many
constructors until two parts of one differ. -/
def isWoven (type : Expr) : MetaM Bool := do
  match (← whnf type).getAppFn with
  | .const n _ => match (← getEnv).find? n with
    | some (.inductInfo i) => return llen i.all 0 > 1 || i.isNested
    | _ => return false
  | _ => return false

/-- A value whose numbers all are 0 with 0, 1, 2, … in their places, or the other way round; one that holds a proof about
them stays. -/
def labelled (e : Expr) (upwards : Bool) : Expr :=
  if (e.find? (·.isConstOf ``of_decide_eq_true)).isSome then e
  else
    let (up, number) := go (· + 1) e 0
    if upwards then up else (go (· - 1) e (number - 1)).1
where go (further : Nat → Nat) (e : Expr) (next : Nat) : Expr × Nat :=
  if e == mkNatLit 0 then (mkNatLit next, further next) else match e with
  | .app f a =>
    let (f, next) := go further f next
    let (a, next) := go further a next
    (.app f a, next)
  | e => (e, next)

/-- How much larger the values of a woven type may be. -/
def wovenFarther : Nat := 8

/-- Values of two lists in turns. -/
def inTurns : List Expr → List Expr → List Expr
  | a :: r, b :: s => a :: b :: inTurns r s
  | [], l => l
  | l, [] => l

/-- The first `most` values of a type, none of them larger than `largest`. Of a woven type, every other one is one of the
shapes, which are larger, each with equal and with different numbers. -/
partial def smallest (known : Found) (type : Expr) (most : Nat) (largest : Nat := nearest) : MetaM (List Expr) := do
  if !(← isWoven type) then return ← from1 known most largest 1 []
  let key := 1000 * (largest + 1) + most  -- larger than any size
  match lfind (fun (t, m, _) => m == key && t == type) (← known.get) with
  | some (_, _, values) => return values
  | none => do
    -- As if it were found already that there is no number but 0.
    let only0 := lmap (fun n => (mkConst ``Nat, n + 1, [])) (downTo1 (largest + wovenFarther))
    let shapes ← from1 (← IO.mkRef only0) most (largest + wovenFarther) 1 []
    let each := lconcat (lmap variants shapes)
    let values := ltake most (inTurns (← from1 known most largest 1 []) each)
    known.modify fun l => (type, key, values) :: l
    return values
where
  from1 (known : Found) (most largest size : Nat) (found : List Expr) : MetaM (List Expr) := do
    if llen found 0 ≥ most || size > largest then return ltake most found
    from1 known most largest (size + 1) (lapp found (← valuesOf known type size))
  variants (v : Expr) : List Expr :=
    let up := labelled v true
    if up == v then [v] else [up, labelled v false, v]

end Ghostproof
