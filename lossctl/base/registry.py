"""Registries name their entries "module:attribute", so that one is imported when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def load(place: str) -> Any:
    """Import what "module:attribute" names."""
    module, attribute = place.split(":")
    return getattr(import_module(module), attribute)
