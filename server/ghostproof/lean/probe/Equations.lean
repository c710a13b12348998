import Describe
import Reduce

/-! How functions compute, read from their equations: the same however somebody has written them. -/

open Lean Meta

namespace Ghostproof

/-- Where a function's equation stands: in a value, or in a theorem that says what the function is. -/
structure Equation where
  isLaw : Bool
  term  : Expr

/-- What was written of a structural recursion is kept for smart unfolding; to prove its equation takes Lean tens of
milliseconds. That of another recursion was proved when it was declared. -/
def equationOf (n : Name) : MetaM (Option Equation) := do
  let env ← getEnv
  match env.find? n with
  | some (.defnInfo d) => match env.find? (.str n "_sunfold") with
    | some (.defnInfo s) => return some { isLaw := false, term := s.value }
    | _ => do
      let plainly : Option Equation := some { isLaw := false, term := d.value }
      if !isRecursiveDef env n then return plainly
      match ← getUnfoldEqnFor? n (nonRec := true) with
      | none => return plainly
      | some law => match (← getEnv).find? law with
        | some c => return some { isLaw := true, term := c.type }
        | none => return plainly
  | _ => return none

def freshVar : MetaM Expr := return .fvar (← mkFreshFVarId)

/-- A function at some arguments; those that it is not written as a function of stay behind it. -/
partial def bodyAt : Expr → List Expr → Expr
  | .lam _ _ b _, x :: r => bodyAt (b.instantiate1 x) r
  | .mdata _ b, xs => bodyAt b xs
  | b, xs => applied b xs

/-- What a function is at its arguments. -/
partial def Equation.at (q : Equation) (xs : List Expr) : MetaM Expr :=
  if q.isLaw then ofLaw q.term xs else return bodyAt q.term xs
where ofLaw (e : Expr) (xs : List Expr) : MetaM Expr := match e, xs with
  | .forallE _ _ b _, x :: r => ofLaw (b.instantiate1 x) r
  | .forallE _ _ b _, [] => do ofLaw (b.instantiate1 (← freshVar)) []
  | .mdata _ b, xs => ofLaw b xs
  | .app (.app (.app (.const ``Eq _) _) _) right, xs => return bodyAt right xs
  | e, _ => return e

/-! ### patterns -/

/-- Of a constructor, how many parameters its type has, and whether values of the type have a constructor to look at:
pairs and structures have none. -/
def constructorOf (env : Environment) (e : Expr) : Option (Nat × Bool) := match e.getAppFn with
  | .const c _ => match env.find? c with
    | some (.ctorInfo i) => match env.find? i.induct with
      | some (.inductInfo t) => some (i.numParams, t.isRec || match t.ctors with
          | [_] => false
          | _ => true)
      | _ => none
    | _ => none
  | _ => none

def largestOf : List Nat → Nat
  | [] => 0
  | n :: r => max n (largestOf r)

/-- How deep a pattern looks: 1 for the outermost constructor. -/
partial def depthOf (env : Environment) (e : Expr) : Nat := match e with
  | .mdata _ b => depthOf env b
  | .lit (.natVal n) => n + 1
  | .lit _ => 1
  | .app .. => match e.getAppFn, argsOf e [] with
    | .const ``OfNat.ofNat _, [_, n, _] => depthOf env n
    | .const ``namedPattern _, [_, _, p, _] => depthOf env p
    | .const ``HAdd.hAdd _, [_, _, _, _, a, n] => depthOf env a + (depthOf env n - 1)
    | _, args => match constructorOf env e with
      | some (params, counts) => (if counts then 1 else 0) + largestOf (lmap (depthOf env) (ldrop params args))
      | none => 0
  | .const .. => match constructorOf env e with
    | some (_, true) => 1
    | _ => 0
  | _ => 0

partial def isVariable : Expr → Bool
  | .mdata _ b => isVariable b
  | .fvar _ => true
  | e => match e.getAppFn, argsOf e [] with
    | .const ``namedPattern _, [_, _, p, _] => isVariable p
    | _, _ => false

/-- What is looked at and its pattern, for `(xs, ys)` and `(a, b)` each by itself. -/
partial def sidesOfPattern (env : Environment) (d p : Expr) : List (Expr × Expr) :=
  match d.consumeMData.getAppFn, p.getAppFn with
  | .const c _, .const k _ =>
    let ds := argsOf d.consumeMData []
    let ps := argsOf p []
    if c == k && isConstructor env c && llen ds 0 == llen ps 0 then each (lzip ds ps) else [(d, p)]
  | _, _ => [(d, p)]
