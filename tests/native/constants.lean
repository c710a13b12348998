
/-! Behind a program of ours: prints the library's constants that it refers to, one a line: what each is, its name, and
the names under which a compiled Lean may export it. Written without loops of the library, as the program is. -/

namespace GhostproofConstants
open Lean

def endsInSort : Expr → Bool
  | .forallE _ _ b _ => endsInSort b
  | .sort _ => true
  | _ => false

def endsInProp : Expr → Bool
  | .forallE _ _ b _ => endsInProp b
  | .sort l => l.isZero
  | _ => false

/-- What was left out of an exported-level `.olean` looks like an axiom. -/
def isProof (env : Environment) (n : Name) : ConstantInfo → Bool
  | .thmInfo _ => true
  | .axiomInfo _ => match getOriginalConstKind? env n with
    | some .thm => true
    | _ => false
  | _ => false

def kindOf (env : Environment) (n : Name) (c : ConstantInfo) : String :=
  if isProof env n c then "proof" else match c with
  | .inductInfo _ => "type"
  | .ctorInfo i => match env.find? i.induct with
    | some (.inductInfo t) =>
      if endsInProp t.type then "proof" else match t.ctors with
        | [_] => "structure"
        | _ => "constructor"
    | _ => "constructor"
  | .recInfo _ => "recursor"
  | .quotInfo _ => "recursor"
  | _ =>
    if endsInSort c.type then "type"
    else if isCasesOnRecursor env n || isAuxRecursor env n || isNoConfusion env n then "recursor"
    else if env.isProjectionFn n then "field"
    else "function"

def add (env : Environment) (acc : NameSet) : List Name → NameSet
  | [] => acc
  | n :: r => add env (if (env.getModuleIdxFor? n).isSome then acc.insert n else acc) r

def ofConst (env : Environment) (acc : NameSet) (c : ConstantInfo) : NameSet :=
  if (Ghostproof.plain c.name).getRoot == `GhostproofConstants then acc else
  let acc := add env acc c.type.getUsedConstants.toList
  match c with
  | .defnInfo d => add env acc d.value.getUsedConstants.toList
  | .opaqueInfo d => add env acc d.value.getUsedConstants.toList
  | _ => acc

abbrev Constants := PersistentHashMap.Node Name ConstantInfo

mutual
partial def ofNode (env : Environment) (acc : NameSet) : Constants → NameSet
  | .entries es => ofEntries env acc es.toList
  | .collision _ infos _ => ofInfos env acc infos.toList
partial def ofEntries (env : Environment) (acc : NameSet) :
    List (PersistentHashMap.Entry Name ConstantInfo Constants) → NameSet
  | [] => acc
  | .entry _ c :: r => ofEntries env (ofConst env acc c) r
  | .ref n :: r => ofEntries env (ofNode env acc n) r
  | .null :: r => ofEntries env acc r
partial def ofInfos (env : Environment) (acc : NameSet) : List ConstantInfo → NameSet
  | [] => acc
  | c :: r => ofInfos env (ofConst env acc c) r
end

def lines (env : Environment) : List Name → List String
  | [] => []
  | n :: r =>
    let kind := match env.find? n with
      | some c => kindOf env n c
      | none => "unknown"
    let exported := match getExportNameFor? env n with
      | some e => e.toString
      | none => ""
    (kind ++ "\t" ++ n.toString ++ "\t" ++ n.mangle "l_" ++ "\t" ++ exported) :: lines env r

def names (s : NameSet) : List Name := s.toList

end GhostproofConstants

run_cmd do
  let env ← Lean.getEnv
  let used := GhostproofConstants.ofNode env {} env.constants.map₂.root
  IO.println (String.intercalate "\n" (GhostproofConstants.lines env (Ghostproof.call GhostproofConstants.names used)))
