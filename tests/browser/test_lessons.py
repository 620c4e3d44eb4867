"""Every lesson that has an explorer, opened as it is given out: all cells run, the explorer moved."""

import ast
import shutil

import pytest

from course.build import make_lesson
from course.paths import Course
from nnkit.widgets import Scale, Slider
from tests.explorers import EXPLORERS

COURSE = Course.find()


def explorers_in(lesson: str) -> list[tuple[str, list, dict]]:
    """Return name and arguments of the explorers in a lesson; those that are no constants are None."""
    found = []
    for cell in make_lesson(COURSE, lesson).student.cells:
        if cell.cell_type != "code" or "nn.widgets." not in cell.source:
            continue
        for node in ast.walk(ast.parse(cell.source)):
            name = getattr(getattr(node, "func", None), "attr", None)
            if isinstance(node, ast.Call) and name in EXPLORERS:
                options = {key.arg: constant(key.value) for key in node.keywords}
                found.append((name, [constant(value) for value in node.args], options))
    return found


def constant(node: ast.expr):
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


WITH_EXPLORERS = {
    lesson: found for lesson in COURSE.choose_lessons(()) if (found := explorers_in(lesson))
}


def test_every_explorer_is_in_a_lesson():
    assert {name for found in WITH_EXPLORERS.values() for name, _, _ in found} == set(EXPLORERS)


@pytest.fixture(scope="module", params=WITH_EXPLORERS)
def opened(request, browser, server):
    from tests.browser.jupyter import OpenNotebook

    given = COURSE.lessons / request.param / f"{request.param}.ipynb"
    shutil.copy(given, server.root)
    notebook = OpenNotebook(browser, server, given.name)
    notebook.run_all()
    yield notebook, WITH_EXPLORERS[request.param]
    notebook.close()


def test_it_moves_and_says_what_nnkit_says(opened):
    notebook, found = opened
    for shown, (name, arguments, options) in zip(notebook.explorers(), found, strict=True):
        if options.get("predict"):
            shown.predict("I do not know")
        in_the_lesson = None in options.values()  # made with the lesson's own net
        made = EXPLORERS[name](*arguments, **{k: v for k, v in options.items() if v is not None})
        assert in_the_lesson or shown.sentence == repr(made)

        slider = next(
            control
            for control in made.controls
            if isinstance(control, Slider | Scale)
            and control.is_there(made.state)
            and control.name not in options.get("hide", [])
        )
        before = shown.sentence
        shown.press(slider.name, "ArrowRight")
        assert shown.sentence != before
        assert not shown.root.locator(".nnkit-error").is_visible()
        if not in_the_lesson and isinstance(slider, Slider):
            made.set(**{slider.name: float(shown.control(slider.name).input_value())})
            assert shown.sentence == repr(made)
    assert notebook.complaints == []
