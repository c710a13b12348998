module

public import Library.Chain

/-! The simply typed lambda calculus with numbers: what a step keeps, and that a typed term is never stuck. -/

@[expose] public noncomputable section

inductive Ty where
  | nat : Ty
  | arrow (a b : Ty) : Ty

/-- Variables are numbered from the innermost binder. -/
inductive Term where
  | var (x : Nat) : Term
  | zero : Term
  | succ (t : Term) : Term
  | lam (a : Ty) (t : Term) : Term
  | app (t u : Term) : Term

namespace Lambda

open Chain Term

abbrev Context := Chain Ty

inductive At : Context → Nat → Ty → Prop where
  | here {c : Context} {a : Ty} : At (cons a c) 0 a
  | there {c : Context} {x : Nat} {a b : Ty} (h : At c x a) : At (cons b c) (x + 1) a

inductive HasType : Context → Term → Ty → Prop where
  | var {c : Context} {x : Nat} {a : Ty} (h : At c x a) : HasType c (var x) a
  | zero {c : Context} : HasType c zero .nat
  | succ {c : Context} {t : Term} (h : HasType c t .nat) : HasType c (succ t) .nat
  | lam {c : Context} {t : Term} {a b : Ty} (h : HasType (cons a c) t b) : HasType c (lam a t) (.arrow a b)
  | app {c : Context} {t u : Term} {a b : Ty} (h : HasType c t (.arrow a b)) (h' : HasType c u a) :
    HasType c (app t u) b

/-- A renaming, below one more binder. -/
def lift (f : Nat → Nat) : Nat → Nat
  | 0 => 0
  | x + 1 => f x + 1

def rename (f : Nat → Nat) : Term → Term
  | var x => var (f x)
  | zero => zero
  | succ t => succ (rename f t)
  | lam a t => lam a (rename (lift f) t)
  | app t u => app (rename f t) (rename f u)

/-- A substitution, below one more binder. -/
def up (s : Nat → Term) : Nat → Term
  | 0 => var 0
  | x + 1 => rename (· + 1) (s x)

def subst (s : Nat → Term) : Term → Term
  | var x => s x
  | zero => zero
  | succ t => succ (subst s t)
  | lam a t => lam a (subst (up s) t)
  | app t u => app (subst s t) (subst s u)

/-- A term for the innermost variable. -/
def single (u : Term) : Nat → Term
  | 0 => u
  | x + 1 => var x

inductive Value : Term → Prop where
  | zero : Value zero
  | succ {t : Term} (h : Value t) : Value (succ t)
  | lam {a : Ty} {t : Term} : Value (lam a t)

inductive Step : Term → Term → Prop where
  | succ {t t' : Term} (h : Step t t') : Step (succ t) (succ t')
  | left {t t' u : Term} (h : Step t t') : Step (app t u) (app t' u)
  | right {t u u' : Term} (v : Value t) (h : Step u u') : Step (app t u) (app t u')
  | beta {a : Ty} {t u : Term} (v : Value u) : Step (app (lam a t) u) (subst (single u) t)

inductive Steps : Term → Term → Prop where
  | refl {t : Term} : Steps t t
  | step {t u v : Term} (h : Step t u) (h' : Steps u v) : Steps t v

def size : Term → Nat
  | var _ => 1
  | zero => 1
  | succ t => size t + 1
  | lam _ t => size t + 1
  | app t u => size t + size u + 1

theorem lift_id : lift (fun x => x) = fun x => x := by
  funext x
  cases x <;> rfl

theorem lift_comp (f g : Nat → Nat) : lift (fun x => g (f x)) = fun x => lift g (lift f x) := by
  funext x
  cases x <;> rfl

theorem rename_id (t : Term) : rename (fun x => x) t = t := by
  induction t with
  | var x => rfl
  | zero => rfl
  | succ t ih => rw [rename, ih]
  | lam a t ih => rw [rename, lift_id, ih]
  | app t u iht ihu => rw [rename, iht, ihu]

theorem rename_rename (f g : Nat → Nat) (t : Term) : rename g (rename f t) = rename (fun x => g (f x)) t := by
  induction t generalizing f g with
  | var x => rfl
  | zero => rfl
  | succ t ih => rw [rename, rename, ih, rename]
  | lam a t ih => rw [rename, rename, ih, rename, lift_comp f g]
  | app t u iht ihu => rw [rename, rename, iht, ihu, rename]

theorem up_var : up var = var := by
  funext x
  cases x <;> rfl

theorem subst_var (t : Term) : subst var t = t := by
  induction t with
  | var x => rfl
  | zero => rfl
  | succ t ih => rw [subst, ih]
  | lam a t ih => rw [subst, up_var, ih]
  | app t u iht ihu => rw [subst, iht, ihu]

theorem up_lift (f : Nat → Nat) (s : Nat → Term) : up (fun x => s (f x)) = fun x => up s (lift f x) := by
  funext x
  cases x <;> rfl

theorem subst_rename (f : Nat → Nat) (s : Nat → Term) (t : Term) :
    subst s (rename f t) = subst (fun x => s (f x)) t := by
  induction t generalizing f s with
  | var x => rfl
  | zero => rfl
  | succ t ih => rw [rename, subst, ih, subst]
  | lam a t ih => rw [rename, subst, ih, subst, up_lift f s]
  | app t u iht ihu => rw [rename, subst, iht, ihu, subst]

/-- What does not mention the innermost variable is as it was. -/
theorem subst_single_rename (u t : Term) : subst (single u) (rename (· + 1) t) = t := by
  rw [subst_rename]
  exact subst_var t

theorem size_pos (t : Term) : 0 < size t := by
  cases t <;> simp [size]

theorem size_rename (f : Nat → Nat) (t : Term) : size (rename f t) = size t := by
  induction t generalizing f with
  | var x => rfl
  | zero => rfl
  | succ t ih => rw [rename, size, ih, size]
  | lam a t ih => rw [rename, size, ih, size]
  | app t u iht ihu => rw [rename, size, iht, ihu, size]

theorem size_le_subst (s : Nat → Term) (t : Term) : size t ≤ size (subst s t) := by
  induction t generalizing s with
  | var x => exact size_pos (s x)
  | zero => exact Nat.le_refl 1
  | succ t ih => exact Nat.succ_le_succ (ih s)
  | lam a t ih => exact Nat.succ_le_succ (ih (up s))
  | app t u iht ihu => exact Nat.succ_le_succ (Nat.add_le_add (iht s) (ihu s))

theorem at_unique {c : Context} {x : Nat} {a b : Ty} (h : At c x a) (h' : At c x b) : a = b := by
  induction h with
  | here =>
    cases h'
    rfl
  | there _ ih =>
    cases h' with
    | there h' => exact ih h'

theorem not_at_nil (x : Nat) (a : Ty) : ¬ At nil x a := nofun

theorem type_unique {c : Context} {t : Term} {a b : Ty} (h : HasType c t a) (h' : HasType c t b) : a = b := by
  induction h generalizing b with
  | var h =>
    cases h' with
    | var h' => exact at_unique h h'
  | zero =>
    cases h'
    rfl
  | succ =>
    cases h'
    rfl
  | lam _ ih =>
    cases h' with
    | lam h' => rw [ih h']
  | app _ _ ih _ =>
    cases h' with
    | app h' _ =>
      cases ih h'
      rfl

theorem at_lift {c d : Context} {f : Nat → Nat} (h : ∀ x a, At c x a → At d (f x) a) (b : Ty) :
    ∀ x a, At (cons b c) x a → At (cons b d) (lift f x) a := by
  intro x a at_x
  cases at_x with
  | here => exact .here
  | there at_x => exact .there (h _ a at_x)

theorem type_rename {c d : Context} {f : Nat → Nat} {t : Term} {a : Ty} (h : HasType c t a)
    (hf : ∀ x a, At c x a → At d (f x) a) : HasType d (rename f t) a := by
  induction h generalizing d f with
  | var h => exact .var (hf _ _ h)
  | zero => exact .zero
  | succ _ ih => exact .succ (ih hf)
  | lam _ ih => exact .lam (ih (at_lift hf _))
  | app _ _ ih ih' => exact .app (ih hf) (ih' hf)

theorem weakening {c : Context} {t : Term} {a : Ty} (h : HasType c t a) (b : Ty) :
    HasType (cons b c) (rename (· + 1) t) a :=
  type_rename h fun _ _ => .there

theorem type_up {c d : Context} {s : Nat → Term} (h : ∀ x a, At c x a → HasType d (s x) a) (b : Ty) :
    ∀ x a, At (cons b c) x a → HasType (cons b d) (up s x) a := by
  intro x a at_x
  cases at_x with
  | here => exact .var .here
  | there at_x => exact weakening (h _ a at_x) b

theorem type_subst {c d : Context} {s : Nat → Term} {t : Term} {a : Ty} (h : HasType c t a)
    (hs : ∀ x a, At c x a → HasType d (s x) a) : HasType d (subst s t) a := by
  induction h generalizing d s with
  | var h => exact hs _ _ h
  | zero => exact .zero
  | succ _ ih => exact .succ (ih hs)
  | lam _ ih => exact .lam (ih (type_up hs _))
  | app _ _ ih ih' => exact .app (ih hs) (ih' hs)

theorem type_single {c : Context} {u : Term} {b : Ty} (h : HasType c u b) :
    ∀ x a, At (cons b c) x a → HasType c (single u x) a := by
  intro x a at_x
  cases at_x with
  | here => exact h
  | there at_x => exact .var at_x

theorem substitution {c : Context} {t u : Term} {a b : Ty} (h : HasType (cons b c) t a) (h' : HasType c u b) :
    HasType c (subst (single u) t) a :=
  type_subst h (type_single h')

theorem preservation {c : Context} {t t' : Term} {a : Ty} (h : HasType c t a) (s : Step t t') : HasType c t' a := by
  induction s generalizing a with
  | succ _ ih =>
    cases h with
    | succ h => exact .succ (ih h)
  | left _ ih =>
    cases h with
    | app h h' => exact .app (ih h) h'
  | right _ _ ih =>
    cases h with
    | app h h' => exact .app h (ih h')
  | beta _ =>
    cases h with
    | app h h' =>
      cases h with
      | lam h => exact substitution h h'

theorem value_arrow {c : Context} {t : Term} {a b : Ty} (v : Value t) (h : HasType c t (.arrow a b)) :
    ∃ u, t = lam a u := by
  cases v with
  | zero => cases h
  | succ _ => cases h
  | lam =>
    cases h
    exact ⟨_, rfl⟩

theorem progress {t : Term} {a : Ty} (h : HasType nil t a) : Value t ∨ ∃ t', Step t t' := by
  generalize e : nil = c at h
  induction h with
  | var h =>
    subst e
    exact absurd h (not_at_nil _ _)
  | zero => exact Or.inl .zero
  | succ _ ih =>
    rcases ih e with v | ⟨t', s⟩
    · exact Or.inl (.succ v)
    · exact Or.inr ⟨_, .succ s⟩
  | lam _ _ => exact Or.inl .lam
  | app h _ ih ih' =>
    rcases ih e with v | ⟨t', s⟩
    · rcases ih' e with w | ⟨u', s⟩
      · obtain ⟨b, rfl⟩ := value_arrow v h
        exact Or.inr ⟨_, .beta w⟩
      · exact Or.inr ⟨_, .right v s⟩
    · exact Or.inr ⟨_, .left s⟩

theorem value_no_step {t t' : Term} (v : Value t) : ¬ Step t t' := by
  induction v generalizing t' with
  | zero => nofun
  | succ _ ih =>
    intro s
    cases s with
    | succ s => exact ih s
  | lam => nofun

theorem step_deterministic {t u v : Term} (h : Step t u) (h' : Step t v) : u = v := by
  induction h generalizing v with
  | succ _ ih =>
    cases h' with
    | succ h' => rw [ih h']
  | left h ih =>
    cases h' with
    | left h' => rw [ih h']
    | right v _ => exact absurd h (value_no_step v)
    | beta _ => exact absurd h (value_no_step .lam)
  | right w h ih =>
    cases h' with
    | left h' => exact absurd h' (value_no_step w)
    | right _ h' => rw [ih h']
    | beta v => exact absurd h (value_no_step v)
  | beta w =>
    cases h' with
    | left h' => exact absurd h' (value_no_step .lam)
    | right _ h' => exact absurd h' (value_no_step w)
    | beta _ => rfl

theorem steps_of_step {t u : Term} (h : Step t u) : Steps t u := .step h .refl

theorem steps_trans {t u v : Term} (h : Steps t u) (h' : Steps u v) : Steps t v := by
  induction h with
  | refl => exact h'
  | step s _ ih => exact .step s (ih h')

theorem steps_succ {t t' : Term} (h : Steps t t') : Steps (succ t) (succ t') := by
  induction h with
  | refl => exact .refl
  | step s _ ih => exact .step (.succ s) ih

theorem steps_left {t t' : Term} (h : Steps t t') (u : Term) : Steps (app t u) (app t' u) := by
  induction h with
  | refl => exact .refl
  | step s _ ih => exact .step (.left s) ih

theorem steps_right {t u u' : Term} (v : Value t) (h : Steps u u') : Steps (app t u) (app t u') := by
  induction h with
  | refl => exact .refl
  | step s _ ih => exact .step (.right v s) ih

theorem steps_app {a : Ty} {t u b w : Term} (ht : Steps t (lam a b)) (hu : Steps u w) (v : Value w) :
    Steps (app t u) (subst (single w) b) :=
  steps_trans (steps_left ht u) (steps_trans (steps_right .lam hu) (steps_of_step (.beta v)))

theorem preservation_steps {c : Context} {t u : Term} {a : Ty} (h : HasType c t a) (s : Steps t u) :
    HasType c u a := by
  induction s with
  | refl => exact h
  | step s _ ih => exact ih (preservation h s)

/-- A typed term that has gone some way is a value, or goes on. -/
theorem safety {t u : Term} {a : Ty} (h : HasType nil t a) (s : Steps t u) : Value u ∨ ∃ u', Step u u' :=
  progress (preservation_steps h s)

theorem value_steps {t u : Term} (v : Value t) (s : Steps t u) : u = t := by
  cases s with
  | refl => rfl
  | step s _ => exact absurd s (value_no_step v)

theorem result_unique {t u v : Term} (hu : Steps t u) (hv : Steps t v) (u_value : Value u) (v_value : Value v) :
    u = v := by
  induction hu with
  | refl => exact (value_steps u_value hv).symm
  | step s _ ih =>
    cases hv with
    | refl => exact absurd s (value_no_step v_value)
    | step s' hv =>
      rw [step_deterministic s s'] at ih
      exact ih hv u_value

end Lambda
