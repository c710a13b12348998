"""Any language model: examples of goals and tactics, the file above the declaration, a few more examples, the goal.

The examples need nothing but Lean's own library, and show one closing tactic or one step each.
"""

from collections.abc import Sequence

from ghostproof.prover.prompts.block import first_tactic, tactics, unproved
from ghostproof.prover.prompts.dialogue import commented, commented_lessons
from ghostproof.prover.prompts.family import Lessons, Mistake, View
from ghostproof.prover.protocol import Prompt, Stop, StopRule

EXAMPLES = """\
Lean 4 proofs. Every goal is followed by the next tactic.

Goal:
f : Nat → Nat
h : ∀ n, f n = 0
⊢ f 1 + f 2 = 0
Tactic: rw [h, h]

Goal:
p q : Prop
h : p ∧ q
⊢ q ∧ p
Tactic: exact ⟨h.2, h.1⟩

Goal:
n : Nat
⊢ n + 0 = n
Tactic: rfl

Goal:
p q : Prop
⊢ p → q → p
Tactic: intro h

Goal:
x y : Nat
h : 2 * x = y
⊢ y % 2 = 0
Tactic: omega

Goal:
xs : List Nat
⊢ (xs ++ []).length = xs.length
Tactic: simp

Goal:
p q : Prop
hp : p
hq : q
⊢ p ∧ q ∧ p
Tactic: constructor

Goal:
a b : Nat
h : a + b = 3
⊢ b + a < 4
Tactic: omega

Goal:
p q : Prop
hp : p
⊢ p ∨ q
Tactic: simp_all

"""
# A small model has forgotten the examples behind a file, and goes on with the file.
REMINDER = """\
Goal:
xs : List Nat
⊢ (xs ++ []).length = xs.length
Tactic: simp

Goal:
p q : Prop
hp : p
hq : q
⊢ p ∧ q ∧ p
Tactic: constructor

Goal:
a b : Nat
h : a + b = 3
⊢ b + a < 4
Tactic: omega

"""
PROOFS = """\
theorem between (a b c : Nat) (h : a < b) (h' : b < c) : a + 2 ≤ c := by
  omega

theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by
  constructor
  · exact h.2
  · exact h.1

theorem length_swap (xs ys : List α) : (xs ++ ys).length = ys.length + xs.length := by
  rw [List.length_append]
  exact Nat.add_comm _ _

"""
SKETCHES = """\
/- A sketch: every step is a `have` whose proof is `sorry`.
-/
theorem between (a b c : Nat) (h : a < b) (h' : b < c) : a + 2 ≤ c := by
  have step1 : a + 1 ≤ b := by sorry
  have step2 : b + 1 ≤ c := by sorry
  omega

"""
# What comes after a proof in Lean files.
_NEXT = ("\n\n", "\ntheorem", "\nlemma", "\nexample", "\ndef", "\nend", "\n/-", "\n@[", "\n#", "```")


class Plain:
    """See `Family`. Any model that goes on with text: shown by examples."""

    name = "plain"

    def matches(self, model: str) -> bool:
        return True

    def next_tactic(self, view: View) -> Prompt:
        # Without the current declaration, whose goals say it all: the reminder behind it would be read with every line.
        above = view.context
        known = EXAMPLES + (f"File:\n{above.rstrip()}\n\n{REMINDER}" if above.strip() else "")
        if not view.goals:
            return Prompt(known)
        goals = "\n\n".join(view.goals)
        typed = f" {view.typed}" if view.typed else ""
        return Prompt(f"{known}Goal:\n{goals}\nTactic:{typed}", Stop((), StopRule.TACTIC, 0, view.typed))

    def whole_proof(self, view: View, *, cot: bool) -> Prompt:
        return Prompt(PROOFS + view.context + unproved(view) + "\n", Stop(_NEXT))

    def repair(self, view: View, mistakes: Sequence[Mistake]) -> Prompt:
        return Prompt(PROOFS + view.context + commented(mistakes) + unproved(view) + "\n", Stop(_NEXT))

    def sketch(self, view: View, lessons: Lessons) -> Prompt:
        return Prompt(SKETCHES + view.context + commented_lessons(lessons) + unproved(view) + "\n", Stop(_NEXT))

    def extract_tactic(self, text: str, prompt: Prompt) -> str | None:
        return first_tactic(text, prompt)

    def extract_proof(self, text: str) -> str | None:
        return tactics(text)
