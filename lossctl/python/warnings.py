"""The category of Python's warnings that are told of a report."""


class LossWarning(UserWarning):
    """Something odd about numbers that are valid all the same: its code, then what it is."""

    __module__ = "lossctl"
