"""Any document as one JSON object; a report's has a published schema."""

from __future__ import annotations

import json
from typing import Any


def render(document: dict[str, Any]) -> str:
    """Return the object; NaN and infinities are not in a document."""
    return json.dumps(document, indent=2, allow_nan=False) + "\n"
