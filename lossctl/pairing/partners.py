"""Ids of two tables that have no partner, and whether they may be left out."""

from __future__ import annotations

from collections.abc import Sequence

from lossctl.base.errors import DataError
from lossctl.pairing.ids import Unpaired, way_of_forms

_BOTH_NUMBER = (
    "both tables only number their rows, which names no sample: write them with the index of the "
    "data that they were made of, or pair their rows by a column with --id"
)


def require_partners(
    unpaired: tuple[Unpaired, Unpaired],
    numbered: Sequence[bool],
    *,
    present: bool,
    paired: bool,
) -> None:
    """Raise DataError if ids are without a partner, unless only those that are `present` count.

    Labels that only number the rows, as those of tables do that are `numbered`, name no sample:
    those without a partner are never left out. `paired` says that some have one.
    """
    texts = [str(those) for those in unpaired if those.count]
    if not texts:
        return
    named = zip(unpaired, numbered, strict=True)
    hint = _way_of_numbers([one.name for one, counts in named if counts], len(texts) == 2)
    if hint is None:
        if present:
            return
        hint = way_of_forms(*unpaired, paired=paired) or (
            "to evaluate the ids in both, and count the others, pass --missing present"
        )
    raise DataError("; ".join(texts), hint)


def _way_of_numbers(numbered: Sequence[str], on_both_sides: bool) -> str | None:
    """Return the hint for labels that only number the rows of a table; None if they name samples.

    Those of one table may be what the labels of the other say, unless each lacks some.
    """
    if len(numbered) == 2:
        return _BOTH_NUMBER
    if not numbered or not on_both_sides:
        return None
    return (
        f"{numbered[0]} only numbers its rows, which names no sample: if those of both tables "
        "belong together in their order, pass --index ignore; else, write it with the index of "
        "the data that it was made of"
    )
