/-! Small interpreters and compilers. -/

-- The standard library's functions have no code everywhere, and nothing is run here.
noncomputable section

namespace Arithmetic

inductive Expr where
  | num (n : Nat)
  | plus (a b : Expr)
  | times (a b : Expr)
  deriving DecidableEq

inductive Instr where
  | push (n : Nat)
  | add
  | mul
  deriving DecidableEq

def eval : Expr → Nat
  | .num n => n
  | .plus a b => eval a + eval b
  | .times a b => eval a * eval b

def step : Instr → List Nat → List Nat
  | .push n, st => n :: st
  | .add, x :: y :: st => (y + x) :: st
  | .mul, x :: y :: st => (y * x) :: st
  | _, st => st

def run : List Instr → List Nat → List Nat
  | [], st => st
  | i :: is, st => run is (step i st)

def compile : Expr → List Instr
  | .num n => [.push n]
  | .plus a b => compile a ++ (compile b ++ [.add])
  | .times a b => compile a ++ (compile b ++ [.mul])

def compileTo : Expr → List Instr → List Instr
  | .num n, k => .push n :: k
  | .plus a b, k => compileTo a (compileTo b (.add :: k))
  | .times a b, k => compileTo a (compileTo b (.mul :: k))

def simplePlus : Expr → Expr → Expr
  | .num 0, b => b
  | a, b => .plus a b

def simplify : Expr → Expr
  | .num n => .num n
  | .plus a b => simplePlus (simplify a) (simplify b)
  | .times a b => .times (simplify a) (simplify b)

def size : Expr → Nat
  | .num _ => 1
  | .plus a b => size a + size b + 1
  | .times a b => size a + size b + 1

def swap : Expr → Expr
  | .num n => .num n
  | .plus a b => .plus (swap b) (swap a)
  | .times a b => .times (swap b) (swap a)

def consts : Expr → List Nat
  | .num n => [n]
  | .plus a b => consts a ++ consts b
  | .times a b => consts a ++ consts b

-- [easy]
theorem run_append (is js : List Instr) (st : List Nat) : run (is ++ js) st = run js (run is st) := by
  sorry

-- [medium lemma]
theorem run_compile_from (e : Expr) (st : List Nat) : run (compile e) st = eval e :: st := by
  sorry

-- [hard lemma]
theorem run_compile_alone (e : Expr) : run (compile e) [] = [eval e] := by
  sorry

-- [medium]
theorem compileTo_eq (e : Expr) (k : List Instr) : compileTo e k = compile e ++ k := by
  sorry

-- [hard lemma]
theorem run_compileTo (e : Expr) : run (compileTo e []) [] = [eval e] := by
  sorry

-- [easy]
theorem eval_swap (e : Expr) : eval (swap e) = eval e := by
  sorry

-- [easy]
theorem swap_swap (e : Expr) : swap (swap e) = e := by
  sorry

-- [easy]
theorem size_swap (e : Expr) : size (swap e) = size e := by
  sorry

-- [medium]
theorem eval_simplePlus (a b : Expr) : eval (simplePlus a b) = eval a + eval b := by
  sorry

-- [medium lemma]
theorem eval_simplify (e : Expr) : eval (simplify e) = eval e := by
  sorry

-- [medium]
theorem length_consts (e : Expr) : size e + 1 = 2 * (consts e).length := by
  sorry

-- [easy]
theorem consts_swap (e : Expr) : consts (swap e) = (consts e).reverse := by
  sorry

-- [easy]
theorem size_pos (e : Expr) : 0 < size e := by
  sorry

-- [medium lemma]
theorem size_simplify (e : Expr) : size (simplify e) ≤ size e := by
  sorry

-- [medium]
theorem length_compile (e : Expr) : (compile e).length = size e := by
  sorry

-- [false]
theorem swap_same (e : Expr) : swap e = e := by
  sorry

-- [false]
theorem run_commutes (is js : List Instr) (st : List Nat) : run (is ++ js) st = run (js ++ is) (0 :: st) := by
  sorry

-- [false]
theorem eval_times (a b : Expr) : eval (.times a b) < eval (.plus a b) := by
  sorry

-- [false]
theorem simplify_smaller (e : Expr) : size (simplify e) < size e := by
  sorry

end Arithmetic

namespace Booleans

inductive Form where
  | tt
  | ff
  | var (n : Nat)
  | neg (a : Form)
  | both (a b : Form)
  deriving DecidableEq

def truth (env : Nat → Bool) : Form → Bool
  | .tt => true
  | .ff => false
  | .var n => env n
  | .neg a => !truth env a
  | .both a b => truth env a && truth env b

def subst (x : Nat) (e : Form) : Form → Form
  | .tt => .tt
  | .ff => .ff
  | .var n => if n = x then e else .var n
  | .neg a => .neg (subst x e a)
  | .both a b => .both (subst x e a) (subst x e b)

def update (env : Nat → Bool) (x : Nat) (v : Bool) : Nat → Bool := fun n => if n = x then v else env n

def fresh (x : Nat) : Form → Bool
  | .tt => true
  | .ff => true
  | .var n => n != x
  | .neg a => fresh x a
  | .both a b => fresh x a && fresh x b

def rename (f : Nat → Nat) : Form → Form
  | .tt => .tt
  | .ff => .ff
  | .var n => .var (f n)
  | .neg a => .neg (rename f a)
  | .both a b => .both (rename f a) (rename f b)

mutual
def pos : Form → Form
  | .tt => .tt
  | .ff => .ff
  | .var n => .var n
  | .neg a => opp a
  | .both a b => .both (pos a) (pos b)
def opp : Form → Form
  | .tt => .ff
  | .ff => .tt
  | .var n => .neg (.var n)
  | .neg a => pos a
  | .both a b => .neg (.both (pos a) (pos b))
end

-- [easy]
theorem truth_subst (env : Nat → Bool) (x : Nat) (e a : Form) :
    truth env (subst x e a) = truth (update env x (truth env e)) a := by
  sorry

-- [easy]
theorem subst_fresh (x : Nat) (e a : Form) (h : fresh x a = true) : subst x e a = a := by
  sorry

-- [easy]
theorem truth_rename (env : Nat → Bool) (f : Nat → Nat) (a : Form) :
    truth env (rename f a) = truth (fun n => env (f n)) a := by
  sorry

-- [easy]
theorem rename_rename (f g : Nat → Nat) (a : Form) : rename g (rename f a) = rename (fun n => g (f n)) a := by
  sorry

-- [medium]
theorem fresh_subst (x : Nat) (e a : Form) (h : fresh x e = true) : fresh x (subst x e a) = true := by
  sorry

-- [medium]
theorem subst_subst (x : Nat) (d e a : Form) : subst x d (subst x e a) = subst x (subst x d e) a := by
  sorry

-- [hard lemma]
theorem truth_pos (env : Nat → Bool) (a : Form) : truth env (pos a) = truth env a := by
  sorry

-- [hard lemma]
theorem truth_opp (env : Nat → Bool) (a : Form) : truth env (opp a) = !truth env a := by
  sorry

-- [false]
theorem subst_same (x : Nat) (e a : Form) : subst x e a = a := by
  sorry

-- [false]
theorem pos_same (a : Form) : pos a = a := by
  sorry

-- [false]
theorem fresh_always (x : Nat) (a : Form) : fresh x a = true := by
  sorry

end Booleans
