"""What students' cells find as grader_tests while a submission is graded: nothing to be learned from."""

from __future__ import annotations

from typing import Any


def check(lesson: str, exercise: str, namespace: dict[str, Any]) -> None:
    """Say that checks are run elsewhere."""
    print(f"{exercise} is checked where this notebook is graded.")


def hint(lesson: str, exercise: str) -> None:
    """Say that there are no hints here."""
    print("There are no hints while a notebook is graded.")
