"""What all tests of nnkit share."""

from hypothesis import settings

# Time is no test: a busy machine is not a mistake.
settings.register_profile("nnkit", deadline=None)
settings.load_profile("nnkit")
