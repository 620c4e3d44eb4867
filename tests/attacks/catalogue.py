"""All attacks, by name."""

from tests.attacks import breaking, earning, harming, splitting
from tests.attacks.attack import Attack

ATTACKS: dict[str, Attack] = {
    attack.name: attack
    for module in (earning, harming, breaking, splitting)
    for attack in module.ATTACKS
}
