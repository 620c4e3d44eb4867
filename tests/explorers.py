"""All explorers there are: the public classes of nnkit.widgets. None of them has to sign up."""

from nnkit import widgets
from nnkit.widgets import Explorer

EXPLORERS: dict[str, type[Explorer]] = {
    name: value
    for name, value in vars(widgets).items()
    if name in widgets.__all__
    and isinstance(value, type)
    and issubclass(value, Explorer)
    and value is not Explorer
}
