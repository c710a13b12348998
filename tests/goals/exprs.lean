/-! A small compiler: expressions, their value, and a pass that must keep it. -/

inductive Expr where
  | num (n : Nat)
  | var (name : String)
  | plus (a b : Expr)
  | times (a b : Expr)

namespace Expr

abbrev Env := String → Nat

def eval (env : Env) : Expr → Nat
  | num n => n
  | var x => env x
  | plus a b => a.eval env + b.eval env
  | times a b => a.eval env * b.eval env

def swap : Expr → Expr
  | num n => num n
  | var x => var x
  | plus a b => plus b.swap a.swap
  | times a b => times b.swap a.swap

theorem eval_swap (env : Env) (e : Expr) : e.swap.eval env = e.eval env := by
  sorry -- expect: closes

theorem swap_swap (e : Expr) : e.swap.swap = e := by
  sorry -- expect: closes

def addZero : Expr → Expr
  | plus a (num 0) => addZero a
  | plus a b => plus (addZero a) (addZero b)
  | times a b => times (addZero a) (addZero b)
  | e => e

theorem eval_addZero (env : Env) (e : Expr) : (addZero e).eval env = e.eval env := by
  sorry -- expect: closes

def size : Expr → Nat
  | num _ => 1
  | var _ => 1
  | plus a b => a.size + b.size + 1
  | times a b => a.size + b.size + 1

theorem size_pos (e : Expr) : 0 < e.size := by
  sorry -- expect: closes

theorem size_swap (e : Expr) : e.swap.size = e.size := by
  sorry -- expect: closes

def subst (x : String) (s : Expr) : Expr → Expr
  | num n => num n
  | var y => if y = x then s else var y
  | plus a b => plus (subst x s a) (subst x s b)
  | times a b => times (subst x s a) (subst x s b)

theorem eval_subst (env : Env) (x : String) (s e : Expr) (h : s.eval env = env x) :
    (subst x s e).eval env = e.eval env := by
  sorry -- expect: closes

end Expr

inductive Instr where
  | push (n : Nat)
  | add

def run : List Instr → List Nat → List Nat
  | [], stack => stack
  | .push n :: rest, stack => run rest (n :: stack)
  | .add :: rest, a :: b :: stack => run rest ((a + b) :: stack)
  | .add :: rest, stack => run rest stack

theorem run_append (p q : List Instr) (s : List Nat) : run (p ++ q) s = run q (run p s) := by
  sorry -- expect: closes

theorem run_push (n : Nat) (s : List Nat) : run [.push n] s = n :: s := by
  sorry -- expect: closes
