"""The portfolio: which forms of tactics are worth a try on which goals, as data, best first."""

from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from string import Formatter

from ghostproof.suggest.source import Tier


class Over(Enum):
    """What a form is made for: once for the goal, or once for each thing of a kind."""

    GOAL = "goal"
    PROP = "accessible propositions: {h}"
    EQ = "equations among them: {h}"
    LAW = "the same, for all values of something and under conditions too: {h}"
    OR = "disjunctions among them: {h}"
    PACKED = "conjunctions and existentials among them: {h}, {pattern}"
    PREDICATE = "propositions of the user's inductive predicates: {h}, {pred}"
    RECURSIVE = "values of recursive types: {x}"
    GENERAL = "the same, where there is something to generalise: {x}, {rest}"
    DATA = "values of inductive types: {x}"
    PAIR = "two values of inductive types: {x}, {y}"
    CALL = "applications of recursive functions, the bare name first: {call}"
    FUNCTION = "functions of the user's: {f}"
    WORD = "types of unsigned machine words in the goal: {word}"


@dataclass(frozen=True)
class Form:
    """A tactic with slots.

    Slots that every goal may fill: `{fs}` the user's functions in it, `{names}` names for its binders, `{arg}` a
    name for a function's argument, `{witness}` a guess. A form whose slots the goal does not all fill is not tried.

    Attributes:
        heads: heads of the target (as `MainGoal.head`) that it is for; empty for all.
        marks: texts of which one must be in the target; empty for none.
        about: texts of which one must be in the target or the type of a hypothesis; empty for none.
        no: heads of the target that it is not for.
    """

    text: str
    over: Over = Over.GOAL
    tier: Tier = Tier.QUICK
    heads: frozenset[str] = frozenset()
    marks: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    no: frozenset[str] = frozenset()

    @cached_property
    def slots(self) -> frozenset[str]:
        return frozenset(name for _, name, _, _ in Formatter().parse(self.text) if name)

    @property
    def source(self) -> str:
        """The tactic's name, as a person knows the form by."""
        return self.text.split()[0].rstrip(",;")


_EQ = frozenset({"Eq"})
_PI = frozenset({"∀"})
_NEGATION = frozenset({"Not", "Ne"})
_REFLEXIVE = frozenset({"Eq", "Iff", "HEq", "LE.le"})
_ORDER = frozenset({"LE.le", "LT.lt", "GE.ge", "GT.gt"})
_ARITHMETIC = _ORDER | frozenset({"Eq", "Ne", "Iff", "Not", "False", "And", "Or", "Dvd.dvd"})
_EXISTENTIAL = frozenset({"Exists", "Subtype"})
_COMPOUND = _EXISTENTIAL | frozenset({"And", "Iff", "Prod", "Nonempty", "ExistsUnique"})
# Machine words in a goal show by their types, which stand in the hypotheses.
_WORDS = ("BitVec", "UInt8", "UInt16", "UInt32", "UInt64", "USize", "Int8", "Int16", "Int32", "Int64", "ISize", "Fin")


def _forms(tier: Tier, *forms: Form) -> tuple[Form, ...]:
    return tuple(replace(form, tier=tier) for form in forms)


