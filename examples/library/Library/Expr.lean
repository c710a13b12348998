module

public import Library.Env

/-! Arithmetic expressions, a simplifier, and a compiler to a stack machine. -/

@[expose] public noncomputable section

inductive Expr where
  | lit (n : Nat) : Expr
  | var (x : Nat) : Expr
  | add (a b : Expr) : Expr
  | mul (a b : Expr) : Expr

inductive Instr where
  | push (n : Nat) : Instr
  | load (x : Nat) : Instr
  | add : Instr
  | mul : Instr

namespace Expr

def eval (env : Nat → Nat) : Expr → Nat
  | lit n => n
  | var x => env x
  | add a b => eval env a + eval env b
  | mul a b => eval env a * eval env b

def size : Expr → Nat
  | lit _ => 1
  | var _ => 1
  | add a b => size a + size b + 1
  | mul a b => size a + size b + 1

def swap : Expr → Expr
  | lit n => lit n
  | var x => var x
  | add a b => add (swap b) (swap a)
  | mul a b => mul (swap b) (swap a)

def step (env : Nat → Nat) : Instr → Chain Nat → Chain Nat
  | .push n, s => Chain.cons n s
  | .load x, s => Chain.cons (env x) s
  | .add, Chain.cons b (Chain.cons a s) => Chain.cons (a + b) s
  | .mul, Chain.cons b (Chain.cons a s) => Chain.cons (a * b) s
  | _, s => s

def run (env : Nat → Nat) : Chain Instr → Chain Nat → Chain Nat
  | Chain.nil, s => s
  | Chain.cons i p, s => run env p (step env i s)

def compile : Expr → Chain Instr
  | lit n => Chain.cons (.push n) Chain.nil
  | var x => Chain.cons (.load x) Chain.nil
  | add a b => Chain.append (compile a) (Chain.append (compile b) (Chain.cons .add Chain.nil))
  | mul a b => Chain.append (compile a) (Chain.append (compile b) (Chain.cons .mul Chain.nil))

/-- Replaces a variable. -/
def subst (x : Nat) (d : Expr) : Expr → Expr
  | lit n => lit n
  | var y => if y = x then d else var y
  | add a b => add (subst x d a) (subst x d b)
  | mul a b => mul (subst x d a) (subst x d b)

def Occurs (x : Nat) : Expr → Prop
  | lit _ => False
  | var y => y = x
  | add a b => Occurs x a ∨ Occurs x b
  | mul a b => Occurs x a ∨ Occurs x b

/-- An addition, computed where both sides are known. -/
def plus : Expr → Expr → Expr
  | lit m, lit n => lit (m + n)
  | a, b => add a b

def times : Expr → Expr → Expr
  | lit m, lit n => lit (m * n)
  | a, b => mul a b

def fold : Expr → Expr
  | lit n => lit n
  | var x => var x
  | add a b => plus (fold a) (fold b)
  | mul a b => times (fold a) (fold b)

theorem size_pos (e : Expr) : 0 < size e := by
  cases e <;> simp [size]

theorem swap_swap (e : Expr) : swap (swap e) = e := by
  induction e with
  | lit n => rfl
  | var x => rfl
  | add a b iha ihb => rw [swap, swap, iha, ihb]
  | mul a b iha ihb => rw [swap, swap, iha, ihb]

theorem eval_swap (env : Nat → Nat) (e : Expr) : eval env (swap e) = eval env e := by
  induction e with
  | lit n => rfl
  | var x => rfl
  | add a b iha ihb => rw [swap, eval, iha, ihb, eval, Nat.add_comm]
  | mul a b iha ihb => rw [swap, eval, iha, ihb, eval, Nat.mul_comm]

theorem run_append (env : Nat → Nat) (p q : Chain Instr) (s : Chain Nat) :
    run env (Chain.append p q) s = run env q (run env p s) := by
  induction p generalizing s with
  | nil => rfl
  | cons i p ih => exact ih (step env i s)

theorem run_compile (env : Nat → Nat) (e : Expr) (s : Chain Nat) :
    run env (compile e) s = Chain.cons (eval env e) s := by
  induction e generalizing s with
  | lit n => rfl
  | var x => rfl
  | add a b iha ihb =>
    rw [compile, run_append, run_append, iha, ihb]
    rfl
  | mul a b iha ihb =>
    rw [compile, run_append, run_append, iha, ihb]
    rfl

theorem length_compile (e : Expr) : (compile e).length = size e := by
  induction e with
  | lit n => rfl
  | var x => rfl
  | add a b iha ihb =>
    simp only [compile, size, Chain.length_append, Chain.length_cons, Chain.length_nil, iha, ihb]
    omega
  | mul a b iha ihb =>
    simp only [compile, size, Chain.length_append, Chain.length_cons, Chain.length_nil, iha, ihb]
    omega

theorem size_swap (e : Expr) : size (swap e) = size e := by
  induction e with
  | lit n => rfl
  | var x => rfl
  | add a b iha ihb | mul a b iha ihb =>
    rw [swap, size, iha, ihb, size]
    omega