where each : List (Expr × Expr) → List (Expr × Expr)
  | [] => []
  | (d, p) :: r => lapp (sidesOfPattern env d p) (each r)

/-- What each explicit argument is known to be at some place, the last that was found out first. -/
abbrev Forms := List (Nat × List Expr)

def Forms.with (forms : Forms) (d p : Expr) : Forms := lmap change forms
where change : Nat × List Expr → Nat × List Expr
  | (i, []) => (i, [])
  | (i, l@(now :: _)) =>
    if lany (fun x => x == d) l then (i, p :: l)
    else if d.isFVar && (now.find? fun x => x == d).isSome then (i, now.replaceFVar d p :: l)
    else (i, l)

def Forms.withAll (forms : Forms) : List (Expr × Expr) → Forms
  | [] => forms
  | (d, p) :: r => Forms.withAll (forms.with d.consumeMData p) r

/-! ### what a function does with its arguments -/

structure Traits where
  matched : List Nat := []
  varying : List Nat := []
  deep    : Bool := false
  signs   : List String := []

/-- A function that is being read; `explicit` says of each argument whether it is. -/
structure Subject where
  env       : Environment
  libraries : NameSet
  name      : Name
  explicit  : List Bool
  traits    : IO.Ref Traits

def withNumber (n : Nat) (l : List Nat) : List Nat := if lany (fun m => m == n) l then l else n :: l

def Subject.sawForms (s : Subject) : Forms → MetaM Unit
  | [] => pure ()
  | (i, now :: _) :: r => do
    if !isVariable now then
      let isDeep := depthOf s.env now ≥ 2
      s.traits.modify fun t => { t with matched := withNumber i t.matched, deep := t.deep || isDeep }
    s.sawForms r
  | _ :: r => s.sawForms r

/-- A call of the function itself: which arguments are others than around it. One that is left out may be any. -/
def Subject.sawCall (s : Subject) (forms : Forms) (args : List Expr) : MetaM Unit := go 0 s.explicit args
where go (i : Nat) : List Bool → List Expr → MetaM Unit
  | false :: r, args => go i r (ldrop 1 args)
  | true :: r, [] => do
    s.traits.modify fun t => { t with varying := withNumber i t.varying }
    go (i + 1) r []
  | true :: r, a :: args => do
    let a := a.consumeMData
    let stays := lany (fun (k, l) => k == i && lany (fun x => x == a) l) forms
    if !stays then s.traits.modify fun t => { t with varying := withNumber i t.varying }
    go (i + 1) r args
  | _, _ => pure ()

/-- What guesses can be made of, and which argument says how it is meant. -/
def signs : List (Name × String × Nat) :=
  [(``HAppend.hAppend, "++", 3), (``HAdd.hAdd, "+", 3), (``HMul.hMul, "*", 3), (``and, "&&", 9), (``or, "||", 9),
   (``BEq.beq, "==", 1), (``Max.max, "max", 1), (``Min.min, "min", 1), (``ite, "if", 9), (``dite, "if", 9)]

def Subject.sawSign (s : Subject) (f : Name) (args : List Expr) : MetaM Unit :=
  match lfind (fun (n, _, _) => n == f) signs with
  | none => pure ()
  | some (_, sign, at_) => do
    let own : List Expr → Bool
      | inst :: _ => lany (fun n => isUsers s.env s.libraries n && isInstanceCore s.env n) inst.getUsedConstants.toList
      | [] => false
    if !own (ldrop at_ args) then
      s.traits.modify fun t => { t with signs := if lhas sign t.signs then t.signs else sign :: t.signs }

/-- How many parameters and how many discriminants a `match` has, also one that is written as `casesOn`. -/
def matchOf (env : Environment) (n : Name) : Option (Nat × Nat) := match getMatcherInfoCore? env n with
  | some m => some (m.numParams, m.numDiscrs)
  | none => if !isCasesOnRecursor env n then none else match env.find? n.getPrefix with
    | some (.inductInfo i) => some (i.numParams, i.numIndices + 1)
    | _ => none

