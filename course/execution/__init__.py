"""Run submissions: students' cells in a sandboxed worker, the checks outside of it.

What runs where
---------------
`Executor.run` walks through a submitted notebook, in the grader's own process. A student's cell goes
to the *worker*, a process in a sandbox, and its outputs come back. A check cell is judged here: the
student's functions are proxies, which have the worker call the real ones (`proxies`). Between the two
goes a length-prefixed JSON header with raw buffers behind it (`inside.wire`, `inside.codec`), never
a pickle. Which cells are checks, and of what, comes from the course's own notebook; nothing that a
submission says about itself decides anything.

Workers are forked from a *zygote* (`inside.zygote`), which has everything imported and never runs a
student's byte; several graders may fork theirs from one. One worker serves one submission and is killed
at its end, or with its grader. If it dies before, a new one runs the cells again (`session`), and what
cannot be answered is "could not check".

What protects what
------------------
======================================  ================================================================
What is protected                       By what
======================================  ================================================================
solutions, checks, the gradebook,       they are not in the sandbox's tree of files (`sandbox`); there
other students, the home folder         is nothing to write to but a private tmpfs (`inside.confine`)
secrets in the environment              the worker's environment is made anew
the seed, the cases, right results      they never leave the grader's process; a worker is told the
                                        arguments of one call at a time
verdicts and scores                     made here, from copies in plain arrays; a worker has no channel
                                        that leads to a check cell's outputs
the grader's process                    every length, depth, number, shape, name and dtype from a
                                        worker is checked; the first violation kills it. Functions
                                        that a check hands over run here on what the worker gives them:
                                        bounded in size, memory, time and number, known by a number
                                        that is void after the call
the machine                             namespaces of users, processes, mounts, IPC and network;
                                        no capabilities, no new privileges, a user that is nobody;
                                        libseccomp's filter; limits on memory, processes, files and disk
time                                    processor time by cell and by submission, and a clock for those
                                        that only sleep (`process.Watch`), looked at twenty times a
                                        second however busy the worker keeps the line
other submissions                       each worker has those namespaces and that tmpfs for itself. It is
                                        the first process of its namespace: the kernel kills everything
                                        in it together
======================================  ================================================================

What remains to an attacker
---------------------------
From its first cell on the worker belongs to the student, and whatever it says is a claim. A student's
code can

- answer a check with anything. As it knows neither cases nor results, it has to compute them;
- hide that it changed an argument: it may as well have copied it, and would be right to;
- paste nnkit's source and hand it in. Calls of nnkit are noticed (`inside.bells`), text is not;
- call nnkit all the same, after it has found the bells and taken them off: they hang in its own process.
  That is more work than to paste, and shows in the notebook as plainly;
- harm itself: lose its worker, its time, its own points;
- use a hole in Linux. Where that matters, grade in a virtual machine that holds nothing of value.

Without a sandbox (``--unsafe``) the split still holds up the verdicts, and nothing else.
"""

from course.execution.executor import Executor, execute
from course.execution.job import Job, Result
from course.execution.limits import Limits
from course.execution.sandbox import Sandbox, find_sandbox

__all__ = ["Executor", "Job", "Limits", "Result", "Sandbox", "execute", "find_sandbox"]
