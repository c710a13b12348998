"""The portfolio: which forms of tactics are worth a try on which goals, as data, best first."""

from dataclasses import dataclass
from enum import Enum

from ghostproof.suggest.source import Tier


class Over(Enum):
    """What a form is made for: once for the goal, or once for each thing of a kind."""

    GOAL = "goal"
    PROP = "accessible propositions: {h}"
    EQ = "equations among them: {h}"
    OR = "disjunctions among them: {h}"
    PACKED = "conjunctions and existentials among them: {h}, {pattern}"
    PREDICATE = "propositions of the user's inductive predicates: {h}"
    RECURSIVE = "values of recursive types: {x}"
    GENERAL = "the same, where there is something to generalise: {x}, {rest}"
    DATA = "values of inductive types: {x}"
    PAIR = "two values of inductive types: {x}, {y}"
    CALL = "applications of recursive functions, the bare name first: {call}"
    FUNCTION = "functions of the user's: {f}"


@dataclass(frozen=True)
class Form:
    """A tactic with slots.

    Slots that every goal may fill: `{fs}` the user's functions in it, `{names}` names for its binders, `{hs}` its
    propositions, `{args}` names for a function's arguments. A form with a slot that the goal does not fill is not tried.

    Attributes:
        heads: heads of the target (as `MainGoal.head`) that it is for; empty for all.
        marks: texts of which one must be in the target; empty for none.
        no: heads of the target that it is not for.
    """

    text: str
    tier: Tier
    over: Over = Over.GOAL
    heads: frozenset[str] = frozenset()
    marks: tuple[str, ...] = ()
    no: frozenset[str] = frozenset()

    @property
    def source(self) -> str:
        """The tactic's name, as a person knows the form by."""
        return self.text.split()[0].rstrip(",;")


_EQ = frozenset({"Eq"})
_PI = frozenset({"∀"})
_ORDER = frozenset({"Eq", "Ne", "LE.le", "LT.lt", "GE.ge", "GT.gt", "Iff", "Not", "False", "And", "Or", "Dvd.dvd"})
_COMPOUND = frozenset({"And", "Iff", "Exists", "Subtype", "Prod", "Nonempty"})

I, Q, S = Tier.INSTANT, Tier.QUICK, Tier.SLOW

