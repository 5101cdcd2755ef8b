"""The report as one JSON object, in the published schema."""

from __future__ import annotations

import json

from lossctl.renderers import View
from lossctl.renderers.excerpt import Excerpt
from lossctl.results.report import Report


def render(report: Report, excerpt: Excerpt | None, view: View) -> str:
    """Return the report, numbers in full."""
    return json.dumps(report.to_dict(), indent=2, allow_nan=False) + "\n"