# Measured by `python -m bench.portfolio` over the 129 goals of the corpus (embedded Lean, two busy cores, final check
# included): goals closed of goals tried, mean ms. rfl 10/89, 10; exact h 4/51, 5; simp 17/129, 6; simp_all 42/129, 8;
# omega 16/118, 20; grind 57/129, 36; simp [h] 14/51, 6; trivial 20/129, 7; cases <;> simp_all 34/100, 16;
# simp_all [f] 7/57, 22; grind [f] 9/57, 68; induction <;> simp_all [f] 17/46, 65; induction <;> grind [f] 36/46, 216;
# fun_induction <;> simp_all [f] 20/44, 46; fun_induction <;> grind [f] 36/44, 145; induction <;> grind 30/79, 86.
# A bare induction, cases or intro takes 4 to 8 ms, a tactic that is not there 1 ms, exact? 518 ms.
FORMS: tuple[Form, ...] = (
    *_forms(
        Tier.INSTANT,
        Form("intro {names}", heads=_PI | _NEGATION),
        Form("rfl", heads=_REFLEXIVE),
        Form("exact {h}", over=Over.PROP),
        Form("simp"),
        Form("simp_all"),
        Form("omega", heads=_ARITHMETIC | _PI),
        Form("bv_omega", heads=_ARITHMETIC | _PI, about=_WORDS),
        Form("grind"),
        Form("simp [{h}]", over=Over.PROP),
        Form("decide"),
        Form("constructor", heads=_COMPOUND),
        Form("split", marks=("if ", "match ")),
        Form("contradiction"),
        Form("trivial"),
        Form("exact ⟨_, {h}⟩", over=Over.PROP, heads=_EXISTENTIAL),
        Form("simp [{fs}]"),
    ),
    *_forms(
        Tier.QUICK,
        Form("induction {x}", over=Over.RECURSIVE),
        Form("cases {h}", over=Over.OR),
        Form("obtain {pattern} := {h}", over=Over.PACKED),
        Form("cases {x} <;> rfl", over=Over.DATA),
        Form("cases {x} <;> simp_all", over=Over.DATA),
        Form("simp_all [{fs}]"),
        Form("grind [{fs}]"),
        Form("induction {x} <;> simp_all [{fs}]", over=Over.RECURSIVE),
        Form("induction {x} <;> grind [{fs}]", over=Over.RECURSIVE),
        Form("fun_induction {call} <;> simp_all", over=Over.CALL),
        Form("fun_induction {call} <;> grind [{fs}]", over=Over.CALL),
        Form("exact ⟨_, {h} _⟩", over=Over.PROP, heads=_EXISTENTIAL),
        Form("cases {h} <;> simp_all", over=Over.OR),
        Form("cases {h} <;> simp_all", over=Over.PREDICATE),
        Form("induction {h} <;> simp_all", over=Over.PREDICATE),
        Form("induction {h} <;> grind", over=Over.PREDICATE),
        Form("induction {h} <;> grind [{pred}]", over=Over.PREDICATE),
        Form("constructor <;> simp_all", heads=_COMPOUND),
        Form("induction {x} <;> simp_all", over=Over.RECURSIVE),
        Form("induction {x} <;> grind", over=Over.RECURSIVE),
        Form("induction {x} generalizing {rest} <;> simp_all [{fs}]", over=Over.GENERAL),
        Form("induction {x} generalizing {rest} <;> grind [{fs}]", over=Over.GENERAL),
        Form("fun_induction {call} <;> simp_all [{fs}]", over=Over.CALL),
        Form("cases {x}", over=Over.DATA),
        Form("cases {x} <;> simp_all [{fs}]", over=Over.DATA),
        Form("cases {x} <;> grind [{fs}]", over=Over.DATA),
        Form("cases {x} <;> grind", over=Over.DATA),
        Form("cases {x} <;> decide", over=Over.DATA),
        Form("simp [{fs}] <;> omega"),
        Form("simp [{fs}] <;> grind"),
        Form("simp <;> omega"),
        Form("split <;> simp_all", marks=("if ", "match ")),
        Form("split <;> omega", marks=("if ", "match ")),
        Form("split <;> grind", marks=("if ", "match ")),
        Form("ext <;> simp_all", heads=_EQ),
        Form("ext <;> grind", heads=_EQ),
        Form("repeat constructor", no=_EQ | _PI),
        Form("cases {x} <;> cases {y} <;> rfl", over=Over.PAIR),
        Form("cases {x} <;> cases {y} <;> simp_all", over=Over.PAIR),
        Form("cases {x} <;> cases {y} <;> simp_all [{fs}]", over=Over.PAIR),
        Form("cases {h}", over=Over.PREDICATE),
        Form("induction {h}", over=Over.PREDICATE),
        Form("fun_induction {call}", over=Over.CALL),
        Form("induction {x} generalizing {rest}", over=Over.GENERAL),
        Form("fun_induction {call} <;> simp_all [{fs}] <;> omega", over=Over.CALL),
        Form("induction {x} <;> simp_all [{fs}] <;> omega", over=Over.RECURSIVE),
        Form("induction {x} <;> simp [{fs}] <;> grind", over=Over.RECURSIVE),
        Form("unfold {f} <;> split <;> simp_all", over=Over.FUNCTION),
        Form("constructor <;> omega", heads=_COMPOUND),
        Form("constructor <;> grind", heads=_COMPOUND),
        # Machine words as the numbers that they are.
        Form("simp_all [{word}.lt_iff_toNat_lt, {word}.le_iff_toNat_le, ← {word}.toNat_inj] <;> omega", over=Over.WORD),
        Form("grind [{word}.lt_iff_toNat_lt, {word}.le_iff_toNat_le, {word}.toNat_lt]", over=Over.WORD),
        Form("subst {h}", over=Over.EQ),
        Form("rw [{h}]", over=Over.EQ),
        Form("exact {h}.symm", over=Over.EQ, heads=_EQ),
        Form("apply {h}", over=Over.PROP),
        Form("simp at {h}", over=Over.PROP),
        Form("simp [{fs}] at {h}", over=Over.PROP),
        Form("funext {arg}", heads=_EQ),
        Form("ext {arg}", heads=_EQ),
        Form("left", heads=frozenset({"Or"})),
        Form("right", heads=frozenset({"Or"})),
        Form("exists {witness}", heads=_EXISTENTIAL),
        Form("unfold {f}", over=Over.FUNCTION),
        Form("ac_rfl", heads=_EQ),
        Form("congr", heads=_EQ),
        # Where they are imported; elsewhere Lean does not parse them, which is asked once per file.
        Form("ring", heads=_EQ),
        Form("norm_num"),
        Form("positivity", heads=_ORDER | frozenset({"Ne"})),
        Form("linarith", heads=_ARITHMETIC),
        Form("tauto"),
        Form("aesop"),
        Form("gcongr", heads=_ORDER),
        Form("field_simp", heads=_ARITHMETIC),
        Form("push_cast", heads=_ARITHMETIC),
    ),
    *_forms(
        Tier.SLOW,
        Form("exact?"),
        # Refused: it is here so that a person is told why, where nothing else goes.
        Form("bv_decide", about=_WORDS),
        Form("induction {x} generalizing {rest} <;> cases {y} <;> simp_all [{fs}]", over=Over.GENERAL),
        Form("induction {x} generalizing {rest} <;> cases {y} <;> grind [{fs}]", over=Over.GENERAL),
        Form("fun_induction {call} <;> simp_all <;> omega", over=Over.CALL),
        Form("fun_cases {call} <;> simp_all", over=Over.CALL),
        Form("induction {x} <;> simp_all [{fs}] <;> grind", over=Over.RECURSIVE),
        Form("nlinarith", heads=_ARITHMETIC),
        Form("norm_num [{fs}]"),
        Form("aesop (add norm [{fs}])"),
    ),
)