/-- The variables of one alternative, by its type, and its patterns: what the motive is applied to at the end. -/
partial def alternative (motive : Expr) (type : Expr) (ys : List Expr) : MetaM (List Expr × List Expr) := match type with
  | .forallE _ _ b _ => do
    let y ← freshVar
    alternative motive (b.instantiate1 y) (y :: ys)
  | .mdata _ b => alternative motive b ys
  | e => return (lrev ys [], if e.getAppFn == motive then argsOf e [] else [])

mutual
/-- Read an expression that is applied to some arguments, at a place where the function's own are of these forms. -/
partial def Subject.read (s : Subject) (forms : Forms) (e : Expr) (args : List Expr) : MetaM Unit := do
  checkSystem "definitions"
  match e with
  | .app f a => s.read forms f (a :: args)
  | .mdata _ b => s.read forms b args
  | .lam _ _ b _ => match args with
    | a :: r => s.readLet forms a b r
    | [] => s.read forms (b.instantiate1 (← freshVar)) []
  | .letE _ _ v b _ => s.readLet forms v b args
  | .forallE _ t b _ => do
    s.read forms t []
    s.read forms (b.instantiate1 (← freshVar)) []
  | .proj _ _ b => s.readEach forms (b :: args)
  | .const n _ => match matchOf s.env n, s.env.find? n with
    | some (params, discrs), some c =>
      if llen args 0 ≤ params + discrs then s.readEach forms args
      else s.readMatch forms c.type params discrs args
    | _, _ => do
      if n == s.name then s.sawCall forms args
      s.sawSign n args
      s.readEach forms args
  | _ => s.readEach forms args

/-- A variable with a value, in the rest of an expression. -/
partial def Subject.readLet (s : Subject) (forms : Forms) (value rest : Expr) (args : List Expr) : MetaM Unit := do
  if value.consumeMData.isFVar then s.read forms (rest.instantiate1 value.consumeMData) args
  else
    s.read forms value []
    s.read forms (rest.instantiate1 (← freshVar)) args

partial def Subject.readEach (s : Subject) (forms : Forms) : List Expr → MetaM Unit
  | [] => pure ()
  | a :: r => do
    s.read forms a []
    s.readEach forms r

partial def Subject.readMatch (s : Subject) (forms : Forms) (type : Expr) (params discrs : Nat) (args : List Expr) :
    MetaM Unit := do
  let motive ← freshVar
  let looked := ltake discrs (ldrop (params + 1) args)
  s.readEach forms looked
  let type := saidOf type (lapp (ltake params args) (motive :: looked))
  let rest := ldrop (params + 1 + discrs) args
  s.readAlternatives forms motive looked type (ldrop (arityOf type) rest) (ltake (arityOf type) rest)

/-- The alternatives of a `match`, each applied to what the whole is applied to. -/
partial def Subject.readAlternatives (s : Subject) (forms : Forms) (motive : Expr) (looked : List Expr) (type : Expr)
    (behind : List Expr) : List Expr → MetaM Unit
  | [] => pure ()
  | a :: r => match type with
    | .forallE _ t b _ => do
      let (ys, patterns) ← alternative motive t []
      let forms' := forms.withAll (sidesOfAll (lzip looked patterns))
      s.sawForms forms'
      s.read forms' a (lapp ys behind)
      s.readAlternatives forms motive looked (b.instantiate1 a) behind r
    | _ => pure ()
where sidesOfAll : List (Expr × Expr) → List (Expr × Expr)
  | [] => []
  | (d, p) :: r => lapp (sidesOfPattern s.env d p) (sidesOfAll r)
end

def numbered (i : Nat) : List (Bool × Expr) → Forms
  | [] => []
  | (true, x) :: r => (i, [x]) :: numbered (i + 1) r
  | (false, _) :: r => numbered i r

/-- How a function goes about its arguments, given for each whether it is explicit, and what it is at them. -/
def traitsOf (libraries : NameSet) (n : Name) (explicit : List Bool) (xs : List Expr) (right : Expr) :
    MetaM Traits := do
  let traits ← IO.mkRef {}
  let s : Subject := { env := ← getEnv, libraries := libraries, name := n, explicit := explicit, traits := traits }
  s.read (numbered 0 (lzip explicit xs)) right []
  let t ← traits.get
  return { t with varying := lfilter (fun i => !lany (fun k => k == i) t.matched) t.varying }

end Ghostproof