FORMS: tuple[Form, ...] = (
    # -- Openers come first where they are the only reasonable step, since what follows is built on them.
    Form("intro {names}", I, heads=frozenset({"∀", "Not", "Ne"})),
    Form("rfl", I, heads=frozenset({"Eq", "Iff", "LE.le", "HEq"})),
    Form("exact {h}", I, Over.PROP),
    Form("simp", I),
    Form("omega", I, heads=_ORDER | _PI),
    Form("simp [{fs}]", I),
    Form("simp [{h}]", I, Over.PROP),
    Form("decide", I),
    Form("grind", I),
    Form("trivial", I),
    Form("contradiction", I),
    Form("exact ⟨_, {h}⟩", I, Over.PROP, heads=frozenset({"Exists", "Subtype"})),
    Form("constructor", I, heads=_COMPOUND),
    Form("split", I, marks=("if ", "match ")),
    Form("grind [{fs}]", Q),
    Form("simp_all", Q),
    Form("simp_all [{fs}]", Q),
    Form("exact {h}.symm", Q, Over.EQ, heads=_EQ),
    Form("subst {h}", Q, Over.EQ),
    Form("obtain {pattern} := {h}", Q, Over.PACKED),
    Form("cases {h}", Q, Over.OR),
    Form("apply {h}", Q, Over.PROP),
    Form("rw [{h}]", Q, Over.EQ),
    Form("ext {arg}", Q, heads=_EQ),
    Form("funext {arg}", Q, heads=_EQ),
    Form("left", Q, heads=frozenset({"Or"})),
    Form("right", Q, heads=frozenset({"Or"})),
    Form("exists {witness}", Q, heads=frozenset({"Exists"})),
    Form("induction {x}", Q, Over.RECURSIVE),
    Form("cases {x}", Q, Over.DATA),
    Form("cases {h}", Q, Over.PREDICATE),
    Form("induction {h}", Q, Over.PREDICATE),
    Form("fun_induction {call}", Q, Over.CALL),
    Form("fun_cases {call}", Q, Over.CALL),
    Form("induction {x} <;> simp_all", Q, Over.RECURSIVE),
    Form("induction {x} <;> simp_all [{fs}]", Q, Over.RECURSIVE),
    Form("induction {x} <;> grind", Q, Over.RECURSIVE),
    Form("induction {x} <;> grind [{fs}]", Q, Over.RECURSIVE),
    Form("induction {x} <;> simp_all [{fs}] <;> omega", Q, Over.RECURSIVE),
    Form("induction {x} <;> simp [{fs}] <;> grind", Q, Over.RECURSIVE),
    Form("induction {x} <;> simp_all [{fs}] <;> grind", Q, Over.RECURSIVE),
    Form("induction {x} generalizing {rest}", Q, Over.GENERAL),
    Form("induction {x} generalizing {rest} <;> simp_all [{fs}]", Q, Over.GENERAL),
    Form("induction {x} generalizing {rest} <;> grind [{fs}]", Q, Over.GENERAL),
    Form("fun_induction {call} <;> simp_all", Q, Over.CALL),
    Form("fun_induction {call} <;> simp_all [{fs}]", Q, Over.CALL),
    Form("fun_induction {call} <;> grind", Q, Over.CALL),
    Form("fun_induction {call} <;> grind [{fs}]", Q, Over.CALL),
    Form("fun_induction {call} <;> simp_all <;> omega", Q, Over.CALL),
    Form("fun_induction {call} <;> simp_all [{fs}] <;> omega", Q, Over.CALL),
    Form("fun_cases {call} <;> simp_all", Q, Over.CALL),
    Form("cases {x} <;> rfl", Q, Over.DATA),
    Form("cases {x} <;> simp", Q, Over.DATA),
    Form("cases {x} <;> simp_all", Q, Over.DATA),
    Form("cases {x} <;> simp_all [{fs}]", Q, Over.DATA),
    Form("cases {x} <;> grind", Q, Over.DATA),
    Form("cases {x} <;> grind [{fs}]", Q, Over.DATA),
    Form("cases {x} <;> decide", Q, Over.DATA),
    Form("cases {x} <;> cases {y} <;> rfl", Q, Over.PAIR),
    Form("cases {x} <;> cases {y} <;> simp_all", Q, Over.PAIR),
    Form("cases {x} <;> cases {y} <;> simp_all [{fs}]", Q, Over.PAIR),
    Form("cases {h} <;> simp_all", Q, Over.OR),
    Form("cases {h} <;> simp_all", Q, Over.PREDICATE),
    Form("induction {h} <;> simp_all", Q, Over.PREDICATE),
    Form("induction {h} <;> simp_all [{fs}]", Q, Over.PREDICATE),
    Form("induction {h} <;> omega", Q, Over.PREDICATE),
    Form("induction {h} <;> grind", Q, Over.PREDICATE),
    Form("simp at {h}", Q, Over.PROP),
    Form("simp [{fs}] at {h}", Q, Over.PROP),
    Form("simp at {h} ⊢", Q, Over.PROP),
    Form("split <;> simp_all", Q, marks=("if ", "match ")),
    Form("split <;> omega", Q, marks=("if ", "match ")),
    Form("split <;> grind", Q, marks=("if ", "match ")),
    Form("unfold {f}", Q, Over.FUNCTION),
    Form("unfold {f} <;> omega", Q, Over.FUNCTION),
    Form("unfold {f} <;> split <;> simp_all", Q, Over.FUNCTION),
    Form("simp only [{f}]", Q, Over.FUNCTION),
    Form("simp [{fs}] <;> omega", Q),
    Form("simp <;> omega", Q),
    Form("simp [{fs}] <;> grind", Q),
    Form("ext <;> simp_all", Q, heads=_EQ),
    Form("ext <;> grind", Q, heads=_EQ),
    Form("ext <;> omega", Q, heads=_EQ),
    Form("ext <;> simp [{fs}]", Q, heads=_EQ),
    Form("ext <;> simp [{fs}] <;> omega", Q, heads=_EQ),
    Form("repeat constructor", Q),
    Form("constructor <;> simp_all", Q, heads=_COMPOUND),
    Form("constructor <;> omega", Q, heads=_COMPOUND),
    Form("ac_rfl", Q, heads=_EQ),
    Form("congr", Q, heads=_EQ),
    Form("aesop", Q),
    Form("norm_num", Q),
    Form("linarith", Q),
    Form("ring", Q),
    Form("positivity", Q),
    Form("nlinarith", S),
    Form("field_simp", Q),
    Form("gcongr", Q),
    Form("tauto", Q),
    Form("exact?", S),
)

# What is tried behind a step that loses nothing (`intro …`, `obtain …`), to close what it leaves.
FOLLOW_UPS: tuple[Form, ...] = tuple(
    Form(text, tier, over)
    for text, tier, over in (
        ("exact {h}", Q, Over.PROP),
        ("simp_all", Q, Over.GOAL),
        ("omega", Q, Over.GOAL),
        ("simp [{fs}]", Q, Over.GOAL),
        ("simp_all [{fs}]", Q, Over.GOAL),
        ("grind", Q, Over.GOAL),
        ("grind [{fs}]", Q, Over.GOAL),
        ("exact ⟨_, {h}⟩", Q, Over.PROP),
        ("cases {h} <;> simp_all", S, Over.PREDICATE),
        ("cases {x} <;> simp_all", S, Over.DATA),
        ("induction {x} <;> simp_all [{fs}]", S, Over.RECURSIVE),
        ("induction {x} <;> grind [{fs}]", S, Over.RECURSIVE),
    )
)
