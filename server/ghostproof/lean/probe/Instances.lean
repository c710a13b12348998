import Enumerate
import Evaluate
import Requests

/-! The request `test`: a goal, closed over its context, is tried on small values. -/

open Lean Elab Meta

namespace Ghostproof

/-- What came of trying a statement. `refuted` has the values, by name. -/
inductive Trial where
  | refuted (values : List (Name × Expr))
  | survived (tested : Nat) (undecided : Nat)

/-- How many binders of a statement stand for values: not types nor what nothing is said of, of which one is tried, and
not hypotheses. -/
partial def freedom (e : Expr) : Nat := match e with
  | .forallE _ t b info => (if info.isInstImplicit || isType t || !b.hasLooseBVar 0 then 0 else 1) + freedom b
  | .letE _ _ _ b _ => freedom b
  | _ => 0
where isType : Expr → Bool
  | .sort (.succ _) => true
  | _ => false

def share (variables : Nat) : Nat := match variables with
  | 0 => 1
  | 1 => 80
  | 2 => 20
  | 3 => 9
  | 4 => 6
  | _ => 3

/-- How many values of each variable there may be, so that all their combinations are tried. -/
def evenly (instances variables : Nat) : Nat :=
  if variables == 0 then 1 else go 20
where go : Nat → Nat
  | 0 => 1
  | n + 1 => if n < 2 || (n + 1) ^ variables ≤ instances then n + 1 else go n

/-- The smallest half of what is wanted, and larger ones at some distance from each other. -/
def apart (most : Nat) (values : List Expr) : List Expr :=
  let near := most - most / 2
  lapp (ltake near values) (ltake (most / 2) (thirds (ldrop near values)))
where thirds : List Expr → List Expr
  | _ :: _ :: v :: r => v :: thirds r
  | [_, v] => [v]
  | l => l

/-- Values that were found already, and whether those of a variable are to lie apart. `drawn` has what the next one that
is drawn by chance, always in the same order, depends on, and how many there are to be drawn from. Where they are
`near`, numbers are drawn from few. `reached` counts how often all hypotheses held. -/
structure Values where
  known  : Found
  spread : Bool
  reached : IO.Ref Nat
  drawn  : Option (IO.Ref Nat × Nat) := none
  near   : Bool := false

/-- So many values are there to be drawn from, and so often is drawn when all small ones hold; of a guess, which is
dropped for good reason alone but costs proofs that fail, fewer. -/
def drawnFrom : Nat := 150
def draws : Nat := 150

/-- Where hypotheses hold rarely, as many draws are made for each that counts. -/
def drawsForOne : Nat := 3

/-- Numbers that every other draw is from: to be equal to each other, or to what is in a list, they must be few. -/
def nearNumbers : Nat := 5
def drawnFromForGuess : Nat := 30
def drawsForGuess : Nat := 50

/-- One of the values. -/
def draw (seed : IO.Ref Nat) (values : List Expr) : IO (List Expr) := do
  let next := ((← seed.get) * 25173 + 13849) % 65536
  seed.set next
  let all := llen values 0
  return if all == 0 then [] else ltake 1 (ldrop (next / 16 % all) values)

def isOfNumbers (type : Expr) : Bool := type.isConstOf ``Nat || type.isConstOf ``Int

/-- The values that are tried of one variable. Of types one is enough. -/
def candidatesOf (values : Values) (type : Expr) (most : Nat) : MetaM (List Expr) := do
  match ← whnf type with
  | .sort (.succ l) => smallest values.known (.sort (.succ l)) 1
  | t => match values.drawn with
    | some (seed, many) =>
      draw seed (← smallest values.known t (if values.near && isOfNumbers t then nearNumbers else many) farthest)
    | none => do
      if !values.spread then return ← smallest values.known t most farthest
      return apart most (← smallest values.known t (2 * most + 1))

