import Lean
open Lean

/-! Makes one file of a module that Lean has compiled into several, so that the interpreter finds its code:
`compiled.py` puts `run_cmd GhostproofMerge.merge FOLDER NAME` behind this. Only for a Lean that keeps code (`NAME.ir`) and declarations apart.

Code is looked up by the module that a name belongs to. Names that only code has get a declaration that says nothing,
an axiom of `True`. They are seen by whoever imports this module and by nobody else: see `compiled.py`. -/

namespace GhostproofMerge

abbrev Entries := Name × Array EnvExtensionEntry

def has (n : Name) : List Name → Bool
  | [] => false
  | m :: r => m == n || has n r

def missing (there : List Name) : List Name → List Name
  | [] => []
  | n :: r => if has n there then missing there r else n :: missing there r

def append {α : Type} : List α → List α → List α
  | [], ys => ys
  | x :: xs, ys => x :: append xs ys

def keys : List Entries → List Name
  | [] => []
  | e :: r => e.1 :: keys r

def without (gone : List Name) : List Entries → List Entries
  | [] => []
  | e :: r => if has e.1 gone then without gone r else e :: without gone r

def stubs : List Name → List ConstantInfo
  | [] => []
  | n :: r => .axiomInfo { name := n, levelParams := [], type := mkConst ``True, isUnsafe := true } :: stubs r

def last : List (ModuleData × CompactedRegion) → Option ModuleData
  | [] => none
  | [p] => some p.1
  | _ :: r => last r

def merge (folder name : String) : IO Unit := do
  let at_ := fun (ending : String) => System.FilePath.mk (folder ++ "/" ++ name ++ ending)
  let parts ← readModuleDataParts #[at_ ".olean", at_ ".olean.server", at_ ".olean.private"]
  let (code, _) ← readModuleData (at_ ".ir")
  match last parts.toList with
  | none => throw (IO.userError "no data")
  | some all =>
    let ofCode := code.entries.toList
    let only := missing all.constNames.toList code.extraConstNames.toList
    saveModuleData (at_ ".merged.olean") (Name.mkSimple name) { all with
      constNames := (append all.constNames.toList only).toArray
      constants := (append all.constants.toList (stubs only)).toArray
      extraConstNames := code.extraConstNames
      entries := (append ofCode (without (keys ofCode) all.entries.toList)).toArray }

end GhostproofMerge
