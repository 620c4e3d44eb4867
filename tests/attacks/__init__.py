"""Hostile and broken submissions: what each tries, what it deserves, and what comes of it.

``python -m tests.attacks --control`` hands every one of them to plain nbgrader and to ``course grade``
and prints what they achieved, side by side. Every run is bounded in time, memory and processes; the
one with plain nbgrader, which really does what the attack asks, takes place in a jail of its own.
"""
