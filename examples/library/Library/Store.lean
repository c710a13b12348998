module

public import Library.Env

/-! A key-value store that is kept as a log of commands: what a log means, snapshots, and which commands can go. -/

@[expose] public noncomputable section

inductive Command where
  | put (key value : Nat) : Command
  | delete (key : Nat) : Command

abbrev Log := Chain Command

namespace Store

open Chain

def key : Command → Nat
  | .put k _ => k
  | .delete k => k

def apply (s : Env) : Command → Env
  | .put k v => Env.update k v (Env.remove k s)
  | .delete k => Env.remove k s

/-- The state after all commands of a log, the oldest first. -/
def replay (s : Env) : Log → Env
  | nil => s
  | cons c l => replay (apply s c) l

/-- No reader can tell them apart. -/
def Same (s t : Env) : Prop := ∀ k, Env.lookup k s = Env.lookup k t

def touches (k : Nat) : Log → Bool
  | nil => false
  | cons c l => key c == k || touches k l

/-- Leaves out each command that a later one about the same key makes undone. -/
def compact : Log → Log
  | nil => nil
  | cons c l => bif touches (key c) l then compact l else cons c (compact l)

/-- A log that makes a state out of nothing. -/
def snapshot : Env → Log
  | nil => nil
  | cons b s => append (snapshot s) (cons (.put b.name b.value) nil)

/-- No key is bound twice. -/
def Unique : Env → Prop
  | nil => True
  | cons b s => ¬ Env.Binds b.name s ∧ Unique s

theorem same_refl (s : Env) : Same s s := fun _ => rfl

theorem same_symm {s t : Env} (h : Same s t) : Same t s := fun k => (h k).symm

theorem same_trans {s t u : Env} (h : Same s t) (h' : Same t u) : Same s u := fun k => (h k).trans (h' k)

theorem lookup_put_same (s : Env) (k v : Nat) : Env.lookup k (apply s (.put k v)) = v :=
  Env.lookup_update_same k v _

theorem lookup_delete_same (s : Env) (k : Nat) : Env.lookup k (apply s (.delete k)) = 0 :=
  Env.lookup_remove_same k s

theorem lookup_apply_other {c : Command} {k : Nat} (h : k ≠ key c) (s : Env) :
    Env.lookup k (apply s c) = Env.lookup k s := by
  cases c with
  | put j v => exact (Env.lookup_update_other h v _).trans (Env.lookup_remove_other h s)
  | delete j => exact Env.lookup_remove_other h s

/-- What a command leaves at its own key does not depend on what was there. -/
theorem lookup_apply_key (c : Command) (s t : Env) :
    Env.lookup (key c) (apply s c) = Env.lookup (key c) (apply t c) := by
  cases c with
  | put k v => rw [key, lookup_put_same, lookup_put_same]
  | delete k => rw [key, lookup_delete_same, lookup_delete_same]

theorem same_apply {s t : Env} (h : Same s t) (c : Command) : Same (apply s c) (apply t c) := by
  intro k
  by_cases e : k = key c
  · rw [e]
    exact lookup_apply_key c s t
  · rw [lookup_apply_other e, lookup_apply_other e]
    exact h k

theorem same_replay {s t : Env} (h : Same s t) (l : Log) : Same (replay s l) (replay t l) := by
  induction l generalizing s t with
  | nil => exact h
  | cons c l ih => exact ih (same_apply h c)

theorem replay_append (s : Env) (l m : Log) : replay s (append l m) = replay (replay s l) m := by
  induction l generalizing s with
  | nil => rfl
  | cons c l ih => exact ih (apply s c)

theorem replay_snoc (s : Env) (l : Log) (c : Command) :
    replay s (append l (cons c nil)) = apply (replay s l) c := by
  rw [replay_append]
  rfl

theorem touches_append (k : Nat) (l m : Log) : touches k (append l m) = (touches k l || touches k m) := by
  induction l with
  | nil => rfl
  | cons c l ih => rw [cons_append, touches, touches, ih, Bool.or_assoc]

theorem touches_cons_of_ne {c : Command} {k : Nat} (h : k ≠ key c) (l : Log) : touches k (cons c l) = touches k l := by
  have : (key c == k) = false := beq_false_of_ne (Ne.symm h)
  rw [touches, this, Bool.false_or]

theorem lookup_replay_of_not_touched {k : Nat} {l : Log} (h : touches k l = false) (s : Env) :
    Env.lookup k (replay s l) = Env.lookup k s := by
  induction l generalizing s with
  | nil => rfl
  | cons c l ih =>
    simp only [touches, Bool.or_eq_false_iff] at h
    rw [replay, ih h.2, lookup_apply_other]
    intro e
    simp [e] at h

/-- What a log that touches a key leaves there does not depend on what was there. -/
theorem lookup_replay_of_touched {k : Nat} {l : Log} (h : touches k l = true) (s t : Env) :
    Env.lookup k (replay s l) = Env.lookup k (replay t l) := by
  induction l generalizing s t with
  | nil => simp [touches] at h
  | cons c l ih =>
    rw [replay, replay]
    cases later : touches k l with
    | true => exact ih later _ _
    | false =>
      rw [lookup_replay_of_not_touched later, lookup_replay_of_not_touched later]
      have : key c = k := by simpa [touches, later] using h
      rw [← this]
      exact lookup_apply_key c s t

