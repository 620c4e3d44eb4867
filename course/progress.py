"""How far grading is, for the person who waits for it."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from course.pipeline import Marked, Task
from course.records import shortened


class Bar:
    """A bar with the time left in a terminal; elsewhere a line per submission."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            TextColumn("Grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.description}", markup=False),
            console=self._console,
            transient=True,
        )

    def __enter__(self) -> Bar:
        if self._console.is_terminal:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._console.is_terminal:
            self._bar.stop()

    def start(self, total: int) -> None:
        """Hear how many submissions are to be graded."""
        self._bar.add_task("", total=total)

    def graded(self, task: Task, marked: Marked) -> None:
        """Hear what came of one of them."""
        student, lesson = shortened(task.submission.student), task.submission.lesson
        if self._console.is_terminal:
            for bar in self._bar.task_ids:
                self._bar.update(bar, advance=1, description=student)
        else:
            print(f"{lesson}: {student} ({marked.seconds:.1f} s)", file=self._console.file)
