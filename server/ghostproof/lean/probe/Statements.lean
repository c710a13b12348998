import Hidden
import Json
import Values

/-! What theorems say, as the constants that they speak of, and which of them are worth naming in a proof. -/

open Lean

namespace Ghostproof

/-- What a theorem asks for, and what it concludes. Arguments that the rest depends on are neither. -/
partial def claimOf (e : Expr) (asked : List Expr) : List Expr × Expr := match e with
  | .forallE _ t b info =>
    claimOf b (if info == .default && !b.hasLooseBVar 0 then t :: asked else asked)
  | .mdata _ b => claimOf b asked
  | _ => (asked, e)

def headName (e : Expr) : String := match e.getAppFn with
  | .const n _ => n.toString
  | _ => ""

/-- The heads of both sides of an equation or an equivalence; none of anything else. -/
def sidesOf (e : Expr) : List String := match e with
  | .app (.app (.app (.const ``Eq _) _) a) b => [headName a, headName b]
  | .app (.app (.const ``Iff _) a) b => [headName a, headName b]
  | _ => []

def addAll : List Name → List Expr → List Name
  | acc, [] => acc
  | acc, e :: r => addAll (lapp e.getUsedConstants.toList acc) r

def namesOf (l : List Name) : Json := strs (lmap (fun n => n.toString) l)

/-- A theorem as an answer has it: name, head, sides, constants of the conclusion, constants of what is asked for. -/
def statementJson (n : Name) (type : Expr) : Json :=
  let (asked, claim) := claimOf type []
  arr [Json.str n.toString, Json.str (headName claim), strs (sidesOf claim),
    namesOf claim.getUsedConstants.toList, namesOf (addAll [] asked)]

/-- Names that Lean makes by itself: equations, matchers, what belongs to constructors and to recursion. -/
def isGenerated (n : Name) : Bool :=
  let s := lastPart n
  n.isInternal || lhas s ["injEq", "inj", "sizeOf_spec", "noConfusion", "eq_def", "induct", "induct_unfolding",
      "fun_cases", "fun_cases_unfolding", "mutual_induct", "congr_simp", "eq_unfold", "ofNat_ctorIdx", "ofNat_toCtorIdx"] ||
    lprefix s ["match_", "proof_", "hcongr_", "sizeOf_", "ctorIdx"] || lprefix (lastPart n.getPrefix) ["match_"] ||
    (s.startsWith "eq_" && lall (fun c => c.isDigit) (ldrop 3 s.toList))
where lall (f : Char → Bool) : List Char → Bool
  | [] => true
  | c :: r => f c && lall f r

/-- Whether a constant is a theorem that a proof may name. Lean's own insides are nobody's lemmas, nor is what it makes of
a type's recursors: those of predicates are theorems (`Road.brecOn`), and what it says of others is (`Tree.brecOn.eq`). -/
def isUsable (env : Environment) (n : Name) (c : ConstantInfo) : Bool :=
  isProved env n c && !isGenerated (plain n) && !isAuxRecursor env n && !isAuxRecursor env n.getPrefix &&
    n.getRoot != `Lean && !Linter.isDeprecated env n

/-- What of the user's has been looked at, and what of that rests on something that is left out. -/
structure Rest where
  hidden : Hidden
  seen   : IO.Ref NameSet
  bad    : IO.Ref NameSet

def newRest (hidden : Hidden) : IO Rest := return { hidden := hidden, seen := ← IO.mkRef {}, bad := ← IO.mkRef {} }

def valueNames : ConstantInfo → List Name
  | .thmInfo v => v.value.getUsedConstants.toList
  | .defnInfo v => v.value.getUsedConstants.toList
  | .opaqueInfo v => v.value.getUsedConstants.toList
  | _ => []

/-- What a `match` in a definition takes apart; nothing of any other constant. -/
def takenApart (env : Environment) (n : Name) : List Name :=
  if !lprefix (lastPart n) ["match_"] then [] else match env.find? n with
  | some c => c.type.getUsedConstants.toList
  | none => []

/-- What the user's own definitions among some constants are made of: what there is when they are unfolded. -/
def madeOf (env : Environment) (libraries : NameSet) : List Name → List Name
  | [] => []
  | n :: r =>
    let others := madeOf env libraries r
    if !isUsers env libraries n then others else match env.find? n with
    | some (.defnInfo v) => parts v.value.getUsedConstants.toList others
    | _ => others
where parts : List Name → List Name → List Name
  | [], others => others
  | n :: r, others => n :: lapp (takenApart env n) (parts r others)

/-- Whether it may be that a constant that a module hides is not proved. -/
def mayBeOpen (env : Environment) (libraries : NameSet) (rest : Rest) (n : Name) : IO Bool := do
  match ← rest.hidden.ends env libraries n with
  | some { axioms := [], .. } => return false
  | _ => return true

mutual
/-- Whether a constant of the user's rests on `sorry`, or may do so, itself or by what it names. -/
partial def restsOnSorry (env : Environment) (libraries : NameSet) (rest : Rest) (n : Name) : IO Bool := do
  if n == ``sorryAx then return true
  if call (fun (s : NameSet) => s.contains n) (← rest.seen.get) then
    return call (fun (s : NameSet) => s.contains n) (← rest.bad.get)
  if !isUsers env libraries n then return false
  rest.seen.modify fun s => s.insert n
  match env.find? n with
  | none => return false
  | some c => do
    let bad ← if isUnseen env libraries n then mayBeOpen env libraries rest n
      else anyOnSorry env libraries rest (lapp c.type.getUsedConstants.toList (valueNames c))
    if bad then rest.bad.modify fun s => s.insert n
    return bad

partial def anyOnSorry (env : Environment) (libraries : NameSet) (rest : Rest) : List Name → IO Bool
  | [] => return false
  | n :: r => do
    if ← restsOnSorry env libraries rest n then return true
    anyOnSorry env libraries rest r
end

/-- Whether it may be named as far as it is known what it rests on. -/
def isSound (env : Environment) (libraries : NameSet) (rest : Rest) (n : Name) : IO Bool := do
  if !isUsers env libraries n then return true
  return !(← restsOnSorry env libraries rest n)

mutual
partial def entriesOf (acc : List (Name × ConstantInfo)) : PersistentHashMap.Node Name ConstantInfo →
    List (Name × ConstantInfo)
  | .entries es => entriesIn acc es.toList
  | .collision ks vs _ => lapp (lzip ks.toList vs.toList) acc
partial def entriesIn (acc : List (Name × ConstantInfo)) :
    List (PersistentHashMap.Entry Name ConstantInfo (PersistentHashMap.Node Name ConstantInfo)) →
    List (Name × ConstantInfo)
  | [] => acc
  | .entry n c :: r => entriesIn ((n, c) :: acc) r
  | .ref node :: r => entriesIn (entriesOf acc node) r
  | .null :: r => entriesIn acc r
end

/-- The usable theorems of the file itself, by names and types. -/
def ownTheorems (hidden : Hidden) (env : Environment) (libraries : NameSet) : IO (List (Name × Expr)) := do
  let rest ← newRest hidden
  let rec go : List (Name × ConstantInfo) → IO (List (Name × Expr))
    | [] => return []
    | (n, c) :: r => do
      let others ← go r
      if isUsable env n c && (← isSound env libraries rest n) then return (n, c.type) :: others
      return others
  go (entriesOf [] env.constants.map₂.root)

end Ghostproof