theorem replay_of_overwritten {c : Command} {l : Log} (h : touches (key c) l = true) (s : Env) :
    Same (replay s (cons c l)) (replay s l) := by
  intro k
  rw [replay]
  cases e : touches k l with
  | true => exact lookup_replay_of_touched e _ _
  | false =>
    rw [lookup_replay_of_not_touched e, lookup_replay_of_not_touched e, lookup_apply_other]
    rintro rfl
    rw [h] at e
    contradiction

theorem apply_apply_same {c d : Command} (h : key c = key d) (s : Env) : Same (apply (apply s c) d) (apply s d) :=
  replay_of_overwritten (c := c) (l := cons d nil) (by simp [touches, h]) s

theorem apply_comm {c d : Command} (h : key c ≠ key d) (s : Env) :
    Same (apply (apply s c) d) (apply (apply s d) c) := by
  intro k
  by_cases hc : k = key c
  · subst hc
    rw [lookup_apply_other h]
    exact lookup_apply_key c _ _
  · rw [lookup_apply_other hc]
    by_cases hd : k = key d
    · subst hd
      exact lookup_apply_key d _ _
    · rw [lookup_apply_other hd, lookup_apply_other hd, lookup_apply_other hc]

theorem touches_compact (k : Nat) (l : Log) : touches k (compact l) = touches k l := by
  induction l with
  | nil => rfl
  | cons c l ih =>
    rw [compact]
    cases h : touches (key c) l with
    | true =>
      rw [cond_true, ih, touches]
      by_cases e : key c = k
      · rw [← e, h, Bool.or_true]
      · simp [e]
    | false => rw [cond_false, touches, touches, ih]

theorem replay_compact (s : Env) (l : Log) : Same (replay s (compact l)) (replay s l) := by
  induction l generalizing s with
  | nil => exact same_refl s
  | cons c l ih =>
    rw [compact]
    cases h : touches (key c) l with
    | true => exact same_trans (ih s) (same_symm (replay_of_overwritten h s))
    | false => exact ih (apply s c)

theorem length_compact_le (l : Log) : length (compact l) ≤ length l := by
  induction l with
  | nil => exact Nat.le_refl 0
  | cons c l ih =>
    rw [compact]
    cases touches (key c) l with
    | true => exact Nat.le_succ_of_le ih
    | false => exact Nat.succ_le_succ ih

theorem compact_compact (l : Log) : compact (compact l) = compact l := by
  induction l with
  | nil => rfl
  | cons c l ih =>
    cases h : touches (key c) l with
    | true => rw [compact, h, cond_true, ih]
    | false =>
      have : touches (key c) (compact l) = false := by rw [touches_compact, h]
      rw [compact, h, cond_false, compact, this, cond_false, ih]

theorem replay_snapshot (s : Env) : Same (replay nil (snapshot s)) s := by
  induction s with
  | nil => exact same_refl nil
  | cons b s ih =>
    rw [snapshot, replay_snoc]
    intro k
    by_cases h : k = b.name
    · rw [h, lookup_put_same, Env.lookup, if_pos rfl]
    · rw [lookup_apply_other h, ih k, Env.lookup, if_neg h]

theorem length_snapshot (s : Env) : length (snapshot s) = length s := by
  induction s with
  | nil => rfl
  | cons b s ih => rw [snapshot, length_append, ih, length_cons, length_cons, length_nil]

/-- Whoever starts from a snapshot and reads what was written since is where everybody else is. -/
theorem recovery (l m : Log) : Same (replay nil (append (snapshot (replay nil l)) m)) (replay nil (append l m)) := by
  rw [replay_append, replay_append]
  exact same_replay (replay_snapshot _) m

theorem recovery_compact (l m : Log) : Same (replay nil (append (compact l) m)) (replay nil (append l m)) := by
  rw [replay_append, replay_append]
  exact same_replay (replay_compact nil l) m

theorem binds_remove {x y : Nat} {s : Env} (h : Env.Binds x (Env.remove y s)) : Env.Binds x s := by
  induction s with
  | nil => exact h
  | cons b s ih =>
    rw [Env.remove] at h
    split at h
    · exact Or.inr (ih h)
    · exact h.imp id ih

theorem unique_remove {s : Env} (h : Unique s) (x : Nat) : Unique (Env.remove x s) := by
  induction s with
  | nil => trivial
  | cons b s ih =>
    rw [Env.remove]
    split
    · exact ih h.2
    · exact ⟨fun bound => h.1 (binds_remove bound), ih h.2⟩

theorem unique_apply {s : Env} (h : Unique s) (c : Command) : Unique (apply s c) := by
  cases c with
  | put k v => exact ⟨Env.not_binds_remove k s, unique_remove h k⟩
  | delete k => exact unique_remove h k

theorem unique_replay {s : Env} (h : Unique s) (l : Log) : Unique (replay s l) := by
  induction l generalizing s with
  | nil => exact h
  | cons c l ih => exact ih (unique_apply h c)

end Store
