/-
What Lean's elaborator asks for by name, for the native Lean of the tests, which comes without a library.

`library.py` adds Lean's own tactics and notation to it, and compiles both to an `Init` that every file imports.
-/

prelude
set_option autoImplicit true
set_option linter.defProp false
set_option genCtorIdx false
universe u v w r s
axiom lcErased : Type
axiom lcAny : Type
axiom lcProof : Type
axiom lcVoid : Type
set_option bootstrap.inductiveCheckResultingUniverse false in
inductive PUnit : Sort u where
  | unit : PUnit
@[reducible] def outParam (α : Sort u) : Sort u := α
@[reducible] def optParam (α : Sort u) (_ : α) : Sort u := α
structure PProd (α : Sort u) (β : Sort v) where
  fst : α
  snd : β
structure Prod (α : Type u) (β : Type v) where
  fst : α
  snd : β
abbrev Unit : Type := PUnit
@[match_pattern] abbrev Unit.unit : Unit := PUnit.unit
inductive True : Prop where
  | intro : True
theorem trivial : True := True.intro
inductive False : Prop
def Not (a : Prop) : Prop := a → False
inductive Eq : α → α → Prop where
  | refl (a : α) : Eq a a
abbrev Eq.ndrec.{v', u'} {α : Sort u'} {a : α} {motive : α → Sort v'} (m : motive a) {b : α} (h : Eq a b) : motive b :=
  Eq.rec (motive := fun x _ => motive x) m h
@[match_pattern] def rfl {α : Sort u} {a : α} : Eq a a := Eq.refl a
inductive HEq : {α : Sort u} → α → {β : Sort u} → β → Prop where
  | refl (a : α) : HEq a a
theorem HEq.rfl {α : Sort u} {a : α} : HEq a a := HEq.refl a
theorem Eq.symm {α : Sort u} {a b : α} (h : Eq a b) : Eq b a := Eq.ndrec (motive := fun x => Eq x a) rfl h
theorem Eq.trans {α : Sort u} {a b c : α} (h : Eq a b) (g : Eq b c) : Eq a c := Eq.ndrec (motive := fun x => Eq a x) h g
@[macro_inline] def cast {α β : Sort u} (h : Eq α β) (a : α) : β := Eq.ndrec (motive := fun x => x) a h
theorem congrArg {α : Sort u} {β : Sort v} {a b : α} (f : α → β) (h : Eq a b) : Eq (f a) (f b) :=
  Eq.ndrec (motive := fun x => Eq (f a) (f x)) rfl h
@[macro_inline] def Eq.mp {α β : Sort u} (h : Eq α β) (a : α) : β := Eq.ndrec (motive := fun x => x) a h
@[macro_inline] def Eq.mpr {α β : Sort u} (h : Eq α β) (b : β) : α := Eq.mp (Eq.symm h) b
theorem eq_of_heq {α : Sort u} {a b : α} (h : HEq a b) : Eq a b :=
  have : (α β : Sort u) → (a : α) → (b : β) → HEq a b → (h : Eq α β) → Eq (cast h a) b := fun _ _ _ _ h =>
    h.rec (fun _ => rfl)
  this α α a b h rfl
theorem heq_of_eq {α : Sort u} {a b : α} (h : Eq a b) : HEq a b := Eq.ndrec (motive := fun x => HEq a x) (HEq.refl a) h
@[macro_inline] def id {α : Sort u} (a : α) : α := a
@[macro_inline] def False.elim {C : Sort u} (h : False) : C := h.rec
@[macro_inline] def absurd {a : Prop} {b : Sort v} (h : a) (g : Not a) : b := (g h).rec
def Ne {α : Sort u} (a b : α) : Prop := Not (Eq a b)
@[pp_using_anonymous_constructor]
structure And (a b : Prop) : Prop where
  intro ::
  left : a
  right : b
inductive Or (a b : Prop) : Prop where
  | inl (h : a) : Or a b
  | inr (h : b) : Or a b
structure Iff (a b : Prop) : Prop where
  intro ::
  mp : a → b
  mpr : b → a
theorem Iff.refl (a : Prop) : Iff a a := Iff.intro (fun h => h) (fun h => h)
theorem Iff.rfl {a : Prop} : Iff a a := Iff.refl a
inductive Exists {α : Sort u} (p : α → Prop) : Prop where
  | intro (w : α) (h : p w) : Exists p
inductive Nat where
  | zero : Nat
  | succ (n : Nat) : Nat
inductive Bool : Type where
  | false : Bool
  | true : Bool
axiom Nat.ble : Nat → Nat → Bool
structure PULift (α : Sort s) : Sort (max s r 1) where
  up ::
  down : α
@[macro_inline] def cond {α : Sort u} (c : Bool) (x y : α) : α := Bool.rec y x c
structure MProd (α β : Type u) where
  fst : α
  snd : β
class inductive Decidable (p : Prop) where
  | isFalse (h : Not p) : Decidable p
  | isTrue (h : p) : Decidable p
axiom Nat.decEq (a b : Nat) : Decidable (Eq a b)
class CoeFun (α : Sort u) (γ : outParam (α → Sort v)) where
  coe : (f : α) → γ f
class OfNat (α : Type u) (_ : Nat) where
  ofNat : α
@[default_instance 100] instance instOfNatNat (n : Nat) : OfNat Nat n where
  ofNat := n
@[extern "lean_nat_add"] protected def Nat.add : Nat → Nat → Nat
  | n, .zero => n
  | n, .succ m => .succ (Nat.add n m)
@[reducible] def Function.const {α : Sort u} (β : Sort v) (a : α) : β → α := fun _ => a
class Trans (r : α → β → Sort u) (s : β → γ → Sort v) (t : outParam (α → γ → Sort w)) where
  trans : r a b → s b c → t a c
instance : @Trans α α α Eq Eq Eq where
  trans := Eq.trans
class Add (α : Type u) where
  add : α → α → α
class HAdd (α : Type u) (β : Type v) (γ : outParam (Type w)) where
  hAdd : α → β → γ
@[default_instance] instance instHAdd [Add α] : HAdd α α α where
  hAdd a b := Add.add a b
instance : Add Nat where
  add := Nat.add
axiom sorryAx (α : Sort u) (synthetic : optParam Bool Bool.false) : α
inductive String : Type where
  | mk : Nat → String
inductive Lean.Name where
  | anonymous : Name
  | str : Name → String → Name
  | num : Name → Nat → Name
namespace Lean.Name
abbrev mkStr1 (a : String) : Name := .str .anonymous a
abbrev mkStr2 (a b : String) : Name := .str (mkStr1 a) b
abbrev mkStr3 (a b c : String) : Name := .str (mkStr2 a b) c
abbrev mkStr4 (a b c d : String) : Name := .str (mkStr3 a b c) d
end Lean.Name
namespace Lean
axiom ParserDescr : Type
axiom TrailingParserDescr : Type
axiom Syntax : Type
/-- What a macro is given besides the syntax, and what it returns: Lean's compiled code knows, and nothing here asks. -/
axiom Rest : Type
abbrev Macro := Syntax → Rest → Rest → Rest
abbrev PrettyPrinter.Unexpander := Syntax → Rest → Rest → Rest
end Lean
