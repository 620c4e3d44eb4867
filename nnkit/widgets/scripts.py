"""The scripts of the explorers: from several files, one for the browser.

A widget brings its script along as a single text, so that no server has to be asked for it. The
files in ``static/`` are ordinary JavaScript modules that import from each other; here they are put
one after the other, and the imports between them, which have become needless, are left out.
"""

import re
from pathlib import Path

STATIC = Path(__file__).parents[1] / "static"
"""Where the scripts and the style sheet are."""

SHARED = ("common.js", "draw.js")
"""What every explorer's script may import from."""

_IMPORT_BETWEEN_THEM = re.compile(r'^import \{[^}]*\} from "\./[a-z_]+\.js";\n', re.MULTILINE)


def joined(script: str) -> str:
    """Return an explorer's script with all that it imports.

    Parameters
    ----------
    script : str
        The name of a file in ``static/``; or the script itself, for an explorer of your own.

    Returns
    -------
    str
        One module without imports.
    """
    own = (STATIC / script).read_text(encoding="utf-8") if script.endswith(".js") else script
    shared = [(STATIC / name).read_text(encoding="utf-8") for name in SHARED]
    return _IMPORT_BETWEEN_THEM.sub("", "\n".join([*shared, own]))


def style() -> str:
    """Return the style sheet of all explorers."""
    return (STATIC / "explorer.css").read_text(encoding="utf-8")
