"""Run a lesson as a reader does, and check what holds for every lesson.

`conftest` has the fixtures ``lesson``, ``solved``, ``unfilled`` and ``solutions``: they belong to the
lesson that the test module names in ``LESSON``.
"""

import contextlib
import copy
import io
import os
import time
from pathlib import Path

from nbclient import NotebookClient

import grader_tests
from course.build import Lesson
from course.lessons import measure

VERDICT = "application/vnd.nnkit.verdict+json"


class Run:
    """An executed notebook; cells are found by a piece of their source."""

    def __init__(self, notebook, folder: Path):
        notebook = copy.deepcopy(notebook)
        start, before = time.perf_counter(), os.times()
        NotebookClient(
            notebook, timeout=60, allow_errors=True, resources={"metadata": {"path": str(folder)}}
        ).execute()
        self.seconds = time.perf_counter() - start
        after = os.times()
        # The kernel's processor time: what else the machine does makes it no longer.
        self.busy = sum(after[2:4]) - sum(before[2:4])
        self.cells = notebook.cells

    def cell(self, piece):
        found = [cell for cell in self.cells if cell.cell_type == "code" and piece in cell.source]
        assert len(found) == 1, f"{len(found)} cells hold {piece!r}"
        return found[0]

    def text(self, piece):
        """What the cell printed or returned, with single spaces."""
        pieces = [
            output.text if output.output_type == "stream" else output.data.get("text/plain", "")
            for output in self.cell(piece).outputs
            if output.output_type != "error"
        ]
        return " ".join("".join(pieces).split())

    def lines(self, piece):
        """The lines that the cell printed, in however many pieces they came."""
        outputs = self.cell(piece).outputs
        return "".join(o.text for o in outputs if o.output_type == "stream").splitlines()

    def kinds(self, piece):
        """The MIME types that the cell displayed."""
        outputs = self.cell(piece).outputs
        return {kind for output in outputs for kind in output.get("data", {})}

    def errors(self):
        return [
            (cell, output)
            for cell in self.cells
            for output in cell.get("outputs", [])
            if output.output_type == "error"
        ]

    def stderr(self):
        return "".join(
            output.text
            for cell in self.cells
            for output in cell.get("outputs", [])
            if output.output_type == "stream" and output.name == "stderr"
        )

    def verdicts(self):
        found = [
            output.data[VERDICT]
            for cell in self.cells
            for output in cell.get("outputs", [])
            if VERDICT in output.get("data", {})
        ]
        return {verdict["exercise"]: verdict for verdict in found}


def assert_shows(run: Run, piece: str, parts: list[str]) -> None:
    """The cell's text holds all these parts."""
    text = run.text(piece)
    for part in parts:
        assert part in text


def section(lesson: Lesson, title: str) -> str:
    """Return the source of the first of the lesson's cells with this title in it."""
    return next(cell.source for cell in lesson.student.cells if title in cell.source)


def quiz(run: Run, answers: dict) -> list[str]:
    """Return the quiz's replies to these answers, a line per question."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(run.cell("replies =").source, {"answers": answers})
    return printed.getvalue().splitlines()


def assert_quiz(run: Run, right: dict[int, str]) -> None:
    """Every answer has a reply of its own, and only the right ones are called right."""
    for number, answer in right.items():
        replies = [quiz(run, {number: letter})[0] for letter in "abc"]
        assert len(set(replies)) == 3
        assert [": Right" in reply for reply in replies] == [letter == answer for letter in "abc"]
    nonsense = dict.fromkeys(right, "x")
    assert all("no answer yet" in reply for reply in quiz(run, nonsense))
    assert len(quiz(run, dict.fromkeys(right))) == len(right)


def assert_box(lesson: Lesson, seen: list[tuple[str, str]]) -> None:
    """The box of what goes wrong has a line with this mistake and what it makes of an example."""
    box = section(lesson, "What usually goes wrong").splitlines()
    for name, shown in seen:
        shown = shown.replace("-", "−")
        assert any(f"`{name}`" in line and shown in line for line in box), (name, shown)


def assert_solved(run: Run, lesson: Lesson) -> None:
    """With the solutions in, no cell fails or warns, and every check gives full marks."""
    assert [(cell.source[:60], error.evalue) for cell, error in run.errors()] == []
    assert run.stderr() == ""
    exercises = grader_tests.exercises(lesson.id)
    verdicts = run.verdicts()
    assert list(verdicts) == list(exercises)
    for name, verdict in verdicts.items():
        assert (verdict["status"], verdict["score"]) == ("pass", exercises[name].points)


def assert_unfilled(run: Run, lesson: Lesson) -> None:
    """Unfilled, it stops at its own stubs only; checks give nothing and say so."""
    assert {error.ename for _, error in run.errors()} <= {"NotImplementedError"}
    assert run.stderr() == ""
    # JupyterLab's Run All stops at a cell that raises unless the cell has this tag.
    stopped = [cell.source for cell, _ in run.errors()]
    tagged = [c.source for c in run.cells if "raises-exception" in c.metadata.get("tags", [])]
    assert stopped == tagged
    assert all(source.startswith("# Your function") for source in tagged)
    verdicts = run.verdicts()
    assert list(verdicts) == list(grader_tests.exercises(lesson.id))
    for verdict in verdicts.values():
        assert (verdict["status"], verdict["score"]) == ("fail", 0)
        assert verdict["misconceptions"] == ["not-implemented"]


def assert_gives_no_answers(lesson: Lesson) -> None:
    """Students get neither solutions, outputs nor rubrics."""
    for cell in lesson.student.cells:
        assert "SOLUTION" not in cell.source
        assert not cell.get("outputs")
    for name in lesson.questions:
        question = next(cell for cell in lesson.student.cells if cell.id == f"question-{name}")
        assert "Model answer" not in question.source


def assert_measures(run: Run, lesson: Lesson) -> None:
    """Length, size and time are what docs/writing-a-lesson.md asks for."""
    found = measure(lesson)
    assert 25 <= found.cells <= 45
    assert 1200 <= found.words <= 2500
    assert found.exercises >= 3
    assert found.kilobytes < 100
    assert run.busy < 60
