"""The version of lossctl, for whoever says it."""

from __future__ import annotations

__version__ = "0.1.0"
