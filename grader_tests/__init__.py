"""The exercises of the course and the engine that judges them.

>>> from grader_tests import judge
>>> verdict = judge("08-two-three-one", "output_bpe", lambda out, Y: out - Y, seed=7)
>>> verdict.status, verdict.misconceptions
('fail', ['missing-derivative'])
"""

from grader_tests.catalogue import exercises, lessons
from grader_tests.judging import judge
from grader_tests.notebook import check, hint
from grader_tests.verdict import Verdict

__all__ = ["Verdict", "check", "exercises", "hint", "judge", "lessons"]
