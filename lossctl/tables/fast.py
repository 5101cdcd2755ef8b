"""The fast reader of text tables: pandas' parser behind a screen, or no answer at all."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from lossctl.losses import Array
from lossctl.tables.dialect import Dialect
from lossctl.tables.strict import EXACT_BELOW

_NUMERIC = b"0123456789+-.eE \n"


def read(content: bytes, rows: int, width: int, dialect: Dialect) -> Array | None:
    """Return the values of `content`, or None where the strict reader must decide.

    Accepted are blocks made of the bytes of plain numbers alone, of the expected shape, all finite
    and below 2^53 in magnitude: on those pandas >= 3.1 and the strict reader give the same bits.
    """
    if content.translate(None, _NUMERIC + dialect.delimiter.encode()):
        return None
    if content.count(b"+") != content.count(b"e+") + content.count(b"E+"):
        return None  # pandas 3.1 misreads some numbers with a plus sign and spaces
    import pandas as pd

    try:
        frame = pd.read_csv(
            BytesIO(content),
            header=None,
            sep=r"\s+" if dialect.delimiter == " " else dialect.delimiter,
            dtype=np.float64,
            na_filter=False,
            skip_blank_lines=False,
            quoting=3,
            engine="c",
            low_memory=False,
        )
    except ValueError:  # what pandas says of it is never shown
        return None
    if frame.shape != (rows, width):
        return None
    values = frame.to_numpy()
    if not (np.abs(values) < EXACT_BELOW).all():
        return None
    return np.asfortranarray(values)
