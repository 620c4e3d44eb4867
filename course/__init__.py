"""Where the course is run: build, check, grade, feedback, export."""

import sys

# Importing nbformat imports jsonschema, which would compile a grammar of web addresses for a second.
# No notebook's schema has one: it is to be taken for not installed, as it is nobody's requirement.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
