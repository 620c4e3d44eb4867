"""Every attack against ``course grade``, and a few against plain nbgrader, where they must succeed."""

from pathlib import Path

import pytest

from course.paths import Course
from tests.attacks import jail, pages, trial
from tests.attacks.arena import make_template
from tests.attacks.attack import POINTS
from tests.attacks.catalogue import ATTACKS, CONTROL

pytestmark = pytest.mark.skipif(
    not jail.available(), reason="the attacks need bubblewrap and the namespaces it makes"
)

GROUPS = trial.batched(list(ATTACKS.values()), trial.GROUP["ours"])
# Should plain nbgrader hold against these, they would prove nothing any more.
SUCCEED_WITHOUT_PROTECTION = {
    "asks-its-callers": "unearned",
    "patched-check": "unearned",
    "reads-the-solutions": "unearned",
    "writes-everywhere": "outside",
    "calls-home": "outside",
    "leaves-a-daemon": "processes",
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attacks") / "template"
    make_template(Course(jail.CHECKOUT), folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0].name)
def test_attacks_achieve_nothing(template: Path, group) -> None:
    results, _ = trial.run("ours", template, group)
    achieved = {result.attack.name: result.effects for result in results if result.effects}
    assert achieved == {}


@pytest.mark.slow
def test_attacks_succeed_where_nothing_protects(template: Path) -> None:
    attacks = [ATTACKS[name] for name in SUCCEED_WITHOUT_PROTECTION]
    results, _ = trial.run("plain", template, attacks)
    for result in results:
        assert SUCCEED_WITHOUT_PROTECTION[result.attack.name] in result.effects, result.attack.name
        assert "others" not in result.effects


def test_attacks_are_described() -> None:
    assert len(ATTACKS) >= 60
    assert list(CONTROL) == list(ATTACKS)
    for attack in ATTACKS.values():
        assert set(attack.deserves) == set(POINTS)
        assert attack.tries[0].islower()
        assert not attack.tries.endswith(".")


@pytest.mark.parametrize(
    "page",
    [
        "<script>pwned()</script>",
        "<img src=x onerror='pwned()'>",
        "<a href=' javascript:pwned()'>x</a>",
        "<svg><style>a { background: url(pwned) }</style></svg>",
        "<iframe srcdoc='pwned'></iframe>",
    ],
)
def test_active_content_is_found(page: str) -> None:
    assert pages.active_content(page)


def test_text_is_not_taken_for_active_content() -> None:
    assert not pages.active_content("<p>&lt;script&gt;pwned()&lt;/script&gt;</p><pre>pwned</pre>")
