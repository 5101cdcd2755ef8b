"""What names of columns may be: each of them once, without spaces around it, and of Unicode."""

from __future__ import annotations

from lossctl.base.wording import quoted
from lossctl.tables.oddities import ENCODING
from lossctl.tables.place import Spot

_LEVELS = (
    "pandas calls the levels of an index so that have no names: use to_csv(..., index=False), or "
    "name them with frame.rename_axis([...])"
)


def unique_names(names: list[str], where: Spot) -> tuple[str, ...]:
    """Return names of columns; raise DataError for a padded or repeated one."""
    together = "".join(names)
    plain = together.isascii() and "\0" not in together and together.split() in ([together], [])
    if plain and len(set(names)) == len(names):
        return tuple(names)
    first: dict[str, int] = {}
    encoding = None if where.line is None else ENCODING
    for position, name in enumerate(names, 1):
        if name.strip() not in (name, ""):
            raise where.error(f"{quoted(name)} has spaces around the name", column=position)
        if "\0" in name or (not name.isascii() and _is_not_unicode(name)):
            raise where.error(f"{quoted(name)} is not text in UTF-8", encoding, column=position)
        if name in first:
            both = f"columns {first[name]} and {position} are both called {quoted(name)}"
            raise where.error(both, None if name else _LEVELS, value=name)
        first[name] = position
    return tuple(names)


def _is_not_unicode(text: str) -> bool:
    """Return whether bytes that are not UTF-8 were kept in it as surrogates."""
    return any("\ud800" <= char <= "\udfff" for char in text)
