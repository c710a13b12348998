"""The syntax that a candidate may consist of: kinds of Lean's own syntax, and keywords of known libraries' tactics.

Data only; `verify/guard.py` says what is done with it. The kinds are those of Lean 4.28 to 4.35 that neither run code
nor admit anything nor change what stands around them. What a newer Lean adds is refused until it stands here.
"""

from ghostproof.syntax.words import words


def _below(prefix: str, names: str) -> frozenset[str]:
    return frozenset(prefix + name for name in names.split())


_TACTICS = _below(
    "Lean.Parser.Tactic.",
    """
    SolveByElim.arg SolveByElim.args SolveByElim.erase SolveByElim.star SolveByElim.using_ acNf0 acRfl allGoals
    anchor anyGoals apply apply? applyAssumption applyRfl applyRules as_aux_lemma assumption attemptAll
    attemptAllPar by? case case' caseArg cases change changeWith classical clear clearValue clearValueArg
    clearValueHyp clearValueStar configItem congr constructor contradiction cutsat decide delta discharger done
    dsimp dsimpArgs dsimpAutoUnfold dsimpKind dsimpTrace dsimpTraceArgsRest elimTarget eqRefl exact exact?
    exposeNames extractLets fail failIfSuccess falseOrByContra first focus funCases funInduction generalize
    generalizeArg grind grindErase grindLemma grindLemmaMin grindParam grindTrace grobner guardExpr guardHyp
    guardTarget induction inductionAlt inductionAltLHS inductionAlts injection injections intro introMatch
    intros invariantAlts invariantCaseAlt invariantDotAlt invariantsKW left letToHave letrec lia liftLets
    location locationHyp locationType locationWildcard massumption massumptionMacro match mcases mcasesError
    mcasesMacro mcasesPatAlts mcasesPat_ mclear mclearError mclearMacro mconstructor mconstructorMacro mdup
    mexact mexactError mexactMacro mexfalso mexfalsoMacro mexists mexistsError mexistsMacro mframe mframeMacro
    mhave mhaveError mhaveMacro mintro mintroError mintroMacro mintroPat_ mleave mleaveMacro mleft mleftMacro
    mpure mpureError mpureIntro mpureIntroMacro mpureMacro mrefine mrefineError mrefineMacro mrefinePat?_
    mrefinePat_ mrefinePats mrenameI mrenameIError mrenameIMacro mreplace mreplaceError mreplaceMacro mrevert
    mrevertError mrevertMacro mrevertPat_ mright mrightMacro mspec mspecMacro mspecNoBind mspecNoSimp
    mspecialize mspecializeError mspecializeMacro mspecializePure mspecializePureError mspecializePureMacro
    mstart mstartMacro mstop mstopMacro mvcgen mvcgenHint mvcgenMacro negConfigItem normCast0 normCastAddElim
    obtain omega optConfig paren posConfigItem pushCast rcases rcasesPat.clear rcasesPat.explicit
    rcasesPat.ignore rcasesPat.one rcasesPat.paren rcasesPat.tuple rcasesPatLo rcasesPatMed refine refine'
    rename renameI repeat' repeat1' replace revert rewriteSeq rewrites? rewrites_forbidden right rintro
    rintroPat.binder rintroPat.one rotateLeft rotateRight rwRule rwRuleSeq rwSeq seq1 show showTerm simp simpAll
    simpAllArith simpAllArithBang simpAllAutoUnfold simpAllKind simpAllTrace simpAllTraceArgsRest simpArgs
    simpArith simpArithBang simpAutoUnfold simpErase simpLemma simpPost simpPre simpStar simpTrace
    simpTraceArgsRest simpa simpaArgsRest skip solveByElim specialize split subst substEqs substVars symm
    symmSaturate tacDepIfThenElse tacIfThenElse tacticAc_nf_ tacticAnd_intros tacticApply_mod_cast_
    tacticAssumption_mod_cast_ tacticBv_omega tacticDsimp?!_ tacticErw___ tacticExact_mod_cast_ tacticExfalso
    tacticHave' tacticHaveI__ tacticHave__ tacticInfer_instance tacticIterate____ tacticLet'__ tacticLetI__
    tacticLet__ tacticMvcgen_trivial tacticNofun tacticNorm_cast__ tacticRefine_lift'_ tacticRefine_lift_
    tacticRepeat_ tacticRfl tacticRfl' tacticRw_mod_cast___ tacticRwa__ tacticSeq tacticSeq1Indented
    tacticSeqBracketed tacticSimp?!_ tacticSimp_all?!_ tacticSimpa!_ tacticSimpa?!_ tacticSimpa?_
    tacticSuffices_ tacticTrivial tacticTry_ tryTrace unfold valConfigItem vcAlt vcAlts withReducible
    withReducibleAndInstances withUnfoldingAll «mcasesPat#_» «mcasesPat%_» «mcasesPat(_)» «mcasesPat-»
    «mcasesPat⌜_⌝» «mcasesPat□_» «mcasesPat⟨_⟩» «mintroPat∀_» «mrefinePat#_» «mrefinePat%_» «mrefinePat(_)»
    «mrefinePat⌜_⌝» «mrefinePat□_» «mrefinePat⟨_⟩» «mrevertPat∀_» «tacticExists_,,» «tacticNext_=>_»
    «tacticNomatch_,,» «tactic_<;>_»
    """,
)

