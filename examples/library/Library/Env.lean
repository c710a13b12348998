module

public import Library.Chain

/-! Environments: what each name stands for, the latest binding first. -/

@[expose] public noncomputable section

structure Binding where
  name : Nat
  value : Nat

abbrev Env := Chain Binding

namespace Env

open Chain

def lookup (x : Nat) : Env → Nat
  | nil => 0
  | cons b e => if x = b.name then b.value else lookup x e

def update (x v : Nat) (e : Env) : Env := cons ⟨x, v⟩ e

def Binds (x : Nat) : Env → Prop
  | nil => False
  | cons b e => x = b.name ∨ Binds x e

def remove (x : Nat) : Env → Env
  | nil => nil
  | cons b e => if x = b.name then remove x e else cons b (remove x e)

theorem lookup_nil (x : Nat) : lookup x nil = 0 := rfl

theorem lookup_update_same (x v : Nat) (e : Env) : lookup x (update x v e) = v := by
  simp [update, lookup]

theorem lookup_update_other {x y : Nat} (h : x ≠ y) (v : Nat) (e : Env) :
    lookup x (update y v e) = lookup x e := by
  simp [update, lookup, h]

theorem lookup_update_update (x y v w : Nat) (e : Env) :
    lookup x (update y v (update y w e)) = lookup x (update y v e) := by
  by_cases h : x = y
  · subst h
    rw [lookup_update_same, lookup_update_same]
  · rw [lookup_update_other h, lookup_update_other h, lookup_update_other h]

theorem lookup_update_comm {x y : Nat} (h : x ≠ y) (v w z : Nat) (e : Env) :
    lookup z (update x v (update y w e)) = lookup z (update y w (update x v e)) := by
  simp only [update, lookup]
  split <;> split <;> simp_all

theorem update_self (x z : Nat) (e : Env) : lookup z (update x (lookup x e) e) = lookup z e := by
  by_cases h : z = x
  · rw [h, lookup_update_same]
  · exact lookup_update_other h _ _

theorem lookup_of_not_binds {x : Nat} {e : Env} (h : ¬ Binds x e) : lookup x e = 0 := by
  induction e with
  | nil => rfl
  | cons b e ih =>
    have hb : x ≠ b.name := fun eq => h (Or.inl eq)
    rw [lookup, if_neg hb]
    exact ih fun bound => h (Or.inr bound)

theorem binds_update (x y v : Nat) (e : Env) : Binds x (update y v e) ↔ x = y ∨ Binds x e := Iff.rfl

theorem binds_append (x : Nat) (d e : Env) : Binds x (append d e) ↔ Binds x d ∨ Binds x e := by
  induction d with
  | nil => simp [append, Binds]
  | cons b d ih => simp [append, Binds, ih, or_assoc]

theorem lookup_append_of_binds {x : Nat} {d : Env} (h : Binds x d) (e : Env) :
    lookup x (append d e) = lookup x d := by
  induction d with
  | nil => exact h.elim
  | cons b d ih =>
    rw [cons_append, lookup, lookup]
    split
    · rfl
    · rename_i ne
      exact ih (h.resolve_left ne)

theorem lookup_append_of_not_binds {x : Nat} {d : Env} (h : ¬ Binds x d) (e : Env) :
    lookup x (append d e) = lookup x e := by
  induction d with
  | nil => rfl
  | cons b d ih =>
    simp only [Binds, not_or] at h
    rw [cons_append, lookup, if_neg h.1, ih h.2]

theorem not_binds_remove (x : Nat) (e : Env) : ¬ Binds x (remove x e) := by
  induction e with
  | nil => exact id
  | cons b e ih =>
    rw [remove]
    split
    · exact ih
    · rename_i ne
      exact fun h => h.elim ne ih

theorem lookup_remove_same (x : Nat) (e : Env) : lookup x (remove x e) = 0 :=
  lookup_of_not_binds (not_binds_remove x e)

theorem lookup_remove_other {x y : Nat} (h : x ≠ y) (e : Env) : lookup x (remove y e) = lookup x e := by
  induction e with
  | nil => rfl
  | cons b e ih =>
    rw [remove]
    split
    · rename_i eq
      rw [ih, lookup, if_neg (eq ▸ h)]
    · rw [lookup, lookup, ih]

theorem length_remove_le (x : Nat) (e : Env) : length (remove x e) ≤ length e := by
  induction e with
  | nil => exact Nat.le_refl 0
  | cons b e ih =>
    rw [remove]
    split
    · exact Nat.le_succ_of_le ih
    · exact Nat.succ_le_succ ih

theorem remove_remove (x : Nat) (e : Env) : remove x (remove x e) = remove x e := by
  induction e with
  | nil => rfl
  | cons b e ih =>
    by_cases h : x = b.name <;> simp [remove, h] <;> simpa [h] using ih

end Env
