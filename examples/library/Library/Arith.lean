module

/-! Numbers: doubling, triangular numbers, powers, factorials and parity. -/

@[expose] public noncomputable section

namespace Arith

def double : Nat → Nat
  | 0 => 0
  | n + 1 => double n + 2

/-- `1 + 2 + … + n` -/
def triangle : Nat → Nat
  | 0 => 0
  | n + 1 => triangle n + (n + 1)

/-- The sum of the first `n` odd numbers. -/
def odds : Nat → Nat
  | 0 => 0
  | n + 1 => odds n + (2 * n + 1)

def fact : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * fact n

def power (b : Nat) : Nat → Nat
  | 0 => 1
  | n + 1 => b * power b n

def even : Nat → Bool
  | 0 => true
  | n + 1 => !even n

theorem double_eq (n : Nat) : double n = 2 * n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [double, ih, Nat.mul_add]

theorem double_add (m n : Nat) : double (m + n) = double m + double n := by
  rw [double_eq, double_eq, double_eq, Nat.mul_add]

theorem double_injective {m n : Nat} (h : double m = double n) : m = n := by
  rw [double_eq, double_eq] at h
  omega

theorem double_mono {m n : Nat} (h : m ≤ n) : double m ≤ double n := by
  simp only [double_eq]
  omega

theorem le_double (n : Nat) : n ≤ double n := by
  rw [double_eq]
  omega

theorem triangle_succ (n : Nat) : triangle (n + 1) = triangle n + (n + 1) := rfl

theorem two_mul_triangle (n : Nat) : 2 * triangle n = n * (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    calc 2 * triangle (n + 1) = 2 * triangle n + 2 * (n + 1) := by rw [triangle, Nat.mul_add]
      _ = n * (n + 1) + 2 * (n + 1) := by rw [ih]
      _ = (n + 2) * (n + 1) := by rw [← Nat.add_mul]
      _ = (n + 1) * (n + 1 + 1) := Nat.mul_comm _ _

theorem le_triangle (n : Nat) : n ≤ triangle n := by
  cases n with
  | zero => exact Nat.le_refl 0
  | succ n => rw [triangle_succ]; omega

theorem triangle_mono {m n : Nat} (h : m ≤ n) : triangle m ≤ triangle n := by
  induction h with
  | refl => exact Nat.le_refl _
  | step _ ih => exact Nat.le_trans ih (Nat.le_add_right _ _)

theorem odds_eq_square (n : Nat) : odds n = n * n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [odds, ih, Nat.add_mul, Nat.mul_add]
    omega

theorem odds_mono {m n : Nat} (h : m ≤ n) : odds m ≤ odds n := by
  rw [odds_eq_square, odds_eq_square]
  exact Nat.mul_le_mul h h

theorem fact_pos (n : Nat) : 0 < fact n := by
  induction n with
  | zero => exact Nat.one_pos
  | succ n ih => exact Nat.mul_pos (Nat.succ_pos n) ih

theorem fact_ne_zero (n : Nat) : fact n ≠ 0 := Nat.ne_of_gt (fact_pos n)

theorem le_fact : (n : Nat) → n ≤ fact n
  | 0 => Nat.zero_le _
  | n + 1 => Nat.le_mul_of_pos_right _ (fact_pos n)

theorem dvd_fact {k n : Nat} (hk : 0 < k) (h : k ≤ n) : k ∣ fact n := by
  induction n with
  | zero => omega
  | succ n ih =>
    rw [fact]
    rcases Nat.lt_or_eq_of_le h with less | rfl
    · exact Nat.dvd_trans (ih (Nat.le_of_lt_succ less)) (Nat.dvd_mul_left _ _)
    · exact Nat.dvd_mul_right _ _

theorem power_zero (b : Nat) : power b 0 = 1 := rfl

theorem power_succ (b n : Nat) : power b (n + 1) = b * power b n := rfl

theorem power_one (b : Nat) : power b 1 = b := by
  rw [power_succ, power_zero, Nat.mul_one]

theorem one_power (n : Nat) : power 1 n = 1 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [power, ih]

theorem power_add (b m n : Nat) : power b (m + n) = power b m * power b n := by
  induction m with
  | zero => simp [power]
  | succ m ih => rw [Nat.succ_add, power_succ, power_succ, ih, Nat.mul_assoc]

theorem power_mul (b m n : Nat) : power b (m * n) = power (power b m) n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Nat.mul_succ, Nat.add_comm, power_add, ih, power_succ]

theorem mul_power (a b n : Nat) : power (a * b) n = power a n * power b n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    simp only [power_succ, ih]
    ac_rfl

theorem power_pos {b : Nat} (h : 0 < b) (n : Nat) : 0 < power b n := by
  induction n with
  | zero => exact Nat.one_pos
  | succ n ih => exact Nat.mul_pos h ih

theorem power_two_succ (n : Nat) : power 2 (n + 1) = double (power 2 n) := by
  rw [power_succ, double_eq]

theorem lt_power_two (n : Nat) : n < power 2 n := by
  induction n with
  | zero => exact Nat.one_pos
  | succ n ih =>
    rw [power_succ]
    omega

theorem even_succ (n : Nat) : even (n + 1) = !even n := rfl

theorem even_double (n : Nat) : even (double n) = true := by
  induction n with
  | zero => rfl
  | succ n ih => simp [double, even, ih]

theorem even_add (m n : Nat) : even (m + n) = (even m == even n) := by
  induction m with
  | zero => simp [even]
  | succ m ih =>
    rw [Nat.succ_add, even_succ, even_succ, ih]
    cases even m <;> cases even n <;> rfl

theorem even_iff_mod (n : Nat) : even n = true ↔ n % 2 = 0 := by
  induction n with
  | zero => simp [even]
  | succ n ih =>
    rw [even_succ]
    cases h : even n <;> simp [h] at ih ⊢ <;> omega

theorem even_mul_succ (n : Nat) : even (n * (n + 1)) = true := by
  rw [← two_mul_triangle, ← double_eq]
  exact even_double _

end Arith
