"""What the rows of a pair go by, as ids that are the same texts in both tables."""

from __future__ import annotations

from lossctl.pairing.pair import Pair


def with_ids(pair: Pair) -> Pair:
    """Return a pair whose ids are the labels of its indexes, or dates in one form, if need be."""
    indexed = pair.outlook.indexed
    if indexed is not None:
        from lossctl.pairing.labelled import Labelled

        predictions, targets = (
            Labelled(table, indexed, side) for side, table in enumerate(pair.tables)
        )
        return pair._replace(predictions=predictions, targets=targets)
    dated = pair.outlook.dated
    if dated is not None:
        from lossctl.pairing.dates import Dated

        return pair._replace(
            predictions=Dated(pair.predictions, dated[0]), targets=Dated(pair.targets, dated[1])
        )
    return pair
