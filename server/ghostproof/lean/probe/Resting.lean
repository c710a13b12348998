import Hidden
import Placeholders

/-! What is wrong with what a proof rests on: axioms, what is not finished, and what nobody can tell. -/

open Lean Elab Meta

namespace Ghostproof

/-- Whose theorems are believed, and what is known of what the other modules hide. -/
structure Known where
  libraries : NameSet
  hidden    : Hidden

/-- What is wrong with what a proof rests on. -/
structure Faults where
  axioms     : List Name := []
  unfinished : List Name := []
  unseen     : List Name := []   -- of the user's, and not to be seen from here

def Faults.and (a b : Faults) : Faults :=
  { axioms := lapp a.axioms b.axioms, unfinished := lapp a.unfinished b.unfinished
    unseen := lapp a.unseen b.unseen }

def axiomsOf (libraries : NameSet) (names : List Name) : CoreM (List Name) := do
  let env ← getEnv
  let rec go : List Name → CoreM (List Name)
    | [] => return []
    | n :: r => do
      let mine ← collectAxioms n
      return lapp mine.toList (← go r)
  return lfilter (fun n =>
    !(n == ``propext || n == ``Classical.choice || n == ``Quot.sound || (lostItsValue env n && !isUsers env libraries n))) (← go names)

/-- The axioms behind a constant that an imported module hides, `sorryAx` among them; none where that is not known. -/
def Known.axiomsBehind (known : Known) (n : Name) : CoreM (Option (List Name)) := do
  match ← known.hidden.ends (← getEnv) known.libraries n with
  | none => return none
  | some ends => return some (lapp ends.axioms (← axiomsOf known.libraries ends.others))

/-- What is wrong with resting on these axioms, some of which are none but hide what they rest on.

`excused`: what the statement rests on itself, whatever that is. -/
def Known.faultsOf (known : Known) (excused : List Name) : List Name → CoreM Faults
  | [] => return {}
  | n :: r => do
    let rest ← known.faultsOf excused r
    let env ← getEnv
    let excuses := fun m => lany (fun e => e == m) excused
    if excuses n then return rest
    if !isUnseen env known.libraries n then return { axioms := [n] : Faults }.and rest
    match ← known.axiomsBehind n with
    | none => return { unseen := [n] : Faults }.and rest
    | some behind =>
      if lany (fun m => m == ``sorryAx) behind then
        -- It may say no more of what is unfinished in the statement than its type.
        let open_ := lany (fun m => m == ``sorryAx || isUnseen env known.libraries m) excused
        return (if open_ then { unseen := [n] } else { unfinished := [n] } : Faults).and rest
      return { axioms := lfilter (fun m => !excuses m) behind : Faults }.and rest

def Known.openAmong (known : Known) (env : Environment) : List Name → IO (List Name)
  | [] => return []
  | n :: r => do
    let rest ← known.openAmong env r
    match ← known.hidden.ends env known.libraries n with
    | some ends => return if lany (fun m => m == ``sorryAx) ends.axioms then n :: rest else rest
    | none => return rest

/-- The unfinished constants among these and all that they rest on, also where a module hides that. -/
def Known.unfinishedIn (known : Known) (names : List Name) : MetaM (List Name) := do
  let env ← getEnv
  let unseen := reachedIn env known.libraries (fun n _ => isUnseen env known.libraries n) {} [] names
  return lapp (← known.openAmong env unseen) (Ghostproof.unfinishedIn env known.libraries names)

end Ghostproof
