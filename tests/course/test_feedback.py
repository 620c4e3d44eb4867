"""Feedback pages: what a student reads, and that nothing in them runs."""

import os
import subprocess
import sysconfig
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.server_extensions.formgrader.handlers import template_path

from course import pages
from course.build import make_lesson
from course.cli import main
from course.feedback import make_feedback, page
from course.gradebook import Question
from course.paths import Course
from course.settings import nbgrader_settings
from course.standing import Standing, class_standing

LESSON = "08-two-three-one"


class Page(HTMLParser):
    """A page as a browser sees it: its text, and everything that could run or load something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.values: list[str] = []
        self.scripts: list[str] = []
        self._within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._within = tag
        for name, value in attrs:
            self.values.append(value or "")
            self.attributes.add(name)
            if name in ("href", "src", "action", "data", "srcset", "xlink:href"):
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "script":
            self.scripts.append(data)
        elif self._within != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def made(term: Course) -> dict[str, Path]:
    return {path.parents[1].name: path for path in make_feedback(term, [LESSON])}


def read(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


class TestWhatAStudentReads:
    def test_the_mistake_the_case_and_the_slide(self, made: dict[str, Path]) -> None:
        text = read(made["ben"]).text
        assert "Missing derivative" in text
        assert "multiply by the sigmoid’s derivative, out·(1 − out)" in text
        assert "Read again: deck B, “Step 5: Backpropagation, a) Calculate" in text
        assert "the call output_bpe(out, Y)" in text
        assert "your function gave" in text
        assert "Right already: forward , update , train" in text

    def test_what_was_right(self, made: dict[str, Path]) -> None:
        text = read(made["ann"]).text
        assert "the hidden values of one observation – passed, 3 of 3" in text
        assert "not right yet" not in text

    def test_late(self, made: dict[str, Path]) -> None:
        assert "Handed in 2 days late: 2 points are taken off." in read(made["ann"]).text
        assert "44 points so far" in read(made["ann"]).text
        assert "days late" not in read(made["ben"]).text

    def test_an_answer_that_nobody_has_read_waits(self, made: dict[str, Path]) -> None:
        text = read(made["ben"]).text
        assert "4 of the 50 points are still open: old-weights waits for a person." in text
        assert "It has no points yet; that is not 0." in text
        assert "The steps of W1 and b1 change." in text

    def test_what_could_not_be_checked_says_so_and_why(self, made: dict[str, Path]) -> None:
        text = read(made["cem"]).text
        assert "Not checked yet" in text
        assert "That does not mean it is wrong, and it is not counted as 0" in text
        assert "JSON" in text
        assert "0 of 10" not in text

    def test_only_who_handed_in_gets_a_page(self, made: dict[str, Path]) -> None:
        assert set(made) == {"ann", "ben", "cem", "eve"}

    def test_a_page_from_the_command(self, term: Course, at, made: dict[str, Path]) -> None:
        at(term)
        done = CliRunner().invoke(main, ["feedback", LESSON, "--student", "ben"])
        assert done.output == f"{made['ben']}\n"


class TestGradedByAPerson:
    @pytest.fixture
    def standing(self, term: Course) -> Standing:
        lesson = make_lesson(term, LESSON)
        return class_standing(term, lesson, ["ann"])[0]

    def test_points_and_comment(self, term: Course, standing: Standing) -> None:
        graded = replace(
            standing,
            questions=(Question("old-weights", 3.5, 4.0),),
            comments={"question-old-weights": "Well *argued*.", "train": "Short and clear."},
        )
        text = Page(page(make_lesson(term, LESSON), graded).decode()).text
        assert "47.5 of 50 points" in text
        assert "A comment for you Well argued ." in text
        assert "Short and clear." in text
        assert "3.5 of 4 points" in text

    def test_a_regrade_is_told(self, term: Course, standing: Standing) -> None:
        records = list(standing.records)
        records[0] = replace(records[0], previous=4.0, regraded="2026-11-02 08:00:00+00:00")
        records[1] = replace(records[1], previous=None, regraded="2026-11-02 08:00:00+00:00")
        changed = replace(standing, records=tuple(records), notes=("a cell had lost its mark",))
        text = Page(page(make_lesson(term, LESSON), changed).decode()).text
        assert "Graded again on 2026-11-02: it was 4 points before." in text
        assert "Graded again on 2026-11-02: it had not been checked before." in text
        assert "a cell had lost its mark" in text


class TestNothingRuns:
    def test_no_element_that_could(self, made: dict[str, Path]) -> None:
        for path in made.values():
            found = read(path)
            assert not found.tags & {"script", "iframe", "object", "embed", "form", "link", "img"}
            assert not [name for name in found.attributes if name.startswith("on")]
            assert "style" not in found.attributes
            assert all(link.startswith("#") for link in found.links)
            assert "default-src 'none'" in path.read_text(encoding="utf-8")

    def test_what_eve_wrote_is_still_there_as_text(self, made: dict[str, Path]) -> None:
        text = read(made["eve"]).text
        assert "<script>document.title='owned'</script>" in text
        assert "ZeroDivisionError" in text

    def test_a_browser_runs_and_loads_nothing(self, made: dict[str, Path], tabs) -> None:
        tab = tabs.new_page()
        loaded, complaints = [], []
        tab.on("request", lambda request: loaded.append(request.url))
        tab.on("console", lambda message: complaints.append(message.text))
        tab.goto(made["eve"].as_uri())
        assert tab.locator("h1").count() == 1
        assert tab.title() == "08 · A net small enough to follow by hand: feedback for eve"
        assert loaded == [made["eve"].as_uri()]
        assert complaints == []  # the policy allows the page its own style
        assert tab.locator("h1").evaluate("e => getComputedStyle(e).fontSize") == "25.6px"
        tab.close()

    def test_the_policy_holds_where_cleaning_would_fail(self, tmp_path: Path, tabs) -> None:
        """The second wall: a script that got into the page all the same does not run."""
        html = pages.render("page.html.j2").decode()
        evil = "<main><script>document.title='owned'</script><img src=x onerror=document.title='owned'>"
        (tmp_path / "page.html").write_text(html.replace("<main", f"{evil}<main", 1))
        tab = tabs.new_page()
        tab.goto(
            (tmp_path / "page.html").as_uri(), wait_until="load"
        )  # the picture has failed by then
        assert tab.title() == ""
        tab.close()

    @pytest.mark.parametrize(
        "text",
        [">" * 9_000, "<div>" * 2_000, "[" * 9_000, "* " * 4_500, "`" * 9_999, "x" * 300_000],
        ids=lambda text: text[:2],
    )
    def test_text_made_to_break_a_formatter(self, text: str) -> None:
        html = str(pages.markdown(text))
        assert len(html) < 300_000
        assert "<div>" not in html

    def test_terminal_codes_and_odd_characters(self) -> None:
        assert str(pages.plain("\x1b[31mred\x1b[0m <b>")) == "<pre>red &lt;b&gt;</pre>"


def test_nothing_runs_in_formgrader_s_page_either(tmp_path: Path) -> None:
    """Plain nbgrader keeps what a kernel sends; its templates believe in it."""
    bundles = [
        ({"image/png": 'QUJD" onerror="alert(1)'}, {}),
        ({"image/png": "QUJD"}, {"image/png": {"width": '1" onload="alert(2)', "alt": "x"}}),
        ({"text/html": "<script>alert(3)</script>", "text/plain": "as text"}, {}),
        ({"image/svg+xml": '<svg onload="alert(4)">', "text/plain": "a picture"}, {}),
        ({"application/javascript": "alert(5)", "text/plain": "a program"}, {}),
        ({"text/markdown": "<script>alert(6)</script>", "text/plain": "words"}, {}),
        ({"text/latex": "<script>alert(7)</script>", "text/plain": "a formula"}, {}),
    ]
    outputs = [new_output("display_data", data, metadata=more) for data, more in bundles]
    cells = [new_code_cell("1", outputs=outputs), new_markdown_cell("<script>alert(8)</script>")]
    cells[0].metadata.tags = ['" onload="alert(9)']
    config = nbgrader_settings(Course(tmp_path))
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [template_path]
    names = ("assignment_id", "notebook_id", "submission_id", "student", "last_name", "first_name")
    resources = dict.fromkeys((*names, "base_url", "notebook_path"), "x") | {"index": 0, "total": 1}
    html, _ = HTMLExporter(config=config).from_notebook_node(new_notebook(cells=cells), resources)
    found = Page(html)
    attacks = [value for value in found.values if "alert(" in value]
    assert attacks == []
    assert "data:image/png;base64,QUJD" in found.links
    for text in ("as text", "a picture", "a program", "words", "a formula", "alert(8)"):
        assert text in found.text
    assert not [words for words in found.scripts if "alert(" in words]


def test_plain_nbgrader_makes_the_same_pages(term: Course, made: dict[str, Path]) -> None:
    before = made["ben"].read_bytes()
    made["ben"].unlink()
    environment = {k: v for k, v in os.environ.items() if k != "NNKIT_COURSE"}
    done = subprocess.run(
        [
            Path(sysconfig.get_path("scripts"), "nbgrader"),
            "generate_feedback",
            LESSON,
            "--student=ben",
            "--force",
        ],
        env=environment,
        cwd=term.home,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert made["ben"].read_bytes() == before
