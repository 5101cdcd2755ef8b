"""What is wrong with a baseline that an update mends."""

from lossctl.base.errors import DataError


class Outdated(DataError):
    """A baseline lacks a number, or has one of another definition; an update mends that.

    Its hint says what an update does, and is to be followed by how that is asked for.
    """

    known: str = ""
    """What the baseline has instead, in words."""
    alike: tuple[str, ...] = ()
    """These checks of it have a number of the same loss."""


class Redefined(Outdated):
    """A baseline has a number of another definition."""
