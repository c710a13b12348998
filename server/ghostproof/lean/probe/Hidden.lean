import Lists
import Origin

/-! What proofs rest on that imported modules hide: read from what Lean has written about these modules beside what it
shows of them.

A module that is written as one comes in parts: what everybody sees, and behind it what stays its own, proofs among it.
Lean writes all parts of a module at once, from the same elaboration. Here they are believed as they are where a module
is imported, and no further: nothing is known of a module whose parts are not all there, are not of one writing, or
have changed since they were first looked at. -/

open Lean

namespace Ghostproof

/-- When a file was written, and how large it is. -/
structure Stamp where
  time : IO.FS.SystemTime
  size : UInt64

def Stamp.same (a b : Stamp) : Bool := a.time == b.time && a.size == b.size

def stampOf (path : System.FilePath) : IO Stamp := do
  let found ← path.metadata
  return { time := found.modified, size := found.byteSize }

/-- A module of the user's with what it hides. `index` has its constants by hash. -/
structure Whole where
  name    : Name
  imports : List Name
  index   : Array (List ConstantInfo)
  hidden  : Stamp

/-- What is known of the user's modules. `shown` has a stamp of each from when it was first looked at. -/
structure Hidden where
  shown  : IO.Ref (List (Name × Stamp))
  wholes : IO.Ref (List (Name × Whole))

def newHidden : IO Hidden := return { shown := ← IO.mkRef [], wholes := ← IO.mkRef [] }

def bucketsOf (size : Nat) : List ConstantInfo → Array (List ConstantInfo)
  | [] => Array.replicate (size + 1) []
  | c :: r =>
    let others := bucketsOf size r
    let i := (hash c.name).toNat % (size + 1)
    others.set! i (c :: others[i]!)

def Whole.find (w : Whole) (n : Name) : Option ConstantInfo :=
  lfind (fun c => c.name == n) w.index[(hash n).toNat % w.index.size]!

def Whole.all (w : Whole) : List ConstantInfo := go w.index.toList
where go : List (List ConstantInfo) → List ConstantInfo
  | [] => []
  | l :: r => lapp l (go r)

/-- The stamp of what a module shows; throws if it is not the one that was there at first. -/
def Hidden.unchanged (h : Hidden) (n : Name) : IO (System.FilePath × Stamp) := do
  let path ← findOLean n
  let now ← stampOf path
  match lfind (fun p => p.1 == n) (← h.shown.get) with
  | some (_, before) => if !before.same now then throw (IO.userError "it has changed since")
  | none => h.shown.modify fun l => (n, now) :: l
  return (path, now)

/-- A file has been imported: its modules are what they are now. -/
def Hidden.imported (h : Hidden) (libraries : NameSet) : List Name → IO Unit
  | [] => return
  | n :: r => do
    if !call (fun m => libraries.contains m) n.getRoot then
      try let _ ← h.unchanged n
      catch _ => pure ()
    h.imported libraries r

def importsOf : List Import → List Name
  | [] => []
  | i :: r => i.module :: importsOf r

def readWhole (n : Name) (path : System.FilePath) (hidden : Stamp) : IO Whole := do
  match ← allDataOf path with
  | some data =>
    let index := bucketsOf data.constants.size data.constants.toList
    return { name := n, imports := importsOf data.imports.toList, index := index, hidden := hidden }
  | none => throw (IO.userError "this Lean has no parts")

/-- A module with what it hides; none where that is not known. -/
def Hidden.whole (h : Hidden) (n : Name) : IO (Option Whole) := do
  try
    let (path, shown) ← h.unchanged n
    let stamp ← stampOf (hiddenPart path)
    match lfind (fun p => p.1 == n) (← h.wholes.get) with
    | some (_, w) => return if w.hidden.same stamp then some w else none
    | none =>
      -- What is hidden is written last. Older, it is of another writing.
      if (compare stamp.time shown.time) == .lt then return none
      let w ← readWhole n path stamp
      if !(← stampOf path).same shown || !(← stampOf (hiddenPart path)).same stamp then return none
      h.wholes.modify fun l => (n, w) :: l
      return some w
  catch _ => return none

/-- The user's modules that a module is made of, itself included; none where one of them is not known as a whole. -/
partial def Hidden.below (h : Hidden) (libraries : NameSet) (found : List Whole) : List Name → IO (Option (List Whole))
  | [] => return some found
  | n :: r => do
    if call (fun m => libraries.contains m) n.getRoot || lany (fun w => w.name == n) found then
      h.below libraries found r
    else match ← h.whole n with
      | none => return none
      | some w => h.below libraries (w :: found) (lapp w.imports r)

/-- What a constant rests on in the end: axioms of the user's and `sorryAx`, and constants of libraries. -/
structure Ends where
  axioms : List Name := []
  others : List Name := []

def declared (n : Name) : List Whole → List ConstantInfo
  | [] => []
  | w :: r => match w.find n with
    | some c => c :: declared n r
    | none => declared n r

def partsOfConstant (c : ConstantInfo) : List Name :=
  let value := match c with
    | .defnInfo v => v.value.getUsedConstants.toList
    | .thmInfo v => v.value.getUsedConstants.toList
    | .opaqueInfo v => v.value.getUsedConstants.toList
    | .inductInfo v => v.ctors
    | _ => []
  lapp c.type.getUsedConstants.toList value

def isLibrarys (env : Environment) (libraries : NameSet) (n : Name) : Bool := env.contains n && !isUsers env libraries n

/-- Follow names to their ends. A name that several modules declare counts as each of them; none where a name is not
declared in any. -/
partial def endsOf (env : Environment) (libraries : NameSet) (modules : List Whole) (seen : NameSet) (found : Ends) :
    List Name → Option Ends
  | [] => some found
  | n :: r =>
    if call (fun m => seen.contains m) n then endsOf env libraries modules seen found r
    else
      let seen := seen.insert n
      if n == ``sorryAx then endsOf env libraries modules seen { found with axioms := n :: found.axioms } r
      else match declared n modules with
        | [] =>
          if isLibrarys env libraries n then
            endsOf env libraries modules seen { found with others := n :: found.others } r
          else none
        | cs =>
          let found := if lany isAxiom cs then { found with axioms := n :: found.axioms } else found
          endsOf env libraries modules seen found (lapp (all cs) r)
where
  isAxiom : ConstantInfo → Bool
    | .axiomInfo _ => true
    | _ => false
  all : List ConstantInfo → List Name
    | [] => []
    | c :: r => lapp (partsOfConstant c) (all r)

/-- What a constant rests on that an imported module hides; none where that is not known. -/
def Hidden.ends (h : Hidden) (env : Environment) (libraries : NameSet) (n : Name) : IO (Option Ends) := do
  match (env.getModuleIdxFor? n).bind (moduleAt env), env.find? n with
  | some home, some shown =>
    match ← h.below libraries [] [home] with
    | none => return none
    | some modules => match lfind (fun w => w.name == home) modules with
      | none => return none
      | some w => match w.find n with
        | none => return none
        | some c => return if c.type == shown.type then endsOf env libraries modules {} {} [n] else none
  | _, _ => return none

end Ghostproof
