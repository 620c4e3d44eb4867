"""Run submissions: students' cells in a sandboxed worker, the checks outside of it."""

from course.execution.executor import Executor, execute
from course.execution.job import Job, Result
from course.execution.limits import Limits
from course.execution.sandbox import Sandbox, find_sandbox

__all__ = ["Executor", "Job", "Limits", "Result", "Sandbox", "execute", "find_sandbox"]
