"""Attacks on the split: a worker's process belongs to the student, and so does its end of the line.

What a student's code can do to the worker's own modules (the replies it sends, the calls it makes back)
it does here. Plain nbgrader has no such line, so these achieve nothing there; each was seen to do harm
to the split before it was finished.
"""

from __future__ import annotations

from tests.attacks.attack import EARNING, HARMING, POINTS, STUBS, ZEROS, Attack, Notebook, all_but

REPLIES = """
from course.execution.inside import worker

def reply_with(**reply):
    worker.Worker._call = lambda self, question, body: (reply, [])

"""


def _replies(reply: str) -> str:
    """Return a cell after which every call is answered with a forged reply."""
    return f"{REPLIES}reply_with({reply})"


ONE_REPLY = {
    "generator-of-a-huge-pool": (
        "a random generator whose seeds take years to mix",
        "value=['generator', np.random.default_rng(0).bit_generator.state, "
        "{'entropy': 1, 'pool_size': 10**6}], changed=[], heard=[]",
    ),
    "flooded-set": (
        "a set of numbers that all have the same hash",
        "value=['set', [k * (2**61 - 1) for k in range(300_000)]], changed=[], heard=[]",
    ),
    "flooded-dict": (
        "a dict whose keys all have the same hash",
        "value=['dict', [[k * (2**61 - 1), 0] for k in range(300_000)]], changed=[], heard=[]",
    ),
    "million-types": (
        "a list of a million objects, each of a type of its own",
        "value=['list', [['foreign', f't{k}', None] for k in range(900_000)]], changed=[], heard=[]",
    ),
    "deep-reply": (
        "a value that is nested as deeply as JSON can be",
        "value=(lambda f: f(f, 900))(lambda f, n: ['list', [f(f, n - 1)]] if n else 0)",
    ),
    "array-without-bytes": (
        "an array whose bytes do not come, and an empty one of impossible length",
        "value=['list', [['array', '<f8', [0, 2**39]], ['array', '<f8', [2**39]]]], changed=[]",
    ),
    "array-of-objects": (
        "an array of a dtype that runs code when it is read",
        "value=['array', '|O', [1]], changed=[], heard=[]",
    ),
    "answer-of-nothing": ("a reply without any field", ""),
    "answer-of-lists": (
        "a reply whose fields have other types than they should",
        "value={}, changed={'0': 1}, heard=[[]], failure=[1], n=[]",
    ),
    "failure-of-nonsense": (
        "an exception with impossible names, lines and shapes",
        "failure={'kinds': ['builtins.__import__', 'os.system', 'builtins.Exception'], "
        "'message': '\\\\x00' * 5000, 'line': [10**400, 'x'], 'shapes': [['x', [-1]]]}",
    ),
    "failure-of-the-grader": (
        "the exceptions with which the grader stops itself",
        "failure={'kinds': ['builtins.SystemExit', 'builtins.BaseException'], 'message': '', "
        "'line': None, 'shapes': []}",
    ),
    "module-of-the-grader": (
        "a module of the grader's, by name",
        "value=['module', 'grader_tests.catalogue'], changed=[], heard=[]",
    ),
    "instance-of-the-grader": (
        "an instance of a class of the grader's, by name",
        "value=['instance', 'subprocess', 'Popen'], changed=[], heard=[]",
    ),
}

CALLS_BACK = {
    "large-product": (
        "makes the stand-in multiply two small arrays to one of gigabytes",
        "hidden_bpe(np.ones((20_000, 1)), np.ones((1, 20_000)), 0.5)",
    ),
    "product-of-nothing": (
        "makes the stand-in multiply two empty arrays to one of gigabytes",
        "forward(np.zeros((20_000, 0)), (np.zeros((20_000, 0)), 0.0, np.zeros((1, 20_000)), 0.0))",
    ),
    "calls-without-end": (
        "calls the stand-in for ever",
        "[None for _ in iter(lambda: forward(X, params), None)]",
    ),
    "slow-calls": (
        "has the stand-in multiply large matrices, over and over",
        "[hidden_bpe(np.ones((700, 700)), np.ones((700, 700)), 0.5) for _ in range(10_000)]",
    ),
    "strange-arguments": (
        "calls the stand-in with itself, with text and with a number of a thousand digits",
        "[call(lambda: forward(*a)) for a in ((forward, forward), ('x' * 900_000, 10**1000), "
        "([], {}), (np.full((9, 9), None), [[]] * 4))]",
    ),
}

ORACLE = """
ASKED, KNOWN = [], {}

def key(name, args):
    plain = [key("", a) if isinstance(a, (tuple, list)) else np.asarray(a).tolist() for a in args]
    return name + repr(plain)

def pupil(name):
    def answer(*args):
        if key(name, args) not in KNOWN:
            ASKED.append((name, args))
            raise ValueError("not known yet")
        return KNOWN[key(name, args)]

    return answer
"""


def _train_is_checked_first(notebook: Notebook) -> None:
    """Put the check of `train` before all others, behind the answers."""
    cells = notebook["cells"]
    checks = [cell for cell in cells if cell["id"].startswith("check-")]
    answers = [cell for cell in cells if not cell["id"].startswith("check-")]
    notebook["cells"] = [*answers, *checks[::-1]]


