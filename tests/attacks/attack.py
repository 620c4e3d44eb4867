"""What an attack is, and how its submission is made."""

from __future__ import annotations

import copy
import json
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.demo import LESSON, SAMPLES
from course.marks import parse

POINTS = {"forward": 10, "output_bpe": 6, "hidden_bpe": 8, "update": 10, "train": 12}
NOTHING = dict.fromkeys(POINTS, 0)
REFUSED = dict.fromkeys(POINTS, None)

EARNING, HARMING, BREAKING = "earning marks", "doing harm", "breaking"

# Wrong functions that return something of the right make, for attacks on the comparison.
ZEROS = {
    "forward": "forward = lambda X, params: (np.zeros((len(X), 3)), np.zeros((len(X), 1)))",
    "output_bpe": "output_bpe = lambda out, Y: np.zeros((len(Y), 1))",
    "hidden_bpe": "hidden_bpe = lambda bpe_out, W2, H: np.zeros((len(H), 3))",
    "update": "update = lambda params, *rest: tuple(np.zeros_like(p) for p in params)",
    "train": "train = lambda X, Y, params, *rest, **named: ([np.zeros_like(p) for p in params], 7)",
}
# Nothing written at all.
STUBS = {name: f"def {name}(*args):\n    raise NotImplementedError()" for name in POINTS}

Notebook = dict[str, Any]


def all_but(**points: float | None) -> dict[str, float | None]:
    """Return full points in every exercise but those named."""
    return {**POINTS, **points}


@dataclass(frozen=True)
class Attack:
    """A submission that means harm, or does some by accident.

    Its cells may use ``np`` and what an attacker is taken to know: ``COURSE`` (the folder of the
    course), ``CANARY`` (a file that must not come into being), ``PORT`` (a server listens there on
    loopback), ``SOCKET`` (the name of an abstract Unix socket) and ``MARK`` (a word that is in the
    environment of every process of the run, and must be in the names of files left anywhere).

    Attributes
    ----------
    name, family : str
    tries : str
        What it is after, in a sentence.
    answers : mapping of str to str
        Sources in place of the right answers, by nbgrader's cell id.
    first, last : str
        Cells run before and after all others.
    deserves : mapping of str to (float or None)
        The points that its functions earn honestly; None where it must be said that the exercise could
        not be checked. Where 0 is earned, "could not check" is a true answer too.
    may_refuse : bool
        Whether it is also right to refuse the whole submission with a reason.
    edit : callable, optional
        Changes the notebook, as plain data.
    raw : callable, optional
        Makes the file's bytes from the notebook's bytes.
    files : mapping of str to bytes
        Further files beside the notebook.
    arrange : callable, optional
        Does the rest to the submission's folder: links, pipes.
    student : str
        The student's folder, where the name itself is the attack.
    pages : bool
        Whether feedback pages and the table are made and looked at, too.
    """

    name: str
    family: str
    tries: str
    answers: Mapping[str, str] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    deserves: Mapping[str, float | None] = field(default_factory=lambda: dict(POINTS))
    may_refuse: bool = False
    edit: Callable[[Notebook], object] | None = None
    raw: Callable[[bytes], bytes] | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    arrange: Callable[[Path], object] | None = None
    student: str = ""
    pages: bool = False

    @property
    def folder(self) -> str:
        """The name of the student's folder."""
        return self.student or self.name


def hand_in(attack: Attack, submitted: Path, released: Notebook, known: Mapping[str, Any]) -> None:
    """Write a submission.

    Parameters
    ----------
    attack : Attack
    submitted : Path
        The course's folder of submissions.
    released : dict
        The lesson's notebook as students get it.
    known : mapping
        What the attacker knows; see `Attack`.
    """
    notebook = _answered(attack, released, known)
    if attack.edit:
        attack.edit(notebook)
    content = json.dumps(notebook).encode()
    folder = submitted / attack.folder / LESSON
    folder.mkdir(parents=True)
    path = folder / f"{LESSON}.ipynb"
    path.write_bytes(attack.raw(content) if attack.raw else content)
    for name, extra in attack.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(extra)
    if attack.arrange:
        attack.arrange(path)


def right_answers() -> dict[str, str]:
    """Return the sources of a sample student who has everything right, by nbgrader's cell id."""
    return {
        cell.grade_id: cell.node.source for cell in parse(SAMPLES / "all-right.py") if cell.kind
    }


def _answered(attack: Attack, released: Notebook, known: Mapping[str, Any]) -> Notebook:
    """Fill in the marked cells; the lesson's other cells are left out, they would only take time."""
    notebook = copy.deepcopy(released)
    marked = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    sources = {**right_answers(), **attack.answers}
    for cell in marked:
        cell["source"] = _source(sources.get(cell["id"], cell["source"]))
    knows = "\n".join(f"{name} = {value!r}" for name, value in known.items())
    before = [code("known", f"import numpy as np\n\n{knows}")]
    before += [code("first", attack.first)] if attack.first else []
    after = [code("last", attack.last)] if attack.last else []
    notebook["cells"] = [*before, *marked, *after]
    return notebook


def code(cell_id: str, source: Any, before: str = "") -> dict[str, Any]:
    """Return a code cell; `before` stays as it is, however empty."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {},
        "outputs": [],
        "source": before + _source(source) if before else _source(source),
    }


def marked(notebook: Notebook, grade_id: str) -> dict[str, Any]:
    """Return a marked cell of the notebook."""
    return next(cell for cell in notebook["cells"] if cell["id"] == grade_id)


def in_old_format(notebook: Notebook, version: int) -> None:
    """Write the notebook as nbformat 2 or 3 did."""
    cells = notebook.pop("cells")
    for cell in cells:
        cell.pop("id")
        if cell["cell_type"] == "code":
            cell.update(input=cell.pop("source"), language="python", collapsed=False)
            cell["prompt_number"] = cell.pop("execution_count")
    sheets = [{"cells": cells, "metadata": {}}]
    notebook.update(worksheets=sheets, nbformat=version, nbformat_minor=0)
    notebook["metadata"]["name"] = "homework"


def _source(text: Any) -> Any:
    return textwrap.dedent(text).strip() if isinstance(text, str) else text
