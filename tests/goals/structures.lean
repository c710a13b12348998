/-! Structures, classes and their instances. -/

structure Point where
  x : Int
  y : Int

namespace Point

@[ext] structure Box where
  low : Nat
  high : Nat

def add (p q : Point) : Point := ⟨p.x + q.x, p.y + q.y⟩

def flip (p : Point) : Point := ⟨p.y, p.x⟩

theorem add_comm (p q : Point) : p.add q = q.add p := by
  sorry -- expect: closes

theorem add_assoc (p q r : Point) : (p.add q).add r = p.add (q.add r) := by
  sorry -- expect: closes

theorem flip_flip (p : Point) : p.flip.flip = p := by
  sorry -- expect: closes by rfl

theorem flip_add (p q : Point) : (p.add q).flip = p.flip.add q.flip := by
  sorry -- expect: closes by rfl

theorem eq_of_parts (p q : Point) (hx : p.x = q.x) (hy : p.y = q.y) : p = q := by
  sorry -- expect: closes

theorem box_ext (a b : Box) (h₁ : a.low = b.low) (h₂ : a.high = b.high) : a = b := by
  sorry -- expect: closes

end Point

structure Account where
  balance : Nat
  limit : Nat
  ok : balance ≤ limit

def Account.withdraw (a : Account) (n : Nat) : Account where
  balance := a.balance - n
  limit := a.limit
  ok := by
    have h := a.ok
    sorry -- expect: closes by omega

theorem withdraw_le (a : Account) (n : Nat) : (a.withdraw n).balance ≤ a.balance := by
  sorry -- expect: closes

class Monoid' (α : Type) where
  one : α
  mul : α → α → α
  one_mul : ∀ a, mul one a = a
  mul_one : ∀ a, mul a one = a
  mul_assoc : ∀ a b c, mul (mul a b) c = mul a (mul b c)

noncomputable instance : Monoid' (List Nat) where
  one := []
  mul := (· ++ ·)
  one_mul := by sorry -- expect: closes
  mul_one := by
    intro a
    sorry -- expect: closes
  mul_assoc := by
    intro a b c
    sorry -- expect: closes
