"""The line that states what was computed: written for a result, read again from a baseline."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lossctl.base.version import __version__

CONVENTION = "lossctl"
_COUNTED = {"ignored", "missing", "nan", "repeated-ids"}
"""Behind these policies stands how many rows were left out."""
_COUNTS = re.compile(r"\(([0-9]+(?:,[0-9]+)?)\)$")
_COUNTS_NOTHING = re.compile(r"\(0(,0)?\)$")
_OF_THE_SAMPLES = {"n", "targets"}
"""These are facts about the samples and how they were written, and do not define the number."""


def signature(loss: str, facts: Mapping[str, object]) -> str:
    """Return the line for a loss; what a fact counts stands in parentheses behind it."""
    return "|".join([CONVENTION, __version__, loss, *(f"{k}={v}" for k, v in facts.items())])


def definition(text: str) -> dict[str, str]:
    """Return what of a signature defines the number: not version, n or counts.

    Raises ValueError for what is no signature.
    """
    return {
        name: value.partition("(")[0] if name in _COUNTED else value
        for name, value in _facts(text).items()
        if name not in _OF_THE_SAMPLES
    }


def samples_of(text: str) -> str | None:
    """Return of how many samples a signature says that its number is, if it does."""
    return _facts(text).get("n")


def facts_apart(one: str, other: str) -> dict[str, tuple[str, str]] | None:
    """Return the facts that two signatures state otherwise, those about the samples, too.

    Returns None for those of two versions: another one may count otherwise.
    """
    if one.split("|")[1] != other.split("|")[1]:
        return None
    first, second = _facts(one), _facts(other)
    return {
        name: (first[name], second[name])
        for name in first
        if name in second and first[name] != second[name]
    }


def left_out(text: str) -> int:
    """Return how many rows a signature says were left out."""
    counts = {
        name: sum(map(int, found[1].split(",")))
        for name, value in _facts(text).items()
        if name in _COUNTED and not value.startswith("keep(") and (found := _COUNTS.search(value))
    }
    skipped = max(counts.pop("nan", 0), counts.pop("ignored", 0))  # both count these samples
    return skipped + sum(counts.values())


def differences(one: str, other: str) -> dict[str, tuple[str | None, str | None]]:
    """Return in what the definitions of two numbers differ; None is what one of them does not say.

    A policy that only one of them names, and by which no row was left out, changed no number.
    """
    first, second = definition(one), definition(other)
    vain = {
        name
        for name, value in (_facts(one) | _facts(other)).items()
        if name in _COUNTED and _COUNTS_NOTHING.search(value)
    }
    return {
        name: (first.get(name), second.get(name))
        for name in first | second
        if first.get(name) != second.get(name)
        and not (name in vain and (name not in first or name not in second))
    }


def _facts(text: str) -> dict[str, str]:
    convention, _, loss, *facts = text.split("|")
    facts_by_name = {"convention": convention, "loss": loss}
    for fact in facts:
        name, equals, value = fact.partition("=")
        if not equals or name in facts_by_name:
            raise ValueError(fact)
        facts_by_name[name] = value
    return facts_by_name
