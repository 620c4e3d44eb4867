"""All attacks, by name, and what they achieve where nothing protects."""

import json
from pathlib import Path

from tests.attacks import breaking, earning, harming, splitting
from tests.attacks.attack import Attack

ATTACKS: dict[str, Attack] = {
    attack.name: attack
    for module in (earning, harming, breaking, splitting)
    for attack in module.ATTACKS
}

# Kinds of effect with plain nbgrader, by attack, as `python -m tests.attacks --record` last saw them.
CONTROL_FILE = Path(__file__).with_name("control.json")
CONTROL: dict[str, list[str]] = json.loads(CONTROL_FILE.read_text(encoding="utf-8"))


def record(seen: dict[str, list[str]]) -> None:
    """Write down what attacks have achieved with plain nbgrader, a line each."""
    everything = {name: seen.get(name, CONTROL.get(name, [])) for name in ATTACKS}
    lines = [f"{json.dumps(name)}: {json.dumps(kinds)}" for name, kinds in everything.items()]
    CONTROL_FILE.write_text("{\n " + ",\n ".join(lines) + "\n}\n", encoding="utf-8")
