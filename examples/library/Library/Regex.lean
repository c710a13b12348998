module

public import Library.Chain

/-! Regular expressions, what they match, and a matcher by derivatives that is right about it. -/

@[expose] public noncomputable section

inductive Regex where
  | none : Regex
  | empty : Regex
  | letter (a : Nat) : Regex
  | alt (r s : Regex) : Regex
  | seq (r s : Regex) : Regex
  | star (r : Regex) : Regex

namespace Regex

open Chain (append reverse)

inductive Matches : Regex → Chain Nat → Prop where
  | empty : Matches empty .nil
  | letter (a : Nat) : Matches (letter a) (.cons a .nil)
  | left {r s : Regex} {w : Chain Nat} (h : Matches r w) : Matches (alt r s) w
  | right {r s : Regex} {w : Chain Nat} (h : Matches s w) : Matches (alt r s) w
  | seq {r s : Regex} {u v : Chain Nat} (h : Matches r u) (h' : Matches s v) : Matches (seq r s) (append u v)
  | done {r : Regex} : Matches (star r) .nil
  | more {r : Regex} {u v : Chain Nat} (h : Matches r u) (h' : Matches (star r) v) : Matches (star r) (append u v)

def nullable : Regex → Bool
  | none => false
  | empty => true
  | letter _ => false
  | alt r s => nullable r || nullable s
  | seq r s => nullable r && nullable s
  | star _ => true

/-- What is left to match behind a letter. -/
def deriv (a : Nat) : Regex → Regex
  | none => none
  | empty => none
  | letter b => if a = b then empty else none
  | alt r s => alt (deriv a r) (deriv a s)
  | seq r s => bif nullable r then alt (seq (deriv a r) s) (deriv a s) else seq (deriv a r) s
  | star r => seq (deriv a r) (star r)

def accepts (r : Regex) : Chain Nat → Bool
  | .nil => nullable r
  | .cons a w => accepts (deriv a r) w

def mirror : Regex → Regex
  | none => none
  | empty => empty
  | letter a => letter a
  | alt r s => alt (mirror r) (mirror s)
  | seq r s => seq (mirror s) (mirror r)
  | star r => star (mirror r)

/-- They match the same words. -/
def Equiv (r s : Regex) : Prop := ∀ w, Matches r w ↔ Matches s w

theorem not_matches_none (w : Chain Nat) : ¬ Matches none w := nofun

theorem matches_empty_iff (w : Chain Nat) : Matches empty w ↔ w = .nil := by
  constructor
  · intro h
    cases h
    rfl
  · rintro rfl
    exact .empty

theorem matches_letter_iff (a : Nat) (w : Chain Nat) : Matches (letter a) w ↔ w = .cons a .nil := by
  constructor
  · intro h
    cases h
    rfl
  · rintro rfl
    exact .letter a

theorem matches_alt_iff (r s : Regex) (w : Chain Nat) : Matches (alt r s) w ↔ Matches r w ∨ Matches s w := by
  constructor
  · intro h
    cases h with
    | left h => exact Or.inl h
    | right h => exact Or.inr h
  · exact fun h => h.elim .left .right

theorem matches_seq_iff (r s : Regex) (w : Chain Nat) :
    Matches (seq r s) w ↔ ∃ u v, w = append u v ∧ Matches r u ∧ Matches s v := by
  constructor
  · intro h
    cases h with
    | seq h h' => exact ⟨_, _, rfl, h, h'⟩
  · rintro ⟨u, v, rfl, h, h'⟩
    exact .seq h h'

theorem matches_star_of_matches {r : Regex} {w : Chain Nat} (h : Matches r w) : Matches (star r) w := by
  rw [← Chain.append_nil w]
  exact .more h .done

theorem matches_nil_of_nullable {r : Regex} (h : nullable r = true) : Matches r .nil := by
  induction r with
  | none => contradiction
  | empty => exact .empty
  | letter a => contradiction
  | alt r s ihr ihs =>
    rw [nullable, Bool.or_eq_true] at h
    exact h.elim (fun h => .left (ihr h)) (fun h => .right (ihs h))
  | seq r s ihr ihs =>
    rw [nullable, Bool.and_eq_true] at h
    exact .seq (ihr h.1) (ihs h.2)
  | star r ih => exact .done

theorem append_eq_nil_right (u v : Chain Nat) (h : append u v = .nil) : v = .nil := by
  have := Chain.append_eq_nil_left u v h
  subst this
  exact h

theorem nullable_of_matches_nil {r : Regex} (h : Matches r .nil) : nullable r = true := by
  induction r with
  | none => exact absurd h (not_matches_none _)
  | empty => rfl
  | letter a => cases (matches_letter_iff a _).mp h
  | alt r s ihr ihs =>
    rw [nullable, Bool.or_eq_true]
    exact ((matches_alt_iff r s _).mp h).imp ihr ihs
  | seq r s ihr ihs =>
    obtain ⟨u, v, e, hu, hv⟩ := (matches_seq_iff r s _).mp h
    have eu := Chain.append_eq_nil_left u v e.symm
    have ev := append_eq_nil_right u v e.symm
    subst eu ev
    rw [nullable, ihr hu, ihs hv]
    rfl
  | star r ih => rfl

theorem matches_nil_iff (r : Regex) : Matches r .nil ↔ nullable r = true :=
  ⟨nullable_of_matches_nil, matches_nil_of_nullable⟩

theorem append_eq_cons {u v w : Chain Nat} {a : Nat} (h : append u v = .cons a w) :
    (u = .nil ∧ v = .cons a w) ∨ ∃ t, u = .cons a t ∧ append t v = w := by
  cases u with
  | nil => exact Or.inl ⟨rfl, h⟩
  | cons b t =>
    rw [Chain.cons_append] at h
    cases h
    exact Or.inr ⟨t, rfl, rfl⟩

/-- A word that a star matches and that begins with a letter: its first part that is not empty. -/
theorem matches_star_cons {r : Regex} {a : Nat} {w : Chain Nat} (h : Matches (star r) (.cons a w)) :
    ∃ u v, append u v = w ∧ Matches r (.cons a u) ∧ Matches (star r) v := by
  generalize er : star r = q at h
  generalize ew : Chain.cons a w = x at h
  induction h with
  | more h h' _ ih =>
    cases er
    rcases append_eq_cons ew.symm with ⟨rfl, rfl⟩ | ⟨t, rfl, rfl⟩
    · exact ih rfl rfl
    · exact ⟨t, _, rfl, h, h'⟩
  | done => cases ew
  | _ => cases er

theorem matches_of_deriv {a : Nat} {r : Regex} {w : Chain Nat} (h : Matches (deriv a r) w) :
    Matches r (.cons a w) := by
  induction r generalizing w with
  | none => exact absurd h (not_matches_none _)
  | empty => exact absurd h (not_matches_none _)
  | letter b =>
    rw [deriv] at h
    split at h
    · rename_i e
      rw [(matches_empty_iff w).mp h, e]
      exact .letter b
    · exact absurd h (not_matches_none _)
  | alt r s ihr ihs =>
    rw [deriv, matches_alt_iff] at h
    exact h.elim (fun h => .left (ihr h)) (fun h => .right (ihs h))
  | seq r s ihr ihs =>
    have first {w : Chain Nat} (h : Matches (seq (deriv a r) s) w) : Matches (seq r s) (.cons a w) := by
      obtain ⟨u, v, rfl, hu, hv⟩ := (matches_seq_iff _ _ _).mp h
      exact .seq (ihr hu) hv
    rw [deriv] at h
    cases n : nullable r with
    | false =>
      rw [n, cond_false] at h
      exact first h
    | true =>
      rw [n, cond_true, matches_alt_iff] at h
      exact h.elim first fun h => .seq (matches_nil_of_nullable n) (ihs h)
  | star r ih =>
    rw [deriv] at h
    obtain ⟨u, v, rfl, hu, hv⟩ := (matches_seq_iff _ _ _).mp h
    exact .more (ih hu) hv

theorem deriv_of_matches {a : Nat} {r : Regex} {w : Chain Nat} (h : Matches r (.cons a w)) :
    Matches (deriv a r) w := by
  induction r generalizing w with
  | none => exact absurd h (not_matches_none _)
  | empty => cases (matches_empty_iff _).mp h
  | letter b =>
    cases (matches_letter_iff b _).mp h
    rw [deriv, if_pos rfl]
    exact .empty
  | alt r s ihr ihs =>
    rw [deriv, matches_alt_iff]
    exact ((matches_alt_iff r s _).mp h).imp ihr ihs
  | seq r s ihr ihs =>
    obtain ⟨u, v, e, hu, hv⟩ := (matches_seq_iff r s _).mp h
    rw [deriv]
    rcases append_eq_cons e.symm with ⟨rfl, rfl⟩ | ⟨t, rfl, rfl⟩
    · rw [nullable_of_matches_nil hu, cond_true]
      exact .right (ihs hv)
    · cases nullable r with
      | false => exact .seq (ihr hu) hv
      | true => exact .left (.seq (ihr hu) hv)
  | star r ih =>
    obtain ⟨u, v, rfl, hu, hv⟩ := matches_star_cons h
    exact .seq (ih hu) hv

theorem matches_cons_iff (r : Regex) (a : Nat) (w : Chain Nat) : Matches r (.cons a w) ↔ Matches (deriv a r) w :=
  ⟨deriv_of_matches, matches_of_deriv⟩

theorem accepts_iff (r : Regex) (w : Chain Nat) : accepts r w = true ↔ Matches r w := by
  induction w generalizing r with
  | nil => exact (matches_nil_iff r).symm
  | cons a w ih => rw [accepts, ih, matches_cons_iff]

theorem accepts_alt (r s : Regex) (w : Chain Nat) : accepts (alt r s) w = (accepts r w || accepts s w) := by
  rw [Bool.eq_iff_iff, Bool.or_eq_true, accepts_iff, accepts_iff, accepts_iff, matches_alt_iff]

theorem equiv_refl (r : Regex) : Equiv r r := fun _ => Iff.rfl

theorem equiv_symm {r s : Regex} (h : Equiv r s) : Equiv s r := fun w => (h w).symm

theorem equiv_trans {r s t : Regex} (h : Equiv r s) (h' : Equiv s t) : Equiv r t := fun w => (h w).trans (h' w)

theorem equiv_of_accepts {r s : Regex} (h : ∀ w, accepts r w = accepts s w) : Equiv r s := by
  intro w
  rw [← accepts_iff, ← accepts_iff, h]

theorem deriv_equiv {r s : Regex} (h : Equiv r s) (a : Nat) : Equiv (deriv a r) (deriv a s) := by
  intro w
  rw [← matches_cons_iff, ← matches_cons_iff]
  exact h _

theorem alt_comm (r s : Regex) : Equiv (alt r s) (alt s r) := by
  intro w
  rw [matches_alt_iff, matches_alt_iff, or_comm]

theorem alt_assoc (r s t : Regex) : Equiv (alt (alt r s) t) (alt r (alt s t)) := by
  intro w
  simp only [matches_alt_iff, or_assoc]

theorem alt_self (r : Regex) : Equiv (alt r r) r := by
  intro w
  rw [matches_alt_iff, or_self]

theorem none_alt (r : Regex) : Equiv (alt none r) r := by
  intro w
  rw [matches_alt_iff]
  exact ⟨fun h => h.resolve_left (not_matches_none w), Or.inr⟩

theorem none_seq (r : Regex) : Equiv (seq none r) none := by
  intro w
  constructor
  · intro h
    obtain ⟨u, _, _, hu, _⟩ := (matches_seq_iff _ _ _).mp h
    exact absurd hu (not_matches_none u)
  · exact fun h => absurd h (not_matches_none w)

theorem empty_seq (r : Regex) : Equiv (seq empty r) r := by
  intro w
  constructor
  · intro h
    obtain ⟨u, v, rfl, hu, hv⟩ := (matches_seq_iff _ _ _).mp h
    rw [(matches_empty_iff u).mp hu]
    exact hv
  · exact fun h => .seq .empty h

theorem seq_empty (r : Regex) : Equiv (seq r empty) r := by
  intro w
  constructor
  · intro h
    obtain ⟨u, v, rfl, hu, hv⟩ := (matches_seq_iff _ _ _).mp h
    rw [(matches_empty_iff v).mp hv, Chain.append_nil]
    exact hu
  · intro h
    rw [← Chain.append_nil w]
    exact .seq h .empty

theorem seq_assoc (r s t : Regex) : Equiv (seq (seq r s) t) (seq r (seq s t)) := by
  intro w
  constructor
  · intro h
    obtain ⟨_, z, rfl, hxy, hz⟩ := (matches_seq_iff _ _ _).mp h
    obtain ⟨x, y, rfl, hx, hy⟩ := (matches_seq_iff _ _ _).mp hxy
    rw [Chain.append_assoc]
    exact .seq hx (.seq hy hz)
  · intro h
    obtain ⟨x, _, rfl, hx, hyz⟩ := (matches_seq_iff _ _ _).mp h
    obtain ⟨y, z, rfl, hy, hz⟩ := (matches_seq_iff _ _ _).mp hyz
    rw [← Chain.append_assoc]
    exact .seq (.seq hx hy) hz

theorem seq_alt (r s t : Regex) : Equiv (seq r (alt s t)) (alt (seq r s) (seq r t)) := by
  intro w
  constructor
  · intro h
    obtain ⟨u, v, rfl, hu, hv⟩ := (matches_seq_iff _ _ _).mp h
    exact ((matches_alt_iff s t v).mp hv).elim (fun h => .left (.seq hu h)) (fun h => .right (.seq hu h))
  · intro h
    rcases (matches_alt_iff _ _ _).mp h with h | h
    · obtain ⟨u, v, rfl, hu, hv⟩ := (matches_seq_iff _ _ _).mp h
      exact .seq hu (.left hv)
    · obtain ⟨u, v, rfl, hu, hv⟩ := (matches_seq_iff _ _ _).mp h
      exact .seq hu (.right hv)

theorem star_append {r : Regex} {u v : Chain Nat} (hu : Matches (star r) u) (hv : Matches (star r) v) :
    Matches (star r) (append u v) := by
  generalize e : star r = q at hu
  induction hu with
  | done =>
    cases e
    exact hv
  | more h _ _ ih =>
    cases e
    rw [Chain.append_assoc]
    exact .more h (ih rfl)
  | _ => cases e

theorem star_star (r : Regex) : Equiv (star (star r)) (star r) := by
  intro w
  constructor
  · intro h
    generalize e : star (star r) = q at h
    induction h with
    | done => exact .done
    | more h _ _ ih =>
      cases e
      exact star_append h (ih rfl)
    | _ => cases e
  · exact matches_star_of_matches

theorem matches_star_snoc {r : Regex} {u v : Chain Nat} (hu : Matches (star r) u) (hv : Matches r v) :
    Matches (star r) (append u v) :=
  star_append hu (matches_star_of_matches hv)

theorem mirror_mirror (r : Regex) : mirror (mirror r) = r := by
  induction r with
  | none | empty | letter a => rfl
  | alt r s ihr ihs | seq r s ihr ihs => rw [mirror, mirror, ihr, ihs]
  | star r ih => rw [mirror, mirror, ih]

theorem nullable_mirror (r : Regex) : nullable (mirror r) = nullable r := by
  induction r with
  | none | empty | letter a | star r _ => rfl
  | alt r s ihr ihs => rw [mirror, nullable, nullable, ihr, ihs]
  | seq r s ihr ihs => rw [mirror, nullable, nullable, ihr, ihs, Bool.and_comm]

theorem matches_mirror {r : Regex} {w : Chain Nat} (h : Matches r w) : Matches (mirror r) (reverse w) := by
  induction h with
  | empty => exact .empty
  | letter a => exact .letter a
  | left _ ih => exact .left ih
  | right _ ih => exact .right ih
  | seq _ _ ih ih' =>
    rw [Chain.reverse_append]
    exact .seq ih' ih
  | done => exact .done
  | more _ _ ih ih' =>
    rw [Chain.reverse_append]
    exact matches_star_snoc ih' ih

theorem matches_mirror_iff (r : Regex) (w : Chain Nat) : Matches (mirror r) (reverse w) ↔ Matches r w := by
  constructor
  · intro h
    have := matches_mirror h
    rwa [mirror_mirror, Chain.reverse_reverse] at this
  · exact matches_mirror

theorem accepts_mirror (r : Regex) (w : Chain Nat) : accepts (mirror r) (reverse w) = accepts r w := by
  rw [Bool.eq_iff_iff, accepts_iff, accepts_iff, matches_mirror_iff]

end Regex
