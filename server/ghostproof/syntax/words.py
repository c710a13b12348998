"""Lean's keywords; those with which commands begin, by what they do. Whoever asks where one begins asks here."""

import re
from collections.abc import Iterator

# Texts whose reading is kept: a search asks for that of the one text above its goals again and again.
KEPT_READINGS = 8


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(text.split())


DECLARATIONS = words("theorem lemma def abbrev instance example opaque axiom structure class inductive coinductive")
MODIFIERS = words("private protected public noncomputable unsafe partial nonrec meta local scoped")
SCOPES = words("namespace section mutual end")
HEADER = words("module prelude import")
# What holds from here on, for what stands below.
SETTINGS = words("variable universe open export attribute set_option omit include")
# What makes syntax, and what runs code.
SYNTAX = words(
    "syntax macro macro_rules elab elab_rules notation infix infixl infixr prefix postfix declare_syntax_cat"
)
CODE = words("initialize builtin_initialize run_cmd run_elab run_meta")
# Commands of Lean's and of known libraries that are nothing of that. `deriving` is one before `instance` only.
OTHERS = words(
    """
    deriving add_decl_doc alias simproc simproc_decl dsimproc notation3 register_simp_attr initialize_simps_projections
    assert_not_exists assert_exists suppress_compilation library_note unif_hint grind_pattern recall binder_predicate
    proof_wanted to_additive gen_injective_theorems unseal seal reset_grind_attrs declare_aesop_rule_sets
    add_aesop_rules irreducible_def assert_not_imported dsimproc_decl init_quot register_option register_grind_attr
    register_label_attr register_linter_set set_library_suggestions
    """
)
COMMANDS = DECLARATIONS | MODIFIERS | SCOPES | HEADER | SETTINGS | SYNTAX | CODE | OTHERS
# Words of Lean's that look like names and are none, in whatever text they are found, unless they stand in «».
KEYWORDS = COMMANDS | words(
    """
    Prop Sort StateRefT Type at bif break by by_elab calc catch coinductive_fixpoint continue dbg_trace decreasing_by do
    doo else exists extends finally for forall from fun generalizing have haveI hiding if in include_str
    inductive_fixpoint leading_parser let letI let_delayed let_expr let_fun let_tmp match match_expr matches max_prec
    mod_cast mut nat_lit no_index nofun nomatch of partial_fixpoint rec renaming repeat reprove return show show_term
    sorry suffices termination_by then throwError throwErrorAt trailing_parser try unless until using where while with
    without_expected_type λ
    """
)


def one_of(choices: frozenset[str]) -> str:
    """A pattern for one of the words, and not the beginning of a longer name."""
    return rf"(?:{'|'.join(sorted(choices))})(?![\w'!?.])"


# At the beginning of a line: anything else there continues the command above it, such as a tactic block that is not
# indented, or the `deriving` of a type.
COMMAND = rf"(?:{one_of(COMMANDS - {'deriving'})}|deriving\s+instance\b|@\[|#[^\W\d])"
# What may stand before the keyword of a declaration.
BEFORE_KEYWORD = rf"(?:@\[[^\]]*\]\s*)*(?:{one_of(MODIFIERS)}\s+)*"
# A name as it is declared: «» hide what would end it.
DECLARED_NAME = r"(?:«[^«»\n]*»|[^\s:({\[⦃«»])+"
_COMMAND = re.compile(COMMAND)
_LINE_START = re.compile(r"^(?=\S)", re.MULTILINE)


def heading(keyword: str) -> str:
    """A pattern for a line that declares something by this keyword, up to its `name`."""
    return rf"^[ \t]*{BEFORE_KEYWORD}{keyword}[ \t]+(?P<name>{DECLARED_NAME})"


def begins_command(masked: str, at: int) -> bool:
    """Whether a line of masked text that begins there begins a command."""
    return _COMMAND.match(masked, at) is not None


def command_starts(masked: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Offsets, from `start` to `end`, of the lines at the margin of masked text that begin a command."""
    for found in _LINE_START.finditer(masked, start, len(masked) if end is None else end):
        if begins_command(masked, found.start()):
            yield found.start()
