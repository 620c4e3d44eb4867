"""The neuron in JupyterLab and Notebook 7: moved by keys and by mouse, its numbers checked."""

import re

import numpy as np
import pytest

import nnkit as nn

CELLS = [
    "import nnkit as nn\nnn.widgets.Neuron()",
    "bank = nn.widgets.Neuron('bank loan', predict='Which way does the line go?')\nbank",
    "nn.widgets.Neuron('one input', hide=['copy', 'activation'])",
    "print(bank.prediction, '|', bank.code)",
]
HOUSES = nn.house_prices_by_size()
LOANS = nn.loans()


@pytest.fixture(scope="module")
def notebook(open_notebook):
    opened = open_notebook("neuron", CELLS)
    opened.run_all()
    return opened


@pytest.fixture
def house(notebook):
    neuron = notebook.explorer(0)
    neuron.click("Reset")
    return neuron


def mean_squared_error(w, b):
    return np.mean((HOUSES.X[:, 0] * w + b - HOUSES.y) ** 2)


def numbers(sentence):
    return [
        float(n.replace(",", "").replace("−", "-"))
        for n in re.findall(r"−?\d[\d,.]*\d|\d", sentence)
    ]


def test_the_keyboard_moves_the_bias(house):
    house.press("bias", "ArrowRight", times=4)
    size, price = HOUSES.X[0, 0], HOUSES.y[0]
    z = 1.5 * size + 120
    assert house.sentence.startswith(
        f"House 1: 1.5 · {size:g} + 120 = {z:g}; it cost {price:g} thousand €."
    )
    assert numbers(house.sentence)[-1] == pytest.approx(mean_squared_error(1.5, 120), rel=1e-3)
    assert {"b = 120", f"z = {z:g}", f"a = f(z) = {z:g}"} <= set(house.texts)


def test_the_mouse_drags_the_weight(house):
    house.drag("w1", 0.5)
    w = float(house.control("w1").input_value())
    assert 2.3 < w < 2.7
    assert f"w = {w:g}" in house.texts
    assert numbers(house.sentence)[-1] == pytest.approx(mean_squared_error(w, 100), rel=1e-3)


def test_a_finger_moves_the_weight_and_picks_an_example(house):
    house.tap("w1", 0.8)
    w = float(house.control("w1").input_value())
    assert 3.8 < w < 4.2
    assert f"w = {w:g}" in house.texts
    mark = house.root.locator(".nnkit-stage svg").nth(1).locator("path").nth(40)
    box = mark.bounding_box()
    house.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    house.settled()
    number = int(house.control("example").input_value())
    assert abs(HOUSES.X[number - 1, 0] - HOUSES.X[40, 0]) <= 3


def test_the_line_is_dragged_by_its_end(house):
    before = house.sentence
    house.pull(".nnkit-handle >> nth=1", 0, -30)  # at 200 m²: steeper
    w, b = (float(house.control(name).input_value()) for name in ("w1", "bias"))
    assert w > 1.6
    assert 50 * w + b == pytest.approx(50 * 1.5 + 100, abs=5)  # the other end has stayed
    assert house.sentence != before
    # What the sliders show is what Python has: the mouse sets only what they could be set to.
    assert {f"w = {w:g}", f"b = {b:g}"} <= set(house.texts)


def test_fast_moves_are_put_together(house):
    """Forty moves before Python can answer: a picture for the first, one for all others."""
    drawn = house.root.evaluate(
        """async (root) => {
            const drawn = new Set(), bias = root.querySelector("[name='bias']:not([hidden] *)");
            new MutationObserver(() => drawn.add(root.dataset.drawn)).observe(
                root, { attributeFilter: ["data-drawn"] });
            for (let i = 1; i <= 40; i++) {
                bias.value = 100 + 5 * i;
                bias.dispatchEvent(new Event("input", { bubbles: true }));
            }
            while (root.dataset.busy === "true") await new Promise((next) => setTimeout(next, 10));
            return [...drawn];
        }"""
    )
    assert len(drawn) == 2
    assert house.control("bias").input_value() == "300"
    assert "+ 300 =" in house.sentence


