"""The line that states what was computed: written for a result, read again from a baseline."""

from __future__ import annotations

from collections.abc import Mapping

from lossctl.base.version import __version__

CONVENTION = "lossctl"
_COUNTED = {"ignored", "missing", "nan", "repeated-ids"}
"""Behind these policies stands how many rows were left out."""
_OF_THE_SAMPLES = {"n", "targets"}
"""These are facts about the samples and how they were written, and do not define the number."""


def signature(loss: str, facts: Mapping[str, object]) -> str:
    """Return the line for a loss; what a fact counts stands in parentheses behind it."""
    return "|".join([CONVENTION, __version__, loss, *(f"{k}={v}" for k, v in facts.items())])


def definition(text: str) -> dict[str, str]:
    """Return what of a signature defines the number: not version, n or counts.

    Raises ValueError for what is no signature.
    """
    convention, _, loss, *facts = text.split("|")
    facts_by_name = {"convention": convention, "loss": loss}
    for fact in facts:
        name, equals, value = fact.partition("=")
        if not equals or name in facts_by_name:
            raise ValueError(fact)
        facts_by_name[name] = value.partition("(")[0] if name in _COUNTED else value
    return {name: value for name, value in facts_by_name.items() if name not in _OF_THE_SAMPLES}
