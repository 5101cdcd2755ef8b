"""The SHA-256 of what was read."""

from __future__ import annotations

import hashlib
import os

from lossctl.tables import locations_of
from lossctl.tables.streams.source import STDIN


def hashes(*sources: str | None, folder: str = "") -> dict[str, str | None]:
    """Return the SHA-256 of every file that paths stand for; None of what was a stream.

    Files are named from the `folder` of the baseline, so that it is the same from anywhere.
    """
    paths = {loc.path for source in sources if source is not None for loc in locations_of(source)}
    found: dict[str, str | None] = {STDIN: None} if STDIN in paths else {}
    return found | {os.path.relpath(path, folder): _sha256(path) for path in paths - {STDIN}}


def _sha256(path: str) -> str | None:
    """Return the hash of a file; None of what can be read but once."""
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