mutual
/-- Try a statement on all values of its variables, depth first; hypotheses that fail cut a branch off. `left` is how
many instances may still be tried. -/
partial def tryOut (known : Values) (e : Expr) (most : Nat) (values : List (Name × Expr)) (tested undecided left : Nat) :
    MetaM Trial := do
  if tested + undecided ≥ left then return .survived tested undecided
  checkSystem "instances"
  match e.consumeMData with
  | .letE _ _ v b _ => tryOut known (b.instantiate1 v) most values tested undecided left
  | .forallE n t b info =>
    if info.isInstImplicit then match ← trySynthInstance t with
      | .some inst => tryOut known (b.instantiate1 inst) most values tested undecided left
      | _ => return .survived tested (undecided + 1)
    else if ← isProp t then
      if b.hasLooseBVars then return .survived tested (undecided + 1)
      match ← holds t with
      | some true => tryOut known b most values tested undecided left
      | some false => return .survived (tested + 1) undecided
      | none => return .survived tested (undecided + 1)
    else
      -- What the rest says nothing of takes no turns, if it has a value.
      let found ← candidatesOf known t (if b.hasLooseBVars then most else 1)
      match found with
      | [] => return .survived tested (undecided + 1)
      | _ => tryEach known n b most values found tested undecided left
  | p =>
    known.reached.modify (· + 1)
    match ← holds p with
    | some false => return .refuted (lrev values [])
    | some true => return .survived (tested + 1) undecided
    | none => return .survived tested (undecided + 1)
partial def tryEach (known : Values) (n : Name) (b : Expr) (most : Nat) (values : List (Name × Expr)) (found : List Expr)
    (tested undecided left : Nat) : MetaM Trial := match found with
  | [] => return .survived tested undecided
  | v :: r => do
    match ← tryOut known (b.instantiate1 v) most ((n, v) :: values) tested undecided left with
    | .refuted l => return .refuted l
    | .survived t u => tryEach known n b most values r t u left
end

/-- Try a statement on values that are drawn until its hypotheses have held so many times, and no more often than `most`
times. -/
partial def byChance (values : Values) (e : Expr) (tested undecided times most : Nat) : MetaM Trial := do
  if most == 0 || (← values.reached.get) ≥ times then return .survived tested undecided
  match ← tryOut { values with near := most % 2 == 0 } e 1 [] tested undecided (tested + undecided + 1) with
  | .refuted l => return .refuted l
  | .survived t u => byChance values e t u times (most - 1)

def shownValue (p : Name × Expr) : MetaM Json := do
  return obj [("name", Json.str p.1.eraseMacroScopes.toString), ("value", Json.str (toString (← ppExpr p.2)))]

/-- The statement in the lowest universes in which its types are types of data. -/
def inLowestUniverses (e : Expr) : Expr :=
  let names := (collectLevelParams {} e).params.toList
  let isSort (n : Name) := (e.find? fun x => x == .sort (.param n)).isSome
  e.instantiateLevelParams names (lmap (fun n => if isSort n then .succ .zero else .zero) names)

/-- `even`: few values of each variable in all combinations, rather than many of the last one. -/
def trialOfStatement (closed : Expr) (instances : Nat) (even : Bool := false) : MetaM (List (String × Json)) := do
  let statement := inLowestUniverses closed
  if statement.hasExprMVar || statement.hasFVar then return [("unknown", Json.str "it depends on other goals")]
  let free := freedom statement
  let most := if even then evenly instances free else share free
  let known ← IO.mkRef []
  let (many, times) := if even then (drawnFromForGuess, drawsForGuess) else (drawnFrom, draws)
  let drawn := some (← IO.mkRef 1, many)
  let far : MetaM Trial := do
    let values : Values := { known, spread := false, reached := ← IO.mkRef 0, drawn }
    byChance values statement 0 0 times (if even then drawsForOne * times else times)
  let found ← match ← tryOut { known, spread := even, reached := ← IO.mkRef 0 } statement most [] 0 0 instances with
    | .survived tested undecided => if tested == 0 || free == 0 then pure (.survived tested undecided) else
      match ← far with
      | .survived t u => pure (.survived (tested + t) (undecided + u))
      | refuted => pure refuted
    | refuted => pure refuted
  match found with
  | .refuted values => return [("refuted", arr (← lmapM shownValue values))]
  | .survived tested undecided => return [("tested", num tested), ("undecided", num undecided)]

def trialOf (g : MVarId) (instances : Nat) : MetaM (List (String × Json)) := do
  trialOfStatement (← fingerprint g).2 instances

def doTest (s : Server) (j : Json) (who : Caller) (c : Control) : IO Unit := do
  match lfind (fun p => p.1 == getNat j "state" 0) (← s.states.get) with
  | none => who.say [("gone", Json.bool true)]
  | some (_, st) => match st.cap.tac.goals with
    | [] => who.say [("unknown", Json.str "no goal")]
    | g :: _ =>
      let act : Tactic.TacticM (List (String × Json)) := liftM (trialOf g (getNat j "instances" 500))
      match ← runIn st.cap c.token (getNat j "heartbeats" 200000) act with
      | .ok (fields, _) => who.say fields
      | .error e => who.say [("unknown", Json.str (← e.toMessageData.toString)), ("cause", Json.str (cause e))]

end Ghostproof