_CONV = _below(
    "Lean.Parser.Tactic.Conv.",
    """
    allGoals anyGoals arg argArg case case' change clear congr conv convApply_ convArgs convConvSeq convDone
    convErw__ convIntro___ convLeft convRepeat_ convRfl convRight convRw__ convSeq convSeq1Indented
    convSeqBracketed convTactic convTry_ delta dsimp dsimpTrace enter enterArg enterPattern ext extractLets
    failIfSuccess first focus fun letToHave lhs liftLets nestedConv nestedTactic nestedTacticCore normCast occs
    occsIndexed occsWildcard paren pattern reduce rewrite rhs simp simpMatch simpTrace skip unfold whnf zeta
    «convNext__=>_» «conv_<;>_» «conv·._»
    """,
)

_GRIND = _below(
    "Lean.Parser.Tactic.Grind.",
    """
    ac allGoals anyGoals cases casesNext casesTrace done fail failIfSuccess finish finishTrace first focus
    grindFilter grindRepeat_ grindSeq grindSeq1Indented grindSeqBracketed grindStep grindTry_ grind_filter!_
    grind_filter_ grind_ref_ grind_ref__1 have haveSilent instantiate lia linarith mbtc nestedTacticCore next
    paren renameI ring skip thm thmNs use «grind_<;>_» «grind_filter(_)» «grind_filterGen!=_»
    «grind_filterGen<=_» «grind_filterGen<_» «grind_filterGen=_» «grind_filterGen>=_» «grind_filterGen>_»
    «grind_filterGen≤_» «grind_filterGen≥_» «grind_filter_&&_» «grind_filter_||_» «grind·._»
    """,
)

_TERMS = _below(
    "Lean.Parser.Term.",
    """
    anonymousCtor app arrow basicFun binderDefault binderTactic binop binop_lazy binrel binrel_no_prop borrowed
    byTactic byTactic' cdot defaultOrOfNonempty depArrow do doBreak doCatch doCatchMatch doContinue doExpr
    doFinally doFor doForDecl doHave doIdDecl doIf doIfLet doIfLetBind doIfLetPure doIfProp doLet doLetArrow
    doLetElse doLetExpr doLetMetaExpr doLetRec doMatch doMatchExpr doNested doPatDecl doReassign doReassignArrow
    doReturn doSeqBracketed doSeqIndent doSeqItem doTry doUnless dotIdent doubleQuotedName ellipsis
    ensureExpectedType ensureTypeOf explicit explicitBinder explicitUniv falseVal forall fromTerm fun
    generalizingParam have haveI hole hygienicLParen implicitBinder inaccessible instBinder leftact let
    letConfig letDecl letEqnsDecl letExpr letI letId letIdDecl letNegOpt letOptEq letOptGeneralize letOptNondep
    letOptPostponeValue letOptUsedOnly letOptZeta letOpts letPatDecl letPosOpt letRecDecl letRecDecls
    let_delayed let_fun let_tmp letrec liftMethod match matchAlt matchAlts matchAltsWhereDecls matchDiscr
    matchExpr matchExprAlt matchExprAlts matchExprElseAlt matchExprPat motive namedArgument namedPattern
    noImplicitLambda nofun noindex nomatch optEllipsis paren pipeProj proj prop quotedName rightact show sort
    strictImplicitBinder structInst structInstArrayRef structInstField structInstFieldDef structInstFieldEqns
    structInstFields structInstLVal subst suffices sufficesDecl syntheticHole termFor termReturn termTry
    termUnless trueVal tuple type typeAscription typeOf typeSpec unop whereDecls whereFinally
    whereFinallySubsection
    """,
)

