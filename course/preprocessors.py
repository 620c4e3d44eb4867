"""A step of nbgrader's autograding that is ours."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import SaveAutoGrades

from course.records import outcome


class SaveVerdicts(SaveAutoGrades):
    """Save grades, but never a grade that no verdict stands behind.

    nbgrader gives full marks to a check cell that shows nothing and 0 to one whose kernel was
    interrupted. Neither is known to be right, so such a cell is left for a person to grade.
    """

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        if cell.cell_type != "code":
            super()._add_score(cell, resources)
            return
        grade = self.gradebook.find_grade(
            cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = outcome(cell).score
        grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
        self.gradebook.db.commit()
