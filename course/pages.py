"""HTML pages that load nothing and run nothing, whatever a student has written."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bleach
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

TEMPLATES = Path(__file__).with_name("templates")
# Beyond these lengths text is shown as it is: hostile text can make a formatter take minutes.
LONGEST_MARKDOWN = 10_000
LONGEST_CODE = 10_000
LONGEST_TEXT = 200_000
TAGS = {
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "hr",
    "i",
    "li",
    "ol",
    "p",
    "pre",
}
TAGS |= {"h1", "h2", "h3", "h4", "h5", "h6", "s", "strong", "sub", "sup", "u", "ul"}
TAGS |= {"table", "tbody", "td", "th", "thead", "tr"}
STATUS_WORDS = {
    "pass": ("✓", "right"),
    "partial": ("◐", "partly right"),
    "fail": ("✗", "not right yet"),
    "could-not-check": ("?", "could not be checked"),
    "waiting": ("…", "waits for a person"),
    "missing": ("–", "nothing handed in"),
    "not-graded-yet": ("…", "not graded yet"),
}
_HEADING = re.compile("<(/?)h[1-6]>")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


def render(template: str, **values: Any) -> bytes:
    """Return a page, made from a template of the folder ``templates``.

    Everything that is put into it is escaped; a policy in the page itself forbids scripts and
    anything from outside.
    """
    return _environment().get_template(template).render(**values).encode("utf-8", "replace")


@functools.cache
def _environment() -> Environment:
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(style=Markup(style), style_hash=f"sha256-{digest}")
    environment.filters.update(
        points=points,
        markdown=markdown,
        code=code,
        plain=plain,
        sentence=sentence,
        status=status,
        duration=duration,
    )
    return environment


def points(number: float) -> str:
    """Write points as people do: 4, 4.5, 0.33."""
    return f"{round(number, 2):g}"


def status(name: str) -> Markup:
    """Write a status as a symbol for the eye and a word for everybody."""
    symbol, word = STATUS_WORDS[name]
    return Markup('<span class="status {}"><span aria-hidden="true">{}</span> {}</span>').format(
        name, symbol, word
    )


def sentence(text: str) -> Markup:
    """Set names between backticks as code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return Markup(escape(text))
    spans = [
        Markup("<code>{}</code>").format(p) if i % 2 else escape(p) for i, p in enumerate(pieces)
    ]
    return Markup("").join(spans)


def markdown(text: str) -> Markup:
    """Turn a student's Markdown into HTML in which nothing runs and nothing is loaded."""
    if len(text) <= LONGEST_MARKDOWN:
        try:
            renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
            html = MarkdownWithMath(renderer=renderer).render(text)
            clean = bleach.clean(html, tags=TAGS, attributes={"a": ["href", "title"]})
            return Markup(_HEADING.sub(r"<\1h3>", clean))  # below the page's own headings
        except Exception:  # nested too deeply, or a slip in the converter: the text itself remains
            pass
    return plain(text)


def code(text: str) -> Markup:
    """Colour Python code."""
    if len(text) > LONGEST_CODE:
        return plain(text)
    return Markup(highlight(text, PythonLexer(), HtmlFormatter(cssclass="code")))


def plain(text: str) -> Markup:
    """Show text as it is, without a terminal's colours."""
    text = _ANSI.sub("", text)
    rest = len(text) - LONGEST_TEXT
    more = f"\n… and {rest:,} characters more, in your notebook" if rest > 0 else ""
    return Markup("<pre>{}</pre>").format(text[:LONGEST_TEXT] + more)


def duration(seconds: float) -> str:
    """Write a time span in its two largest units: 2 days 3 hours."""
    minutes = round(seconds / 60)
    units = [("day", 1440), ("hour", 60), ("minute", 1)]
    parts = []
    for name, size in units:
        number, minutes = divmod(minutes, size)
        if number:
            parts.append(f"{number} {name}{'' if number == 1 else 's'}")
    return " ".join(parts[:2]) or "less than a minute"


class HarmlessOutputs(Preprocessor):
    """Take out of a notebook what nbconvert's templates would put into a page unescaped."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """Drop the metadata of a cell's outputs, its tags, and pictures that are none."""
        cell.metadata.pop("tags", None)
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = {}
            for kind in ("image/png", "image/jpeg"):
                if kind in output.get("data", {}) and not _BASE64.fullmatch(output.data[kind]):
                    del output.data[kind]
        return cell, resources


def title(notebook: Mapping[str, Any]) -> str:
    """Return a lesson's first heading."""
    source = notebook["cells"][0]["source"]
    return "".join(source).splitlines()[0].lstrip("# ").strip()
