/-! Arithmetic on natural numbers and integers, with and without hypotheses. -/

theorem add_swap (a b c : Nat) : a + (b + c) = b + (a + c) := by
  sorry -- expect: closes by omega

theorem le_of_double (a b : Nat) (h : 2 * a ≤ 2 * b) : a ≤ b := by
  sorry -- expect: closes by omega

theorem between (x y : Int) (h₁ : x < y) (h₂ : y < x + 2) : y = x + 1 := by
  sorry -- expect: closes by omega

theorem square_sum (a b : Nat) : (a + b) * (a + b) = a * a + 2 * a * b + b * b := by
  sorry -- expect: closes by grind

theorem small_prime : 97 % 2 ≠ 0 ∧ 97 % 3 ≠ 0 ∧ 97 % 5 ≠ 0 ∧ 97 % 7 ≠ 0 := by
  sorry -- expect: closes

def sumTo : Nat → Nat
  | 0 => 0
  | n + 1 => (n + 1) + sumTo n

theorem sumTo_closed (n : Nat) : 2 * sumTo n = n * (n + 1) := by
  sorry -- expect: closes

theorem sumTo_mono (n : Nat) : sumTo n ≤ sumTo (n + 1) := by
  sorry -- expect: closes

def double : Nat → Nat
  | 0 => 0
  | n + 1 => double n + 2

theorem double_eq (n : Nat) : double n = n + n := by
  sorry -- expect: closes

theorem double_add (m n : Nat) : double (m + n) = double m + double n := by
  sorry -- expect: closes

def even : Nat → Bool
  | 0 => true
  | 1 => false
  | n + 2 => even n

theorem even_double (n : Nat) : even (n + n) = true := by
  sorry -- expect: progress induction n with ⏎ | zero => _ ⏎ | succ n ih => _ → 2 goals

theorem even_spec (n : Nat) : even n = true ↔ n % 2 = 0 := by
  sorry -- expect: closes

def power (b : Nat) : Nat → Nat
  | 0 => 1
  | n + 1 => b * power b n

theorem power_one (n : Nat) : power 1 n = 1 := by
  sorry -- expect: closes

theorem power_pos (b n : Nat) (hb : 0 < b) : 0 < power b n := by
  sorry -- expect: closes

theorem mod_range (n : Nat) : n % 4 < 4 ∧ n / 4 * 4 ≤ n := by
  sorry -- expect: closes by omega

theorem pred_lt_of_pos (n : Nat) (h : n ≠ 0) : n - 1 < n := by
  sorry -- expect: closes by omega

theorem forall_pos : ∀ n : Nat, 0 < n → ∃ m, n = m + 1 := by
  sorry -- expect: progress intro n h → 1 goal

theorem max_of_le (a b : Nat) (h : a ≤ b) : (if a ≤ b then b else a) = b := by
  sorry -- expect: closes

def clamp (lo hi x : Nat) : Nat :=
  if x < lo then lo else if hi < x then hi else x

theorem clamp_le (lo hi x : Nat) (h : lo ≤ hi) : clamp lo hi x ≤ hi := by
  sorry -- expect: closes

theorem clamp_idem (lo hi x : Nat) (h : lo ≤ hi) : clamp lo hi (clamp lo hi x) = clamp lo hi x := by
  sorry -- expect: closes
