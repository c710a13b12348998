"""Features of goals: alike for goals that are alike, however variables are called and names are printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghostproof.learning.features import constants, features, likeness, rarity

APPEND = "α : Type\nxs ys : List α\n⊢ (xs ++ ys).reverse = ys.reverse ++ xs.reverse"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(APPEND, APPEND.replace("xs", "as").replace("ys", "bs"), id="variables"),
        pytest.param("n : Nat\n⊢ n + 0 = n", "m✝ : Nat\n⊢ m✝ + 0 = m✝", id="inaccessible names"),
        pytest.param("n✝¹ n✝ : Nat\n⊢ n✝¹ = n✝", "a b : Nat\n⊢ a = b", id="several of them"),
        pytest.param("⊢ ∀ (x : Nat), x = x", "⊢ ∀ (y : Nat), y = y", id="bound variables"),
        pytest.param("⊢ (fun a => a) = id", "⊢ (fun b => b) = id", id="bound by fun"),
        pytest.param("case nil\nn : Nat\n⊢ n = n", "n : Nat\n⊢ n = n", id="tags"),
        pytest.param("n : Nat\n⊢ n =\n  n", "n : Nat\n⊢ n = n", id="line breaks"),
        pytest.param("n m : Nat\nh : n = m\n⊢ m = n", "a b : Nat\nk : a = b\n⊢ b = a", id="hypotheses"),
    ],
)
def test_goals_that_differ_in_names_only_have_the_same_features(one: str, other: str) -> None:
    assert features(one) == features(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a b : Nat\n⊢ a = b", "a b : Nat\n⊢ a = a", id="which variable"),
        pytest.param("a : Nat\n⊢ a = a", "a : Int\n⊢ a = a", id="the variable's type"),
        pytest.param("a b : Nat\n⊢ a ≤ b", "a b : Nat\n⊢ a < b", id="the relation"),
        pytest.param("a b : Nat\nh : a < b\n⊢ a ≤ b", "a b : Nat\n⊢ a ≤ b", id="a hypothesis more"),
        pytest.param("a b : Nat\nh : a < b\n⊢ a ≤ b", "a b : Nat\nh : a ≤ b\n⊢ a < b", id="where it stands"),
    ],
)
def test_goals_that_differ_have_other_features(one: str, other: str) -> None:
    assert features(one) != features(other)


@pytest.mark.parametrize(
    ("goal", "found"),
    [
        pytest.param("xs : List Nat\n⊢ xs.length = 0", {"length", "=", "0", "List", "Nat"}, id="field of a variable"),
        pytest.param("xs : List Nat\n⊢ List.length xs = 0", {"length", "=", "0", "List", "Nat"}, id="full name"),
        pytest.param(
            "xs : List Nat\n⊢ (xs ++ xs).length = 0", {"length", "=", "0", "++", "List", "Nat"}, id="of a term"
        ),
        pytest.param("n : Nat\nh : Foo.bar n = 1\n⊢ False", {"bar", "=", "1", "Nat", "False"}, id="in a hypothesis"),
        pytest.param("⊢ ∀ x, p x", {"∀", "p"}, id="a bound variable is none"),
        pytest.param("", set(), id="nothing"),
    ],
)
def test_constants(goal: str, found: set[str]) -> None:
    assert constants(goal) == found


def test_a_goal_is_more_like_one_of_its_kind_than_like_another() -> None:
    sought = features(APPEND)
    near = features("β : Type\na b c : List β\n⊢ (a ++ (b ++ c)).reverse = (b ++ c).reverse ++ a.reverse")
    far = features("a b : Nat\n⊢ a + b = b + a")
    assert likeness(sought, sought, {}) == 1
    assert likeness(sought, near, {}) > likeness(sought, far, {})


def test_rare_features_weigh_more() -> None:
    weights = [rarity(having, 1000) for having in (1, 10, 500, 999, 1000)]
    assert weights == sorted(weights, reverse=True)
    assert min(weights) > 0
    a, b, c = frozenset({"rare", "usual"}), frozenset({"rare", "x"}), frozenset({"usual", "x"})
    heavy = {"rare": rarity(1, 1000), "usual": rarity(900, 1000)}
    assert likeness(a, b, heavy) > likeness(a, c, heavy)


@given(st.text(max_size=200))
def test_any_text_has_features(text: str) -> None:
    assert all(features(text))
    assert features(text) == features(text)
