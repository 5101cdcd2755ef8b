"""What the help says there is, from the registries, none of which imports what it names."""

from __future__ import annotations

from collections.abc import Iterable

from lossctl.losses import LOSSES, SCALES
from lossctl.renderers import FORMATS, VERDICT_FORMATS
from lossctl.tables.formats import FORMATS as INPUT_FORMATS
from lossctl.tables.streams.compression import COMPRESSIONS


def either(names: Iterable[str]) -> str:
    """Return several names as alternatives: a, b or c."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


losses = either(LOSSES)
scales = ", ".join(SCALES)
input_formats = either(INPUT_FORMATS)
files = either(name for entry in INPUT_FORMATS.values() for name in entry.names)
compressions = ", ".join(extension.removeprefix(".") for extension in [*COMPRESSIONS, ".zip"])
formats = either(FORMATS)
verdict_formats = either(VERDICT_FORMATS)
row_extensions = either(entry.extension for entry in FORMATS.values() if entry.per_sample)
