"""The pages in docs/ say what is so: figures, map, glossary, notation, teachers' pages, links."""

import functools
import importlib.util
import re
from pathlib import Path

import nbformat
import pytest

import nnkit as nn
from course import build
from course.lessons import measure
from course.paths import Course
from tests.explorers import EXPLORERS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
COURSE = Course(ROOT)
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md")), ROOT / "benchmarks" / "README.md"]


def script(name):
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_figure_is_in_the_gallery():
    functions = {name for name in nn.plots.__all__ if callable(getattr(nn.plots, name))}
    assert functions <= {draw.__name__ for draw in script("gallery").FIGURES}


def test_the_page_shows_every_picture():
    page = (DOCS / "gallery.md").read_text()
    wanted = {
        f"{draw.__name__}-{style}.png"
        for draw in script("gallery").FIGURES
        for style in ("light", "dark", "grey")
    }
    assert {path.name for path in (DOCS / "gallery").iterdir()} == wanted
    assert all(f'src="gallery/{name}"' in page for name in wanted)


def text(name):
    return (DOCS / name).read_text(encoding="utf-8")


@functools.cache
def lessons():
    """All lessons, built in memory, by id."""
    return {lesson: build.make_lesson(COURSE, lesson) for lesson in COURSE.lesson_ids()}


@functools.cache
def prose(lesson):
    cells = lessons()[lesson].student.cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def table_rows(page):
    """The cells of a Markdown page's table rows, without the heads."""
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    links = re.findall(r'\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"', page.read_text(encoding="utf-8"))
    paths = [link for pair in links for link in pair if link and "://" not in link]
    missing = [link for link in paths if not (page.parent / link.split("#")[0]).exists()]
    assert missing == []


@pytest.mark.parametrize("name", build.PAGES)
def test_links_lead_somewhere_in_the_notebooks_of_the_pages_too(name):
    notebook = nbformat.read(COURSE.lessons / f"{name}.ipynb", as_version=4)
    links = re.findall(r"\]\(([^)]+)\)", "".join(cell.source for cell in notebook.cells))
    assert links
    assert all((COURSE.lessons / link).is_file() for link in links)
    assert not any(link.endswith(".md") for link in links)


def test_the_map_says_what_the_lessons_say():
    rows = [row for row in table_rows(text("start.md")) if row[0].startswith("[")]
    assert [re.search(r"lessons/([^/]+)/", row[0])[1] for row in rows] == list(lessons())
    for row, (lesson, built) in zip(rows, lessons().items(), strict=True):
        found = measure(built)
        assert row[0].startswith(f"[{lesson.replace('-', ' ', 1)}]")
        assert row[1] == found.minutes
        assert row[2] == (", ".join(found.builds_on) or "–")
        assert len(row[3].split()) > 5


def test_the_drawing_of_the_map_has_all_arrows_that_are_needed():
    """An arrow leads from what a lesson builds on; all that it builds on is found backwards."""
    drawing = re.search(r"```mermaid\n(.*?)```", text("start.md"), re.DOTALL)[1]
    numbers = [lesson[:2] for lesson in COURSE.lesson_ids()]
    assert sorted(set(re.findall(r"(\d\d)\[", drawing))) == numbers
    drawing = re.sub(r"\[[^]]*\]", "", drawing)
    arrows = {(start, end) for start, end in re.findall(r"(\d\d) --> (?=(\d\d))", drawing)}
    arrows |= {("04", "05"), ("09", "10")}  # from frame to frame
    assert "forward --> learning --> real" in drawing
    for lesson, built in lessons().items():
        builds_on = set(measure(built).builds_on)
        assert {start for start, end in arrows if end == lesson[:2]} <= builds_on
        assert builds_on <= before(lesson[:2], arrows)


def before(number, arrows):
    """All that an arrow leads from, directly or by way of others."""
    starts = {start for start, end in arrows if end == number}
    return starts.union(*(before(start, arrows) for start in starts))


def glossary():
    rows = [row for row in table_rows(text("glossary.md")) if row[0].startswith("**")]
    return [
        (term.strip("*"), meaning, re.search(r"lessons/([^/]+)/", link)[1])
        for term, meaning, link in rows
    ]


@pytest.mark.parametrize(("term", "meaning", "lesson"), glossary(), ids=lambda value: value[:20])
def test_the_glossary_s_terms_are_in_their_lessons(term, meaning, lesson):
    words = re.escape(term).replace(r"\ ", r"\s+")
    assert re.search(rf"(?<!\w){words}", prose(lesson), re.IGNORECASE)
    assert meaning


def test_the_glossary_is_in_order_and_of_all_lessons():
    terms = [term.casefold() for term, _, _ in glossary()]
    assert terms == sorted(set(terms))
    assert {lesson for _, _, lesson in glossary()} == set(COURSE.lesson_ids())


def test_the_notation_s_losses_are_nnkits():
    named = set(re.findall(r"\| `(\w+)` \|$", text("notation.md"), re.MULTILINE))
    assert named == {name for name in nn.losses.LOSSES if "cross" not in name}


def test_teachers_have_a_page_for_every_lesson_and_an_index():
    pages = {path.stem for path in (DOCS / "teachers").glob("*.md")} - {"README"}
    assert pages == set(COURSE.lesson_ids())
    index = text("teachers/README.md")
    for name in pages:
        page = text(f"teachers/{name}.md")
        title = page.splitlines()[0].removeprefix("# ").removesuffix(": for teachers")
        minutes = re.search(r"## Timing \((\d+ minutes)", page)[1]
        assert f"| [{title}]({name}.md) | {minutes} |" in index
        built = lessons()[name]
        points = [f"{points:g}" for points in built.exercises.values()]
        total = sum(built.exercises.values())
        marks = re.search(rf"{total:g} points by checks \((.*?)\)", page, re.DOTALL)[1]
        each = [marks.split()[0]] * len(points) if "each" in marks else re.findall(r"\d+", marks)
        assert each == points
        assert f"{sum(built.questions.values()):g} by hand" in page


def test_the_page_of_explorers_is_what_the_script_writes():
    explorers = script("explorers")
    assert (DOCS / "explorers.md").read_text(encoding="utf-8") == explorers.page(EXPLORERS)
    wanted = {
        explorers.file_name(name, preset, theme)
        for name, cls in EXPLORERS.items()
        for preset in cls.presets
        for theme in explorers.THEMES
    }
    assert {path.name for path in (DOCS / "explorers").iterdir()} == wanted