def test_an_example_is_picked_in_the_picture(house):
    circle = house.root.locator(".nnkit-stage svg").nth(1).locator("path").nth(6)
    box = circle.bounding_box()
    house.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    house.settled()
    number = int(house.control("example").input_value())
    size, price = HOUSES.X[number - 1, 0], HOUSES.y[number - 1]
    assert abs(size - HOUSES.X[6, 0]) <= 3
    assert house.sentence.startswith(f"House {number}: 1.5 · {size:g}")
    assert f"it cost {price:.4g}" in house.sentence


def numbers_agreed(sentence):
    return int(sentence.split("answers, ")[1].split()[0])


def test_reset_and_presets(house):
    house.press("bias", "Home")
    house.root.get_by_label("Preset").select_option("bank loan")
    house.settled()
    assert house.sentence.startswith("Application 1: 1 · 49 − 1 · 4 − 20 = 25, above 0: yes")
    assert house.root.get_by_label("Weight of debts").is_visible()
    stage = house.root.locator(".nnkit-stage")
    assert "Struck through: the neuron says otherwise." in stage.inner_text()
    struck = stage.locator("path[fill-opacity='0']").evaluate_all(
        "(marks) => marks.map((mark) => mark.getAttribute('d').split('M').length - 1)"
    )
    disagree = int(house.sentence.split("Of ")[1].split()[0]) - numbers_agreed(house.sentence)
    assert struck == [2] * disagree  # the mark, and the stroke through it
    house.click("Reset")
    assert "Struck" not in stage.inner_text()
    assert "Mean squared error" in house.sentence
    assert not house.root.get_by_label("Weight of debts").is_visible()
    assert house.control("bias").input_value() == "100"


def test_the_activation_is_chosen_by_keys(house):
    house.press("activation", "s")  # the first that starts with it
    assert house.control("activation").evaluate("e => e.selectedOptions[0].text") == "sigmoid"
    assert "sigmoid makes 1 of it" in house.sentence


def test_predict_first_and_two_do_not_disturb_each_other(notebook, house):
    bank, start = notebook.explorer(1), house.sentence
    if bank.root.get_by_label(
        "Your prediction"
    ).is_visible():  # Notebook and Lab each have their own
        assert bank.control("bias").is_disabled()
        bank.root.get_by_label("Your prediction").fill("to the left")
        bank.page.keyboard.press("Enter")
    bank.press("bias", "ArrowLeft", times=5)
    right = ((LOANS.X[:, 0] - LOANS.X[:, 1] - 30 > 0) == (LOANS.y > 0)).sum()
    assert bank.sentence.endswith(f"Of 200 answers, {right} are the bank's.")
    assert house.sentence == start
    assert "You predicted: to the left" in bank.root.inner_text()
    assert notebook.run_cell(notebook.cells.nth(3)) == (
        "to the left | nn.widgets.Neuron(data='bank loan', w1=1.0, w2=-1.0, bias=-30, "
        "activation='perceptron', example=1)"
    )


def test_what_a_lesson_hides_is_not_there(notebook):
    shown = notebook.explorer(2)
    assert shown.root.locator("[name='activation']").count() == 0
    assert shown.root.get_by_role("button", name="Copy as code").count() == 0
    shown.press("bias", "ArrowRight", times=8)
    assert "The sum is 0 at x = −4." in shown.sentence


def test_the_copied_code_makes_the_same(notebook, house):
    house.press("bias", "End")
    house.click("Copy as code")
    code = house.root.locator(".nnkit-note").inner_text()
    assert repr(eval(code, {"nn": nn})) == house.sentence


def test_everybody_can_use_it(notebook):
    assert notebook.barriers(".nnkit") == []


def test_the_console_is_silent(notebook):
    assert notebook.complaints == []
