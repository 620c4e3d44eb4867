"""The softmax explorer's numbers: deck D's, Python's own exponential, and exact fractions of ties."""

import math
from decimal import Decimal

import pytest

from nnkit.widgets import Softmax


def by_hand(scores, temperature=1):
    """With Python's decimals, which know no largest number."""
    e = [(Decimal(score) / Decimal(temperature)).exp() for score in scores]
    return [float(value / sum(e)) for value in e]


def column(explorer, name):
    picture = explorer.shown["picture"]
    return picture["cells"][picture["columns"].index(name)]


def test_deck_d_s_three_scores():
    """D8."""
    softmax = Softmax("1.8, 0.9, 0.68")
    assert [f"{p:.2f}" for p in softmax.shown["picture"]["p"]] == ["0.58", "0.23", "0.19"]
    assert column(softmax, "e^z") == ["6.05", "2.46", "1.97", "10.5"]
    assert column(softmax, "probability")[-1] == "1.0000"


@pytest.mark.parametrize("preset", Softmax.presets)
def test_every_preset_gives_probabilities(preset):
    """C9: in [0, 1], sum 1."""
    softmax = Softmax(preset)
    picture = softmax.shown["picture"]
    assert picture["p"] == pytest.approx(by_hand(picture["z"], softmax.state["temperature"]))
    assert min(picture["p"]) >= 0
    assert sum(picture["p"]) == pytest.approx(1)


def test_the_networks_of_lesson_03():
    """C9: A and C are equally sure, B has no idea; the five scores sum to about 3.8."""
    a, b, c = (Softmax(f"network {name}").shown["picture"] for name in "ABC")
    assert c["z"] == [103, 100, 99, 100.5]
    assert c["p"] == pytest.approx(a["p"])
    assert max(a["p"]) == pytest.approx(1 / (1 + math.exp(-3) + math.exp(-4) + math.exp(-2.5)))
    assert f"{max(b['p']):.2f}" == "0.29"
    assert sum(Softmax("five scores").state["scores"]) == pytest.approx(3.8, abs=0.05)


@pytest.mark.parametrize("temperature", [0.05, 0.15, 0.2, 2.5, 5])
def test_the_temperature_divides_the_scores(temperature):
    softmax = Softmax(temperature=temperature)
    assert softmax.shown["picture"]["p"] == pytest.approx(by_hand([1.8, 0.9, 0.68], temperature))


def test_from_which_temperature_on_the_winner_takes_all():
    """To two decimals: at 0.15, not yet at 0.2."""
    assert " become 1.00, 0.00, 0.00." in repr(Softmax(temperature=0.15))
    assert " become 0.99, 0.01, 0.00." in repr(Softmax(temperature=0.2))
    assert " become 0.38, 0.32, 0.30." in repr(Softmax(temperature=5))


def test_ties():
    tie = Softmax("a tie")
    first, second, _ = tie.shown["picture"]["p"]
    assert first == second == pytest.approx(1 / (2 + math.exp(-3)))
    assert tie.shown["picture"]["best"] == [0, 1]
    assert "Classes 0 and 1 tie, 0.49 each: np.argmax names the first of them, class 0." in repr(
        tie
    )
    tie.do("tie")
    assert tie.state["scores"] == [2, 2, 2]
    assert tie.shown["picture"]["p"] == pytest.approx([1 / 3] * 3)
    assert "All tie, 0.33 each" in repr(tie)
    assert tie.shown["note"] == ""
    tie.do("tie")
    assert tie.shown["note"] == "All classes tie already."
    assert tie.state["scores"] == [2, 2, 2]


def test_a_tie_does_not_change_the_others():
    softmax = Softmax(scores=[0.5, 3, -2, 1])
    softmax.do("tie")
    assert softmax.state["scores"] == [0.5, 3, -2, 3]


def test_the_plain_formula_fails_far_from_0():
    large = Softmax("too large for e^z")
    assert column(large, "e^z") == ["too large"] * 4
    assert column(large, "e^(z − m)") == ["0.135", "0.368", "1", "1.5"]
    assert "e^1003 is too large: ∞/∞ is no number" in repr(large)
    small = Softmax(shift=-1000)
    assert column(small, "e^z") == ["0"] * 4
    assert "each e^z would be 0: 0/0 is no number" in repr(small)
    assert "no number" not in repr(Softmax("network C"))
    assert column(Softmax("network C"), "e^z")[0] == "5.40·10⁴⁴"


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ("divided by the sum", [1.8 / 3.38, 0.9 / 3.38, 0.68 / 3.38]),
        ("a sigmoid each", [1 / (1 + math.exp(-z)) for z in (1.8, 0.9, 0.68)]),
        ("1 for the largest", [1, 0, 0]),
        ("temperature 1", by_hand([1.8, 0.9, 0.68])),
    ],
)
def test_what_is_drawn_beside(beside, expected):
    softmax = Softmax(beside=beside, temperature=1)
    assert softmax.shown["picture"]["beside"] == pytest.approx(expected)
    numbers = ", ".join(f"{value:.2f}" for value in expected)
    assert repr(softmax).lower().endswith(f"{beside}: {numbers}.")


def test_a_sum_of_0_divides_nothing():
    softmax = Softmax(scores=[1, -1], beside="divided by the sum")
    assert repr(softmax).endswith("Divided by the sum: none: the sum is 0.")
    assert softmax.shown["picture"]["cells"][-1] == ["none"] * 3


def test_classes_come_and_go():
    softmax = Softmax(scores=[1, 2])
    softmax.do("add")
    assert softmax.state["scores"] == [1, 2, 0]
    softmax.do("remove")
    softmax.do("remove")
    assert softmax.shown["note"] == "2 classes are the fewest that can be compared."
    assert softmax.state["scores"] == [1, 2]
    for _ in range(5):
        softmax.do("add")
    assert softmax.shown["note"] == "6 classes are the most that can be shown."
    assert softmax.state["scores"] == [1, 2, 0, 0, 0, 0]


@pytest.mark.parametrize("scores", [[1], [0] * 7, [1, 5.1], [1, "2"], 3, [1, math.nan]])
def test_scores_that_cannot_be(scores):
    with pytest.raises(ValueError, match="expected "):
        Softmax(scores=scores)


def test_the_still_draws_the_same_bars():
    ax = Softmax("a negative score").still()
    assert [bar.get_height() for bar in ax.patches] == pytest.approx(by_hand([2, -1, 0.5]))
    assert ax.lines[0].get_ydata() == pytest.approx([4 / 3, -2 / 3, 1 / 3])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2", "−1", "0.5"]
