import Lists

/-! JSON objects: made, and read with defaults. -/

open Lean Elab Meta

namespace Ghostproof

def arr (l : List Json) : Json := Json.arr l.toArray
def strs (l : List String) : Json := arr (lmap Json.str l)
def num (n : Nat) : Json := Json.num (JsonNumber.fromNat n)
def obj (l : List (String × Json)) : Json := Json.mkObj l

def getStr (j : Json) (k : String) : String :=
  match j.getObjVal? k with
  | .ok (.str s) => s
  | _ => ""
def getNat (j : Json) (k : String) (d : Nat) : Nat :=
  match j.getObjVal? k with
  | .ok v => (match v.getNat? with | .ok n => n | _ => d)
  | _ => d
def getBool (j : Json) (k : String) : Bool :=
  match j.getObjVal? k with
  | .ok (.bool b) => b
  | _ => false
def getList (j : Json) (k : String) : List Json :=
  match j.getObjVal? k with
  | .ok (.arr a) => a.toList
  | _ => []
def asStr : Json → String
  | .str s => s
  | _ => ""

def natOf (j : Json) : Nat := match j.getNat? with
  | .ok n => n
  | _ => 0

end Ghostproof