# What is tried behind a step that loses nothing (`intro …`, `obtain …`), to close what it leaves.
FOLLOW_UPS: tuple[Form, ...] = (
    *_forms(
        Tier.QUICK,
        Form("exact {h}", over=Over.PROP),
        Form("simp_all"),
        Form("omega", heads=_ARITHMETIC),
        Form("grind"),
        Form("exact ⟨_, {h}⟩", over=Over.PROP, heads=_EXISTENTIAL),
        Form("exact ⟨_, {h} _⟩", over=Over.PROP, heads=_EXISTENTIAL),
        Form("simp_all [{fs}]"),
        Form("grind [{fs}]"),
        Form("intro {names}", heads=_PI | _NEGATION),
        Form("obtain {pattern} := {h}", over=Over.PACKED),
    ),
    *_forms(
        Tier.SLOW,
        Form("cases {h} <;> simp_all", over=Over.PREDICATE),
        Form("cases {x} <;> simp_all", over=Over.DATA),
        Form("induction {x} <;> simp_all [{fs}]", over=Over.RECURSIVE),
        Form("induction {x} <;> grind [{fs}]", over=Over.RECURSIVE),
        Form("fun_induction {call} <;> simp_all", over=Over.CALL),
        Form("fun_induction {call} <;> grind [{fs}]", over=Over.CALL),
        Form("fun_induction {call} <;> omega", over=Over.CALL),
        Form("induction {x} <;> simp_all [{fs}] <;> omega", over=Over.RECURSIVE),
        Form("induction {x} generalizing {rest} <;> simp_all [{fs}]", over=Over.GENERAL),
        Form("induction {x} generalizing {rest} <;> grind [{fs}]", over=Over.GENERAL),
        Form("exact?"),
    ),
)
