"""Lemmas about a goal's own functions, found before they are needed: guessed, proved by one induction, then used.

A lemma that is proved helps to prove the next ones and the goal. It stands as a `have` above the rest of the proof;
those that turn out not to be needed are dropped when the proof is made shorter.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, product

from ghostproof.search.analogies import analogies
from ghostproof.search.class_operations import carried_over, class_operations, local_operations, pulled_through
from ghostproof.search.conjecture import Conjecture, most_general
from ghostproof.search.conjectures import conjectures
from ghostproof.search.generalised import generalised
from ghostproof.search.goal_words import (
    beside,
    by_rules,
    chains_of,
    facts_of,
    functions_of,
    names_for_simp,
    rules_of,
    speaking_of,
    types_of,
    usable,
    words_of,
)
from ghostproof.search.known_lemmas import Guess, Known, Recall, Use, needed
from ghostproof.search.lemma_texts import endings, from_premises, keys, written
from ghostproof.search.mutual_blocks import Mutual, mutual_blocks
from ghostproof.search.mutual_statements import recursor_for, together
from ghostproof.search.operations import Values
from ghostproof.search.own_numbers import counts_in
from ghostproof.search.plainest import plainest
from ghostproof.search.promising import in_the_way, promising, says_of, unrefuted
from ghostproof.search.remembered import Remembered
from ghostproof.search.shares import LEMMA
from ghostproof.search.short_proofs import closers_for, for_own_powers, for_products, short_proofs, told
from ghostproof.search.sorted_lists import OF_PAIRS, says_of_all_pairs
from ghostproof.search.strategies import mutual
from ghostproof.search.strategies.induction import inductions, splits_of
from ghostproof.search.strategies.notation import Notations, laws_of
from ghostproof.search.strategies.recursion import calls_to_follow
from ghostproof.search.strategy import Doubt, Goal, Idea, Move, Terms
from ghostproof.search.theory import Theory
from ghostproof.search.variable_names import VariableNames
from ghostproof.suggest.source import Tier
from ghostproof.syntax.declarations import scan
from ghostproof.syntax.goal import identifiers
from ghostproof.verify.small_values import Refuted, Trial, Valued
from ghostproof.verify.verdict import Checked, Progress

# Lemmas come when the cheap ways of proving the goal itself have been tried; guesses are tried in parts, so that the
# likeliest are proved before small values are put into the last.
_SIFT, _PER_PART, _COST, _PER_PLACE, _USE, _AGAIN = 1.4, 0.08, 1.5, 0.01, 0.4, 0.6
# What the next way of proving a guess costs more; nothing else is worth as much as one that the goal follows from, or
# one that says what a function makes of what a step puts in its way.
_PER_WAY, _OF_THE_GOAL, _IN_THE_WAY = 0.3, 0.05, 0.1
# What exists is mostly said by the assumption of an induction; laws help once a witness is known.
_FOR_WITNESS = 1.5
# Those of earlier searches come just before new guesses; terms are compared when there is nothing else to guess.
_RECALL, _COMPARE = 1.3, 2.4
# All of them above the goal, for whatever strategy, when no short way proves it.
_STEP = 0.9
_MOST = 208
# Goals of one search for which lemmas are guessed, and how often a guess is tried anew with what was proved meanwhile.
_MOST_GOALS, _ROUNDS = 2, 3
_MOST_SEARCHED, _MOST_INDUCTIONS = 4, 3
# Inductions that the goal is tried by with each lemma, and with all of them after each turn.
_MOST_FIRST = 2
# A lemma that no short way proves is a goal of its own; what it and the theorem behind it then cost.
_SEARCHED, _ONWARD, _BEHIND = 1.5, 1.2, 0.3


class Exploration:
    """See `Strategy`.

    Args:
        remembered: what earlier searches in the file have found out; this one adds to it.
    """

    name = LEMMA

    def __init__(self, remembered: Remembered | None = None) -> None:
        self._remembered = Remembered() if remembered is None else remembered
        self._known: dict[int, Known] = {}
        self._explored: set[tuple[str, ...]] = set()

    def moves(self, goal: Goal) -> Iterator[Idea]:
        # With what operators stand for, it is another goal.
        return iter(()) if any(laws_of(goal)) else self._explored_at(goal)

    def _explored_at(self, goal: Goal) -> Iterator[Idea]:
        view = goal.view
        # Where numbers are counted, guesses have other proofs.
        counts = tuple(counts_in(view, goal.known))
        key = (*(f.name for f in view.functions), *counts)
        if view.head == "∀" or key in self._explored or len(self._explored) >= _MOST_GOALS + bool(counts):
            return
        self._explored.add(key)
        functions, rules = list(functions_of(goal, view)), list(rules_of(goal, view))
        local = local_operations(view)
        of_classes = (*class_operations(view, goal.known), *local)
        blocks, carried = mutual_blocks(goal.known), tuple(carried_over(functions, of_classes))
        plain = plainest(goal.known)
        freed = generalised(view, goal.known.recursive, of_classes, functions, Values(plain))
        set_free = (*together(view, blocks), *freed)
        general = [one.for_all_types(types_of(view)) for one in (*set_free, *carried)]
        stronger = frozenset(one.said for one in (*set_free, *carried, *general))
        later = _FOR_WITNESS if view.head == "Exists" else 0.0
        known = self._known[goal.number] = Known({}, stronger, in_the_way(view, goal.known), later, blocks)
        built = {kind: family.constructors for kind, family in goal.known.families.items() if not family.is_prop}
        guessed = conjectures(functions, plain, rules, beside(view), known.in_way, built)
        pulled = pulled_through(functions, local)
        alike = analogies(view, goal.known)
        known.take_up(self._worth_a_try(goal, (*carried, *alike, *pulled, *guessed), set_free))
        if recalled := self._remembered.recall(goal.known, {one.name for one in (*functions, *rules, *view.library)}):
            known.step = written(goal, [lemma.text for lemma in recalled.values()])
            yield Recall(known.step, self.name, _RECALL, _BEHIND, tier=Tier.SLOW, lemmas=recalled)
        yield from self._doubt(known)

    def _worth_a_try(
        self, goal: Goal, guessed: Iterable[Conjecture], before: Sequence[Conjecture] = ()
    ) -> Iterator[Conjecture]:
        """Guesses under names of their own, each once, the likeliest first."""
        view = goal.view
        every_type = types_of(view)
        names = VariableNames(goal.above, {*view.taken, *scan(goal.above).functions})
        named = (names.given_to(one.for_all_types(every_type)) for one in guessed)
        found = promising(view, every_type, most_general((*before, *named)), goal.known)
        yield from islice((one for one in found if not self._remembered.is_refuted(goal.known, one)), _MOST)

    def _doubt(self, known: Known) -> Iterator[Doubt]:
        """The next part, for which small values are tried; one after the other, as the likeliest guesses come first."""
        nth = known.sifted
        for statements in list(known.parts)[nth : nth + 1]:
            known.sifted += 1
            yield Doubt(statements, self, _SIFT + known.later + _PER_PART * nth)

    def sifted(self, goal: Goal, doubt: Doubt, trials: Sequence[Trial]) -> Iterator[Idea]:
        """Guesses that no instance refutes, those that nothing could be tried on last; what Lean can't read is left."""
        known = self._known[goal.number]
        tried = list(zip(known.parts[doubt.statements], trials, strict=True))
        # Small values are tried without what is assumed of the goal's own.
        assumed = goal.view.taken & {word for h in goal.view.propositions for word in identifiers(h.type)}
        for guess in (guess for guess, trial in tried if isinstance(trial, Refuted)):
            self._remembered.refute(goal.known, guess, goal.view.taken)
        known.held += unrefuted(tried, assumed, known.stronger)
        yield from self._doubt(known)
        if not known.waiting:
            yield from self._at_rest(goal, known)

    def compared(self, goal: Goal, terms: Terms, values: Sequence[Valued]) -> Iterator[Idea]:
        """What may be equal, when terms of all sizes are known."""
        known = self._known[goal.number]
        assert known.theory is not None
        known.theory.take(values)
        yield from self._compared(goal, known, known.theory)

    def _compared(self, goal: Goal, known: Known, theory: Theory) -> Iterator[Idea]:
        """The next terms; behind the last ones what may be equal is guessed."""
        if terms := theory.next_terms():
            yield Terms(terms, self, _COMPARE)
            return
        known.take_up(one for one in self._worth_a_try(goal, theory.equations()) if not known.guessed(one))
        if known.sifted < len(known.parts):
            yield from self._doubt(known)
        else:
            yield from self._at_rest(goal, known)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Idea]:
        known = self._known.get(goal.number)
        if move.strategy == Notations.name and not isinstance(checked.verdict, Progress):
            yield from self._explored_at(goal)
        if known is not None and isinstance(move, Use) and isinstance(checked.verdict, Progress):
            lemmas = known.below(needed(move.given, checked.premises))
            for place, ending in enumerate(endings(goal, move.closing)):
                text = "\n".join((written(goal, lemmas), ending)).strip("\n")
                yield Move(text, self.name, _PER_PLACE * place, tier=Tier.SLOW)
        if known is not None and isinstance(move, Recall) and isinstance(checked.verdict, Progress):
            known.take(move.lemmas)
            known.used = max(known.used, len(move.lemmas))
            yield from self._uses(goal, tuple(known.proved))
        if known is None or not isinstance(move, Guess) or move.guessed is None:
            return
        known.waiting -= move.is_waited_for
        known.unanswered -= 1
        if known.knows(move.guessed):
            pass
        elif isinstance(checked.verdict, Progress):
            known.learn(move, checked.premises)
            self._remembered.prove(goal.known, move.guessed, known.proved[move.guessed], goal.view.taken)
            # What others are worth, nobody waits for where this may be all that was missing.
            likely = move.guessed.said in known.stronger or move.guessed.relation == "≤"
            if likely or says_of(move.guessed, known.in_way):
                yield from self._uses(goal, (move.guessed,), shortly=True)
        else:
            in_way = move.guessed.relation == "=" and says_of(move.guessed, known.in_way)
            more = _OF_THE_GOAL if move.guessed.said in known.stronger else _IN_THE_WAY if in_way else _PER_WAY
            further = tuple(self._guess(goal, move.guessed, move.way + 1, move.cost + more, move.round))
            if not further and not move.is_waited_for:
                # Others went on meanwhile, and may have had their turn with what they proved.
                further = tuple(self._anew(goal, move))
            if not further:
                known.failed.append(move)
            yield from further
        if not known.waiting:
            yield from self._at_rest(goal, known)

    def _at_rest(self, goal: Goal, known: Known) -> Iterator[Idea]:
        """What comes when all guesses of one turn were tried: the goal with what was learnt, then more guesses.

        What was not proved may be with more lemmas. When nothing else is left, the best of it are goals of their own.
        """
        if len(known.proved) > known.used:
            yield from self._with_all(goal, known)
            again, known.failed = known.failed, []
            for place, failed in enumerate(sorted(again, key=known.order)):
                if failed.guessed is not None and failed.round < _ROUNDS and not known.knows(failed.guessed):
                    further = tuple(self._anew(goal, failed, place))
                    yield from further
                    if not further:  # what was learnt says nothing of it
                        known.failed.append(failed)
        while known.held and not known.waiting:
            for guess in known.next_turn():
                known.released += 1
                yield from self._guess(goal, guess, 0, _COST + known.later + _PER_PLACE * known.released)
        if known.unanswered or known.sifted < len(known.parts):
            return
        if known.used_well < known.used:
            yield from self._with_all(goal, known, last=True)
        if known.theory is None:
            known.theory = Theory(words_of(goal))
            yield from self._compared(goal, known, known.theory)
        else:
            for failed in sorted(known.failed, key=known.order)[:_MOST_SEARCHED]:
                if failed.guessed is not None and len(known.searched | {failed.guessed}) <= _MOST_SEARCHED:
                    known.searched.add(failed.guessed)
                    yield from _searched(goal, failed)

    def _with_all(self, goal: Goal, known: Known, *, last: bool = False) -> Iterator[Move]:
        """The goal with all that is proved, in the likeliest ways; from time to time in all, and for all strategies.

        Args:
            last: no more guesses come.
        """
        well = known.use(last=last)
        yield from self._uses(goal, tuple(known.proved), shortly=not well)
        if well:
            text, before = written(goal, known.below(list(known.proved))), known.step
            known.step = text
            yield Move(text, self.name, _STEP + known.later, _BEHIND, tier=Tier.SLOW, replaces=before)

    def _guess(self, goal: Goal, guessed: Conjecture, way: int, cost: float, turn: int = 0) -> Iterator[Guess]:
        """The guess with its proof in one of the ways; nothing where there are no more."""
        known, view = self._known[goal.number], goal.view
        told_of = (names_for_simp(goal, view), goal.known.recursive, *facts_of(goal))
        in_order = {one.left.partition(" ")[0] for one in known.proved if says_of_all_pairs(one)}
        using = partial(recursor_for, blocks=known.blocks)
        ways = list(short_proofs(guessed, *told_of, chains_of(goal), goal.known.choosing, in_order, using=using))
        about = speaking_of(goal, guessed, known.proved)
        for nth in range(way, len(ways)):
            given = usable(about, ways[nth])
            text = from_premises(view, given, guessed.statement, ways[nth])
            if text not in known.tried:
                break
        else:
            return
        known.tried.add(text)
        lemma = f"{guessed.statement} := by\n  {ways[nth]}"
        guess = Guess(
            text, self.name, cost, tier=Tier.INSTANT, guessed=guessed, lemma=lemma, given=given, way=nth, round=turn,
        )  # fmt: skip
        known.waiting += guess.is_waited_for
        known.unanswered += 1
        yield guess

    def _anew(self, goal: Goal, failed: Guess, place: int = 0) -> Iterator[Guess]:
        """What was not proved, with what was since; nothing where that says nothing of it."""
        assert failed.guessed is not None
        if failed.round < _ROUNDS:
            cost = _AGAIN + self._known[goal.number].later + _PER_PLACE * place
            yield from self._guess(goal, failed.guessed, 0, cost, failed.round + 1)

    def _uses(self, goal: Goal, given: tuple[Conjecture, ...], *, shortly: bool = False) -> Iterator[Use]:
        """The goal with lemmas that are proved.

        Args:
            shortly: in the likeliest ways only, as more lemmas come soon.
        """
        view = goal.view
        # An induction on one argument neither meets what recurses in another way nor says which way an `if` goes.
        followed = list(calls_to_follow(view, goal.known, choosing=True))
        along = [f"fun_induction {call}" for call, of in followed if of.measured or of.deep][:1]
        inductions = _inductions(goal, self._known[goal.number].blocks)
        ways = [*along, *inductions]
        # Where functions match on several arguments at once, an induction on one of them is not enough.
        split = [f"{way} <;> {splits}" for way in ways if (splits := splits_of(view, way))]
        chosen = [f"fun_induction {call}" for call, of in followed if of.chooses]
        ways += [way for way in chosen[:1] if way not in along]
        if shortly:
            ways, split = ways[:_MOST_FIRST], split[:1]
        chain = [said for name, said in chains_of(goal).items() if name == view.target.partition(" ")[0]]
        usual = closers_for(view.target, {f.name: f.result for f in view.functions})
        of_pairs = [OF_PAIRS] if any(map(says_of_all_pairs, given)) else []
        special = (*of_pairs, *for_products(view.target), *for_own_powers(view.target, given))
        closers = (*chain, *usual, *special)
        # Lemmas may speak of what the goal's functions are made of as it stands.
        named = dict.fromkeys((names_for_simp(goal, view), ", ".join(f.name for f in view.functions)))
        for text in by_rules(goal, inductions[:1], chosen) if chain else ():
            some = usable(given, text)
            whole = from_premises(view, some, goal.main.target, text)
            yield Use(whole, self.name, _USE, tier=Tier.QUICK, given=some, closing=text)
        for place, (names, closer) in enumerate(product(list(named)[: 1 if shortly else None], closers)):
            closing = told(closer, names, *facts_of(goal), goal.known.endless)
            for text in (closing, *(f"{way} <;> {closing}" for way in (*ways, *split))):
                some = usable(given, text)
                whole = from_premises(view, some, goal.main.target, text)
                yield Use(whole, self.name, _USE + 0.1 * place, tier=Tier.QUICK, given=some, closing=text)