_OTHERS = words(
    """
    Lean.Parser.Level.addLit Lean.Parser.Level.hole Lean.Parser.Level.imax Lean.Parser.Level.max
    Lean.Parser.Level.paren Lean.Elab.Tactic.Ext.ext Lean.Elab.Tactic.Ext.applyExtTheorem
    Lean.Elab.Tactic.Ext.tacticExt1___ Lean.Order.monotonicity Lean.binderIdent Lean.bracketedExplicitBinders
    Lean.explicitBinders Lean.unbracketedExplicitBinders Lean.calc Lean.calcFirstStep Lean.calcStep
    Lean.calcSteps Lean.calcTactic Lean.convCalc_ Lean.cdot Lean.cdotTk Lean.modCast Lean.solveTactic
    Lean.Parser.Termination.suffix Array.tacticArray_get_dec Array.tacticArray_mem_dec
    List.tacticSizeOf_list_dec tacticDecreasing_tactic tacticDecreasing_trivial tacticDecreasing_with_
    tacticClean_wf tacticSimp_wf tacticFunext___ tacticGet_elem_tactic tacticGet_elem_tactic_trivial
    «tacticBy_cases_:_» «tactic∎» boolIfThenElse termDepIfThenElse termIfLet termIfThenElse Lean.doElemRepeat_
    Lean.doElemRepeat__Until_ Lean.doElemWhile_Do_ «Lean.doElemWhile_:_Do_» null choice group patternIgnore char
    hygieneInfo ident name num scientific str fieldIdx hexnum interpolatedStrKind interpolatedStrLitKind
    rawNatLit coeNotation coeFunNotation coeSortNotation Lean.Parser.Attr.grind Lean.Parser.Attr.grind!
    Lean.Parser.Attr.grind!? Lean.Parser.Attr.grind? Lean.Parser.Attr.grindBwd Lean.Parser.Attr.grindCases
    Lean.Parser.Attr.grindCasesEager Lean.Parser.Attr.grindDef Lean.Parser.Attr.grindEq
    Lean.Parser.Attr.grindEqBoth Lean.Parser.Attr.grindEqBwd Lean.Parser.Attr.grindEqRhs
    Lean.Parser.Attr.grindExt Lean.Parser.Attr.grindFunCC Lean.Parser.Attr.grindFwd Lean.Parser.Attr.grindGen
    Lean.Parser.Attr.grindInj Lean.Parser.Attr.grindIntro Lean.Parser.Attr.grindLR Lean.Parser.Attr.grindMod
    Lean.Parser.Attr.grindNorm Lean.Parser.Attr.grindRL Lean.Parser.Attr.grindSym Lean.Parser.Attr.grindUnfold
    Lean.Parser.Attr.grindUsr
    """
)

# What newer versions have renamed or added, up to 4.35: see `docs/lean-versions.md`. `tests/native/test_kinds.py` says
# what a newer Lean has that is neither here nor refused with a reason.
_NEWER = (
    _below(
        "Lean.Parser.Tactic.",
        """
        cbv constructorBang decide_cbv firstPar frameAlt grind_linarith grind_order guardExprConv guardHypConv
        guardTargetConv rwa rwaAt rwaAtLegacyLocation simpaUsingBang simpaUsingBangArgsRest sym
        tacticMvcgen_trivial_extensible vcgen vcgenDischargeGrind vcgenDischargeTactic vcgenMacro withImplicit
        withUnfoldingNone
        """,
    )
    | _below("Lean.Parser.Tactic.Conv.", "cbv «conv·_»")
    | _below(
        "Lean.Parser.Tactic.Grind.",
        """
        case exposeNames grindExact_ symApply symByContra symCbv symDSimp symInternalize symInternalizeAll symIntro
        symIntroLight symIntros symIntrosLight symLetToHave symLiftLets symRw symSimp vcgen «grind·_»
        """,
    )
    | _below("Lean.Parser.Term.", "dependentParam doRepeat doRepeatUntil doWhile inferInstanceAs nestedAction")
)

# Names as `Name.toString` prints them.
KINDS = _TACTICS | _CONV | _GRIND | _TERMS | _OTHERS | _NEWER

# Below these, libraries keep what their tactics take as arguments and their notation; none of it runs code.
PREFIXES = (
    "Aesop.Frontend.Parser.",
    "Batteries.ExtendedBinder.",
    "BigOperators.",
    "Mathlib.Tactic.LinearCombination.",
    "Mathlib.Tactic.superscriptTerm",
    "Mathlib.Tactic.subscriptTerm",
    "Mathlib.Tactic.Superscript.",
    "Mathlib.Tactic.linarithArgsRest",
    "Mathlib.Tactic.setArgsRest",
    "Mathlib.Tactic.nlinarithArgs",
    "Mathlib.Tactic.Use.",
    "Mathlib.Meta.setBuilder",
    "Matrix.vecNotation",
    "Matrix.matrixNotation",
    "Std.ExtendedBinder.",
)

