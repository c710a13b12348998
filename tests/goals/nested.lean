/-! The same kind of goals at places deep inside a proof. -/

def twice (f : Nat → Nat) (n : Nat) : Nat := f (f n)

theorem in_have (a b : Nat) (h : a < b) : a * 2 < b * 2 + 1 := by
  have h' : a * 2 < b * 2 := by
    sorry -- expect: closes by omega
  exact Nat.lt_succ_of_lt h'

theorem in_calc (a b c : Nat) (h₁ : a = b + 1) (h₂ : b = c) : a = c + 1 := by
  calc
    a = b + 1 := by sorry -- expect: closes by omega
    _ = c + 1 := by
      sorry -- expect: closes by omega

theorem in_bullet (p q : Prop) (hp : p) (hq : q) : p ∧ q := by
  constructor
  · exact hp
  · sorry -- expect: closes

theorem in_case (n : Nat) : n = 0 ∨ 0 < n := by
  cases n with
  | zero => sorry -- expect: closes by simp
  | succ k =>
    right
    sorry -- expect: closes by simp

theorem in_match (o : Option Nat) : o.isSome = true ∨ o = none :=
  match o with
  | some x => by sorry -- expect: closes by simp
  | none => by
    sorry -- expect: closes by simp

theorem in_term (f : Nat → Nat) (h : ∀ n, f n = n + 1) : twice f 3 = 5 :=
  Eq.trans (by
    sorry) -- expect: closes
    (rfl : 5 = 5)

def safeDiv (a b : Nat) (h : b ≠ 0) : { n : Nat // n * b ≤ a } :=
  ⟨a / b, by sorry⟩ -- expect: closes

theorem in_where (a b : Nat) (h : a ≤ b) : a + 0 ≤ b + 1 :=
  Nat.le_trans aux (Nat.le_succ b)
where
  aux : a + 0 ≤ b := by
    sorry -- expect: closes by omega

mutual
def isEven : Nat → Bool
  | 0 => true
  | n + 1 => isOdd n
def isOdd : Nat → Bool
  | 0 => false
  | n + 1 => isEven n
end

theorem isEven_two : isEven 2 = true := by
  sorry -- expect: closes by rfl

mutual
theorem isEven_step (n : Nat) : isEven (n + 2) = isEven n := by
  sorry -- expect: closes
theorem isOdd_step (n : Nat) : isOdd (n + 2) = isOdd n := by
  sorry -- expect: closes
end

theorem in_induction (xs ys : List Nat) : (xs ++ ys).length = xs.length + ys.length := by
  induction xs with
  | nil => sorry -- expect: closes by simp
  | cons x xs ih =>
    sorry -- expect: closes by grind

theorem with_two_goals (p q : Prop) (hp : p) (hq : q) : p ∧ q := by
  constructor
  case left => exact hp
  case right =>
    sorry -- expect: closes

theorem first_of_two (a b : Nat) (h : a = b) : b = a ∧ a ≤ b := by
  refine ⟨?_, ?_⟩
  sorry -- expect: closes the main goal
  sorry -- expect: closes by omega

example (xs : List Nat) (h : xs.length = 0) : xs = [] := by
  match xs, h with
  | [], _ => sorry -- expect: closes by rfl