theorem eval_plus (env : Nat → Nat) (a b : Expr) : eval env (plus a b) = eval env a + eval env b := by
  cases a <;> cases b <;> rfl

theorem eval_times (env : Nat → Nat) (a b : Expr) : eval env (times a b) = eval env a * eval env b := by
  cases a <;> cases b <;> rfl

theorem eval_fold (env : Nat → Nat) (e : Expr) : eval env (fold e) = eval env e := by
  induction e with
  | lit n => rfl
  | var x => rfl
  | add a b iha ihb => rw [fold, eval_plus, iha, ihb, eval]
  | mul a b iha ihb => rw [fold, eval_times, iha, ihb, eval]

theorem size_plus_le (a b : Expr) : size (plus a b) ≤ size a + size b + 1 := by
  cases a <;> cases b <;> simp [plus, size]

theorem size_times_le (a b : Expr) : size (times a b) ≤ size a + size b + 1 := by
  cases a <;> cases b <;> simp [times, size]

theorem size_fold_le (e : Expr) : size (fold e) ≤ size e := by
  induction e with
  | lit n => exact Nat.le_refl 1
  | var x => exact Nat.le_refl 1
  | add a b iha ihb =>
    have := size_plus_le (fold a) (fold b)
    rw [fold, size]
    omega
  | mul a b iha ihb =>
    have := size_times_le (fold a) (fold b)
    rw [fold, size]
    omega

theorem subst_self (x : Nat) (e : Expr) : subst x (var x) e = e := by
  induction e with
  | lit n => rfl
  | var y =>
    rw [subst]
    split
    · rename_i h
      rw [h]
    · rfl
  | add a b iha ihb | mul a b iha ihb => rw [subst, iha, ihb]

theorem subst_of_not_occurs {x : Nat} {e : Expr} (h : ¬ Occurs x e) (d : Expr) : subst x d e = e := by
  induction e with
  | lit n => rfl
  | var y => exact if_neg h
  | add a b iha ihb | mul a b iha ihb =>
    simp only [Occurs, not_or] at h
    rw [subst, iha h.1, ihb h.2]

theorem eval_subst (env : Nat → Nat) (x : Nat) (d e : Expr) :
    eval env (subst x d e) = eval (fun y => if y = x then eval env d else env y) e := by
  induction e with
  | lit n => rfl
  | var y =>
    simp only [subst, eval]
    split <;> rfl
  | add a b iha ihb => rw [subst, eval, iha, ihb, eval]
  | mul a b iha ihb => rw [subst, eval, iha, ihb, eval]

theorem eval_congr {f g : Nat → Nat} {e : Expr} (h : ∀ x, Occurs x e → f x = g x) : eval f e = eval g e := by
  induction e with
  | lit n => rfl
  | var x => exact h x rfl
  | add a b iha ihb =>
    rw [eval, iha fun x o => h x (Or.inl o), ihb fun x o => h x (Or.inr o), eval]
  | mul a b iha ihb =>
    rw [eval, iha fun x o => h x (Or.inl o), ihb fun x o => h x (Or.inr o), eval]

/-- The value in an environment of `Library.Env`. -/
def evalIn (e : Expr) (env : Env) : Nat := eval (fun x => env.lookup x) e

theorem evalIn_add (a b : Expr) (env : Env) : evalIn (add a b) env = evalIn a env + evalIn b env := rfl

theorem evalIn_fold (e : Expr) (env : Env) : evalIn (fold e) env = evalIn e env := eval_fold _ e

theorem evalIn_swap (e : Expr) (env : Env) : evalIn (swap e) env = evalIn e env := by
  unfold evalIn
  rw [eval_swap]

theorem evalIn_update_of_not_occurs {x : Nat} {e : Expr} (h : ¬ Occurs x e) (v : Nat) (env : Env) :
    evalIn e (env.update x v) = evalIn e env := by
  apply eval_congr
  intro y occurs
  apply Env.lookup_update_other
  rintro rfl
  exact h occurs

theorem evalIn_remove_of_not_occurs {x : Nat} {e : Expr} (h : ¬ Occurs x e) (env : Env) :
    evalIn e (env.remove x) = evalIn e env := by
  apply eval_congr
  intro y occurs
  apply Env.lookup_remove_other
  rintro rfl
  exact h occurs

theorem run_compile_nil (env : Nat → Nat) (e : Expr) :
    run env (compile e) Chain.nil = Chain.cons (eval env e) Chain.nil :=
  run_compile env e Chain.nil

theorem run_compile_fold (env : Nat → Nat) (e : Expr) (s : Chain Nat) :
    run env (compile (fold e)) s = run env (compile e) s := by
  rw [run_compile, run_compile, eval_fold]

theorem length_compile_fold_le (e : Expr) : (compile (fold e)).length ≤ (compile e).length := by
  rw [length_compile, length_compile]
  exact size_fold_le e

end Expr
