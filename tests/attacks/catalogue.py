"""All attacks, by name."""

from tests.attacks import breaking, earning, harming
from tests.attacks.attack import Attack

ATTACKS: dict[str, Attack] = {
    attack.name: attack for module in (earning, harming, breaking) for attack in module.ATTACKS
}
