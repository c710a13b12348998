import Lean
open Lean

/-! Makes one file of a module that Lean has compiled into several, so that the interpreter finds its code:
`compiled.py` puts `run_cmd GhostproofMerge.merge FOLDER NAME` behind this, or `GhostproofMerge.alone`. Only for a Lean
that keeps code (`NAME.ir`) and declarations apart.

Code is looked up by the module that a name belongs to. Names that only code has get a declaration that says nothing,
an axiom. They are seen by whoever imports this module and by nobody else: see `compiled.py`.

`alone` makes a module that imports nothing, for the embedded Lean: what its code calls of Lean's library is declared as
code that the program itself has, so that nothing of the library is read to start it. -/

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

/-! What follows is for `alone`. -/

def named (n : Name) : List Entries → Array EnvExtensionEntry
  | [] => #[]
  | e :: r => if e.1 == n then e.2 else named n r

unsafe def declsImpl (entries : Array EnvExtensionEntry) : List IR.Decl := (unsafeCast entries : Array IR.Decl).toList

@[implemented_by declsImpl] opaque decls (entries : Array EnvExtensionEntry) : List IR.Decl

unsafe def entriesImpl {α : Type} (all : List α) : Array EnvExtensionEntry := unsafeCast all.toArray

@[implemented_by entriesImpl] opaque entries {α : Type} (all : List α) : Array EnvExtensionEntry

def nameOf : IR.Decl → Name
  | .fdecl n .. => n
  | .extern n .. => n

def names : List IR.Decl → List Name
  | [] => []
  | d :: r => nameOf d :: names r

def insertAll : List Name → NameSet → NameSet
  | [], s => s
  | n :: r, s => insertAll r (s.insert n)

def notIn (own : NameSet) : List Name → List Name
  | [] => []
  | n :: r => if own.contains n then notIn own r else n :: notIn own r

def used (env : Environment) : List IR.Decl → NameSet → NameSet
  | [], s => s
  | d :: r, s => used env r (IR.collectUsedDecls env d s)

/-! The embedded Lean's table of symbols, as `embedded/wasm.py` writes it: two hashes and a value for each. -/

def word (table : ByteArray) (place : Nat) : UInt32 :=
  (table.get! place).toUInt32 ||| ((table.get! (place + 1)).toUInt32 <<< 8) |||
    ((table.get! (place + 2)).toUInt32 <<< 16) ||| ((table.get! (place + 3)).toUInt32 <<< 24)

partial def hashes (name : ByteArray) (place : Nat) (a b : UInt32) : UInt32 × UInt32 :=
  if place < name.size then
    let byte := (name.get! place).toUInt32
    hashes name (place + 1) ((a ^^^ byte) * 0x01000193) ((b ^^^ byte) * 0x5BD1E995 + 1)
  else (a, b)

partial def isThere (table : ByteArray) (a b slot : UInt32) : Bool :=
  let x := word table (12 * slot.toNat)
  let y := word table (12 * slot.toNat + 4)
  if x == a && y == b then true
  else if x == 0 && y == 0 then false
  else isThere table a b ((slot + 1) &&& (table.size / 12 - 1).toUInt32)

def isSymbol (table : ByteArray) (name : String) : Bool :=
  let (a, b) := hashes name.toUTF8 0 0x811C9DC5 0x9747B28C
  isThere table a b ((a ^^^ (a >>> 15)) &&& (table.size / 12 - 1).toUInt32)

def symbolOf (env : Environment) (n : Name) : String := match getExportNameFor? env n with
  | some (.str .anonymous exported) => exported
  | _ => n.mangle "l_"

def isNative (table : ByteArray) (symbol : String) : Bool :=
  isSymbol table symbol || isSymbol table (symbol ++ "___boxed")

/-- These names' code, as code that the program itself has. -/
def library (env : Environment) (table : ByteArray) : List Name → IO (List IR.Decl)
  | [] => pure []
  | n :: r => do
    let symbol := symbolOf env n
    if isNative table symbol then
      let ds ← library env table r
      match IR.findEnvDecl env n with
      | some (.fdecl n xs t _ _) => pure (.extern n xs t { entries := [] } :: ds)
      | some d => pure (d :: ds)
      | none => throw (IO.userError ("no code is known as " ++ symbol))
    else throw (IO.userError ("the program has no code that is called " ++ symbol))

/-- Under which symbols they are found, where it is not by their names. -/
def exports (env : Environment) : List IR.Decl → List (Name × Name)
  | [] => []
  | d :: r => match getExportNameFor? env (nameOf d) with
    | some symbol => (nameOf d, symbol) :: exports env r
    | none => exports env r

def halves : List IR.Decl → List IR.Decl × List IR.Decl
  | [] => ([], [])
  | d :: r => let (xs, ys) := halves r; (d :: ys, xs)

partial def interleave : List IR.Decl → List IR.Decl → List IR.Decl
  | [], ys => ys
  | xs, [] => xs
  | x :: xs, y :: ys =>
    if Name.quickLt (nameOf x) (nameOf y) then x :: interleave xs (y :: ys) else y :: interleave (x :: xs) ys

/-- In the order in which Lean looks names up. -/
partial def sorted : List IR.Decl → List IR.Decl
  | [] => []
  | [d] => [d]
  | ds => let (xs, ys) := halves ds; interleave (sorted xs) (sorted ys)

def alone (env : Environment) (symbols folder name : String) : IO Unit := do
  let table ← IO.FS.readBinFile (System.FilePath.mk symbols)
  let (code, _) ← readModuleData (System.FilePath.mk (folder ++ "/" ++ name ++ ".ir"))
  let own := decls (named IR.declMapExt.name code.entries.toList)
  let foreign := notIn (insertAll (names own) {}) ((used env own {}).foldl (fun l n => n :: l) [])
  let every := sorted (append own (← library env table foreign))
  saveModuleData (System.FilePath.mk (folder ++ "/" ++ name ++ ".merged.olean")) (Name.mkSimple name) {
    isModule := true
    imports := #[]
    constNames := (names every).toArray
    constants := (stubs (names every)).toArray
    extraConstNames := #[]
    entries := #[(IR.declMapExt.name, entries every), (exportAttr.ext.name, entries (exports env every))] }

end GhostproofMerge