# First keyword of a tactic, whichever library defines it and whatever that library calls its syntax.
KEYWORDS = words(
    """
    abel abel_nf absurd ac_nf ac_rfl aesop aesop? aesop_cat all_goals and_intros any_goals apply apply?
    apply_assumption apply_ext_theorem apply_fun apply_mod_cast apply_rfl apply_rules apply_rules? arg args
    arith_mult array_get_dec array_mem_dec assumption assumption_mod_cast bddDefault bicategory borelize bound
    by_cases by_contra by_contra! calc cancel_denoms case case' cases cases' cases_type casesm change change?
    choose choose! classical clear clear_aux_decl clear_except clear_value coherence compareOfLessAndEq_rfl
    compute_degree compute_degree! congr congr! congrm constructor constructorm continuity contradiction
    contrapose contrapose! conv conv_lhs conv_rhs convert convert_to cutsat decide decide? decreasing_tactic
    decreasing_trivial decreasing_with delta done dsimp dsimp! dsimp? dsimp?! econstructor enter eq_refl erw
    erw! eta_expand eta_reduce eta_struct exact exact? exact_mod_cast exacts exfalso exists existsi expose_names
    ext ext1 extract_lets fail fail_if_no_progress fail_if_success false_or_by_contra fapply field field_simp
    filter_upwards fin_cases fin_omega first focus fun fun_cases fun_induction fun_prop fun_prop? funext gcongr
    generalize generalize_proofs get_elem_tactic grind grind? grobner group grw have have' haveI hint induction
    induction' induction? infer_instance infer_param inhabit injection injections int_toBitVec interval_cases
    intro intros introv isBoundedDefault itauto itauto! iterate jacobify left let let' letI lhs lia lift
    lift_lets linarith linarith! linear_combination linear_combination' linear_combination2 map_fun_tac match
    match_scalars match_target measurability mod_cases module module_nf monoidal monotonicity move_add move_mul
    next nlinarith nlinarith! nofun nomatch noncomm_ring nontriviality norm_cast norm_cast0 norm_num norm_num1
    nth_rewrite nth_rw observe obtain omega omega_nat order pattern pi_lower_bound pick_goal positivity pull
    pull_cast push push_cast push_neg qify rcases rcongr reduce reduce_mod_char refine refine' refine_lift
    refine_lift' refold_let rel rename rename' rename_bvar rename_i repeat repeat' repeat1 repeat1' replace
    revert rewrite rfl rfl' rfl? rfl_cat rhs right ring ring! ring1 ring1! ring1_nf ring? ring_nf ring_nf!
    rintro rotate_left rotate_right rsuffices rw rw! rw? rw_mod_cast rw_search rwa says set set! show show_term
    simp simp! simp? simp?! simp_all simp_all! simp_all? simp_all?! simp_all_arith simp_arith simp_arith!
    simp_intro simp_match simp_rw simp_wf simpa simpa! simpa!? simpa? simpa?! skip slice_lhs slice_rhs solve
    solve_by_elim solve_by_elim? specialize split split_ands split_ifs subsingleton subst subst_eqs
    subst_hom_lift subst_vars substs success_if_fail_with_msg suffices swap swap_var symm symm_saturate tauto
    tfae_finish tfae_have toFinite_tac to_encard_tac trans transitivity triv trivial try try? unfold unfold?
    unfold_let unfold_projs use use! use_discharger use_finite_instance volume_tac whisker_simps whnf
    with_reducible with_reducible_and_instances with_unfolding_all wlog zeta zify mono restrict_tac
    """
)

# Keywords of libraries behind which stands a term that is evaluated, or that run what they are given.
EVALUATING = words(
    """
    success_if_fail_with_msg from_lrat eval% by_elab run_tac% with_panel_widgets show_panel_widgets idbg html%
    """
)

# The kernel and the elaborator reduce these by running compiled code. Matched on the last part of a name.
REDUCED_BY_RUNNING = words("reduceBool reduceNat")

# Names of functions that act when they are evaluated, or break what types promise: `unsafeCast`, `dbgTrace`,
# `ptrAddrUnsafe`. What the environment calls unsafe is refused whatever its name is.
HAZARDS = words("unsafe dbg ptrAddr")

# Constructors of the types that options of tactics have: transparency, occurrences, eta, new goals, strategies.
CONSTRUCTORS = words(
    """
    all default reducible instances none some true false pos neg notClasses nonDependentFirst nonDependentOnly
    bestFirst depthFirst breadthFirst nil cons zero succ
    """
)

# Roots of the libraries whose tactics must be named above. What other modules define is the project's own, or comes
# with a package that the project chose.
LIBRARIES = words(
    """
    Init Lean Std Lake Batteries Aesop Mathlib Qq ProofWidgets ImportGraph LeanSearchClient Plausible Cli Canonical
    Duper Auto Loogle Smt
    """
)
