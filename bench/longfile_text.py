"""Generated Lean files of a wanted length: many small definitions and lemmas, and one theorem at the end to edit."""

# One block is what a person writes about one function; its proofs are short, as most are.
BLOCK = """\
/-- Keeps what is at most `{n}`, and counts how often `{n}` itself is met. -/
def keep{i} : List Nat → List Nat
  | [] => []
  | x :: xs => if x ≤ {n} then x :: keep{i} xs else keep{i} xs

def count{i} : List Nat → Nat
  | [] => 0
  | x :: xs => if x = {n} then count{i} xs + 1 else count{i} xs

theorem keep{i}_nil : keep{i} [] = [] := rfl

theorem count{i}_nil : count{i} [] = 0 := rfl

theorem keep{i}_length (xs : List Nat) : (keep{i} xs).length ≤ xs.length := by
  induction xs with
  | nil => simp [keep{i}]
  | cons x xs ih =>
    simp only [keep{i}]
    split <;> simp <;> omega

theorem shift{i} (a b : Nat) (h : a + {n} ≤ b) : a ≤ b - {n} := by
  omega

theorem swap{i} (p q r : Prop) (h : p ∧ q ∧ r) : r ∧ q ∧ p :=
  ⟨h.2.2, h.2.1, h.1⟩

"""
LAST = """\
theorem last (xs ys : List Nat) (h : xs.length = {number}) : (xs ++ ys).length = ys.length + {number} := by
  sorry
"""


def long_text(lines: int, number: int) -> str:
    """A file of about `lines` lines whose last theorem speaks of `number`; other numbers make other goals."""
    last = LAST.format(number=number)
    head = "namespace Long\n\n"
    blocks = (lines - last.count("\n") - head.count("\n")) // BLOCK.count("\n")
    return head + "".join(BLOCK.format(i=i, n=i % 17 + 1) for i in range(blocks)) + last