ATTACKS = (
    Attack(
        "learns-from-the-stand-ins",
        EARNING,
        "notes what it is asked, has the right versions that stand in in `train` answer, and repeats it",
        first=ORACLE,
        answers={
            **{name: f'{name} = pupil("{name}")' for name in POINTS},
            "train": """
            def train(*args, **named):
                for name, asked in ASKED:
                    right = globals()[name]
                    if getattr(right, "__name__", "") != "answer":
                        KNOWN[key(name, asked)] = right(*asked)
                raise ValueError("not written")
            """,
        },
        edit=_train_is_checked_first,
        deserves=dict.fromkeys(POINTS, 0),
    ),
    *(
        Attack(
            name,
            HARMING,
            f"answers every call with {what}",
            first=_replies(reply),
            answers=ZEROS,
            deserves=dict.fromkeys(POINTS, 0),
        )
        for name, (what, reply) in ONE_REPLY.items()
    ),
    *(
        Attack(
            name,
            HARMING,
            f"in `train`, {what}",
            first="""
            def call(function):
                try:
                    function()
                except Exception:
                    pass
            """,
            answers={
                "forward": ZEROS["forward"],
                "hidden_bpe": ZEROS["hidden_bpe"],
                "train": f"def train(X, Y, params, *rest, **named):\n    {how}",
            },
            deserves=all_but(forward=0, hidden_bpe=0, train=0),
        )
        for name, (what, how) in CALLS_BACK.items()
    ),
    Attack(
        "trickled-reply",
        HARMING,
        "sends its reply byte by byte, for ever, and computes and allocates meanwhile",
        answers={
            "output_bpe": """
            import threading, time
            from course.execution.inside import wire

            class Slow:
                def __init__(self, socket):
                    self.socket = socket

                def trickle(self):
                    self.socket.sendall(wire.PREFIX.pack(wire.MAX_HEADER, 0))
                    while True:
                        self.socket.sendall(b" ")
                        time.sleep(0.01)

            def output_bpe(out, Y):
                import gc
                channel = next(o for o in gc.get_objects() if type(o).__name__ == "Channel")
                channel._socket.settimeout(None)
                Slow(channel._socket).trickle()
            """
        },
        deserves=all_but(output_bpe=0),
    ),
    Attack(
        "memory-that-nobody-counts",
        HARMING,
        "keeps four gigabytes in shared mappings, which are not in what a process is said to use",
        answers={
            "output_bpe": """
            import mmap, time

            def output_bpe(out, Y):
                kept = []
                for _ in range(40):
                    kept.append(mmap.mmap(-1, 100_000_000))
                    for at in range(0, 100_000_000, 4096):
                        kept[-1][at] = 1
                time.sleep(1)
                return (out - Y) * out * (1 - out)
            """
        },
        deserves=all_but(output_bpe=0),
    ),
    Attack(
        "answers-before-it-is-asked",
        EARNING,
        "sends replies to the next hundred questions before they are asked",
        first="""
        import gc
        import numpy

        try:
            channel = next(o for o in gc.get_objects() if type(o).__name__ == "Channel")
            for number in range(100):
                about_a_call = {"value": ["list", []], "changed": [], "heard": []}
                about_names = {"functions": ["forward", "output_bpe"], "others": ["dict", []]}
                channel.send({"n": number, **about_a_call, **about_names})
        except StopIteration:
            pass
        """,
        answers=STUBS,
        deserves=dict.fromkeys(POINTS, 0),
    ),
    Attack(
        "answers-another-question",
        EARNING,
        "answers with the numbers of other questions, and with calls of functions it was never given",
        first="""
        try:
            from course.execution.inside import worker

            def serve(self, question, body):
                for number in (-1, 0, 1, 10**30, "1", None, [], 1.0, True):
                    call = {"function": number, "arguments": ["list", [["list", []], ["dict", []]]]}
                    self._channel.send({"n": self._number, **call})
                return {"n": 0, "value": None, "changed": [], "heard": []}, []

            worker.Worker._call = serve
        except ImportError:
            pass
        """,
        answers=STUBS,
        deserves=dict.fromkeys(POINTS, 0),
    ),
    Attack(
        "impossible-outputs",
        HARMING,
        "says that its cells have shown what no cell can show",
        first="""
        from course.execution.inside import worker

        outputs = [
            {"output_type": "poem"},
            {"output_type": "stream", "name": "stdin", "text": 1},
            {"output_type": "display_data", "data": {"<script>pwned</script>": 1}, "metadata": 1},
        ]
        real = worker.Worker._cell

        def lie(self, question, body):
            real(self, question, body)
            return {"outputs": outputs, "count": [], "success": 7}, []

        worker.Worker._cell = lie
        """,
    ),
    Attack(
        "outputs-of-a-check",
        EARNING,
        "says that a cell of its own is a check that has shown full marks",
        first="""
        from course.execution.inside import worker

        mime = "application/vnd.nnkit.verdict+json"
        verdict = {mime: {"score": 12.0, "max_score": 12.0, "status": "pass"}}
        outputs = [
            {"output_type": "display_data", "data": verdict, "metadata": {}, "id": "check-train"},
            {"output_type": "execute_result", "data": {"text/plain": "12.0"}, "metadata": {}},
        ]
        worker.Worker._cell = lambda self, question, body: ({"outputs": outputs}, [])
        """,
        answers=STUBS,
        deserves=dict.fromkeys(POINTS, 0),
    ),
)
