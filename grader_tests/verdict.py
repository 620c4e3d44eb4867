"""The answer to a student's function: as data, as text and as HTML."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from html import escape
from typing import Any, Literal

Status = Literal["pass", "partial", "fail", "could-not-check"]

MIME = "application/vnd.nnkit.verdict+json"

HEADLINES: dict[Status, str] = {
    "pass": "right",
    "partial": "partly right",
    "fail": "not right yet",
    "could-not-check": "could not be checked",
}


@dataclass(frozen=True)
class Example:
    """The smallest case that went wrong: the call, its arguments, what was expected and what came."""

    call: str
    arguments: tuple[tuple[str, str], ...]
    expected: str
    got: str


@dataclass(frozen=True)
class Finding:
    """What one criterion came to; `passed` is None where it could not be checked."""

    name: str
    title: str
    points: float
    max_points: float
    passed: bool | None
    message: str = ""
    example: Example | None = None

    @property
    def word(self) -> str:
        """The result in words: it must not hang on a colour or a symbol."""
        return {True: "passed", False: "failed", None: "could not check"}[self.passed]


@dataclass(frozen=True)
class Diagnosis:
    """A known mistake that the answer shows."""

    name: str
    says: str
    slide: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a check found out about one function.

    Attributes
    ----------
    lesson, exercise : str
    seed : int
        The cases were drawn from it; the same seed gives the same verdict.
    findings : tuple of Finding
        One per criterion.
    diagnoses : tuple of Diagnosis
        The known mistakes that fit the answer; none where none fits.
    notes : tuple of str
        What else the student should know.
    """

    lesson: str
    exercise: str
    seed: int
    findings: tuple[Finding, ...]
    diagnoses: tuple[Diagnosis, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """Points earned."""
        return float(sum(finding.points for finding in self.findings))

    @property
    def max_score(self) -> float:
        """Points that could be earned."""
        return float(sum(finding.max_points for finding in self.findings))

    @property
    def status(self) -> Status:
        """``"pass"``, ``"partial"``, ``"fail"`` or ``"could-not-check"``."""
        if any(finding.passed is None for finding in self.findings):
            return "could-not-check"
        if self.score == self.max_score:
            return "pass"
        return "partial" if self.score > 0 else "fail"

    @property
    def misconceptions(self) -> list[str]:
        """Names of the known mistakes that fit the answer."""
        return [diagnosis.name for diagnosis in self.diagnoses]

    def with_note(self, note: str) -> Verdict:
        """Return the same verdict with one more note."""
        return replace(self, notes=(*self.notes, note))

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain data that fits JSON."""
        summary = {
            "lesson": self.lesson,
            "exercise": self.exercise,
            "seed": self.seed,
            "score": self.score,
            "max_score": self.max_score,
            "status": self.status,
            "misconceptions": self.misconceptions,
        }
        detail = {
            "criteria": [asdict(finding) | {"status": finding.word} for finding in self.findings],
            "diagnoses": [asdict(diagnosis) for diagnosis in self.diagnoses],
            "notes": list(self.notes),
        }
        return summary | detail

    @property
    def headline(self) -> str:
        """One line: the function, the points and what they mean."""
        points = f"{self.score:g} of {self.max_score:g} points"
        return f"{self.exercise}: {points}, {HEADLINES[self.status]}"

    def text(self) -> str:
        """Return the verdict as lines of text, with the smallest case of the first failure."""
        lines = [self.headline]
        for diagnosis in self.diagnoses:
            lines += _indented(f"{diagnosis.name}: {diagnosis.says}", 2)
            lines += _indented(diagnosis.slide and f"Read again: {diagnosis.slide}.", 2)
        for note in self.notes:
            lines += _indented(note, 2)
        for finding in self.findings:
            points = f"{finding.points:g}/{finding.max_points:g}"
            lines.append(f"  {finding.word:<7} {points}  {finding.title}")
            lines += _indented(finding.message, 10)
            if finding is self.first_failure and finding.example:
                lines += _example_lines(finding.example)
        return "\n".join(lines)

    @property
    def first_failure(self) -> Finding | None:
        """The first criterion that failed, if one did."""
        return next((finding for finding in self.findings if finding.passed is False), None)

    def bundle(self) -> dict[str, Any]:
        """Return the verdict in every form that a notebook may show, by MIME type."""
        return {"text/plain": self.text(), "text/html": self.html(), MIME: self.as_dict()}

    def html(self) -> str:
        """Return the verdict as a fragment of HTML that a screen reader can read."""
        rows = "".join(_row(finding, finding is self.first_failure) for finding in self.findings)
        diagnoses = "".join(_diagnosis_html(diagnosis) for diagnosis in self.diagnoses)
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        heads = "".join(
            f'<th scope="col" style="{_LEFT};width:{width}">{word}</th>'
            for word, width in (("What is marked", "70%"), ("Result", "17%"), ("Points", "13%"))
        )
        return (
            f'<section class="nnkit-verdict" aria-label="{escape(self.headline)}" style="{_BOX}">'
            f"<p><strong>{escape(self.headline)}</strong></p>{diagnoses}{notes}"
            f'<table style="width:100%"><thead><tr>{heads}</tr></thead>'
            f"<tbody>{rows}</tbody></table></section>"
        )


_BOX = "border:1px solid currentColor;border-left-width:6px;padding:0.5em 1em;max-width:60em"
_LEFT = "text-align:left;vertical-align:top"
_MARKS = {True: "✓", False: "✗", None: "?"}


def _indented(text: str, by: int) -> list[str]:
    return [" " * by + line for line in text.splitlines()]


def _example_lines(example: Example) -> list[str]:
    lines = _indented(f"in the call {example.call} with", 10)
    for name, text in example.arguments:
        lines += _hanging(f"{name} = ", text)
    return lines + _hanging("expected ", example.expected) + _hanging("got      ", example.got)


def _hanging(label: str, text: str) -> list[str]:
    first, *rest = text.splitlines() or [""]
    return [" " * 12 + label + first, *_indented("\n".join(rest), 12 + len(label))]


def _row(finding: Finding, opened: bool) -> str:
    points = f"{finding.points:g} of {finding.max_points:g}"
    return (
        f'<tr><td style="{_LEFT}">{escape(finding.title)}{_detail(finding, opened)}</td>'
        f'<td style="{_LEFT}"><span aria-hidden="true">{_MARKS[finding.passed]} </span>'
        f'{finding.word}</td><td style="{_LEFT}">{points}</td></tr>'
    )


def _detail(finding: Finding, opened: bool) -> str:
    message = f"<br>{escape(finding.message)}" if finding.message else ""
    if not finding.example:
        return message
    text = "\n".join(line.removeprefix(" " * 10) for line in _example_lines(finding.example))
    state = " open" if opened else ""
    return (
        f"{message}<details{state}><summary>the case</summary><pre>{escape(text)}</pre></details>"
    )


def _diagnosis_html(diagnosis: Diagnosis) -> str:
    slide = f" <em>Read again: {escape(diagnosis.slide)}.</em>" if diagnosis.slide else ""
    return f"<p><strong>{escape(diagnosis.name)}</strong>: {escape(diagnosis.says)}{slide}</p>"
