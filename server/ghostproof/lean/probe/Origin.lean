import Compat

/-! Where a constant comes from: a library that is taken as it is, or the user's own files. -/

open Lean

namespace Ghostproof

/-- Whether a constant is of no library: of this file, or of a module of the project's. -/
def isUsers (env : Environment) (libraries : NameSet) (n : Name) : Bool :=
  match env.getModuleIdxFor? n with
  | none => true
  | some i => match moduleAt env i with
    | some m => !call (fun m => libraries.contains m) m.getRoot
    | none => true

/-- A constant of the user's own modules whose proof or value is not to be seen from here, so that nothing tells what it
rests on. (In a `module` file, up to 4.29; from 4.30 on, modules carry the axioms of what they hide.) -/
def isUnseen (env : Environment) (libraries : NameSet) (n : Name) : Bool :=
  lostItsValue env n && isUsers env libraries n

end Ghostproof