def _inductions(goal: Goal, blocks: Sequence[Mutual]) -> list[str]:
    """The inductions by which the goal is tried with lemmas."""
    view = goal.view
    plain = [way for way in dict.fromkeys(inductions(view, goal.known.recursive)) if "\n" not in way]
    if by_recursor := {f"induction {h.name}" for h in view.data if recursor_for(h.type, blocks)}:
        plain = [way for way in plain if " ".join(way.split()[:2]) not in by_recursor]
        return [*(step for _, step, _ in mutual.steps(view, blocks)), *plain][:_MOST_INDUCTIONS]
    claimed = view.target.partition(" ")[0]
    if sum(h.type.partition(" ")[0] == claimed for h in view.propositions) > 1:
        # Of what is said to be transitive, nobody knows which of the values it goes over; the others vary in each step.
        return sorted(plain, key=lambda way: -len(way.split()))[:_MOST_INDUCTIONS]
    derived = {f"induction {h.name}" for h in view.propositions}
    first = _MOST_INDUCTIONS - 1
    return [*plain[:first], *(way for way in plain[first:] if way in derived)][:_MOST_INDUCTIONS]


def _searched(goal: Goal, failed: Guess) -> Iterator[Move]:
    """A lemma as a goal of its own, for all strategies."""
    assert failed.guessed is not None
    name = keys(goal.view, 1)[0]
    yield Move(f"have {name} : {failed.guessed.statement} := ?_", failed.strategy, failed.cost + _SEARCHED, _ONWARD)
