"""Bothsides: themes of employees and of customers, and the pairs between them.

The public names are loaded when they are asked for, so that ``bothsides --help`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Analysis": "types",
    "BothsidesError": "errors",
    "Comment": "types",
    "Embedder": "types",
    "Evidence": "types",
    "Pair": "types",
    "Segment": "types",
    "Settings": "settings",
    "Theme": "types",
    "analyze": "pipeline",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"analyzer.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'analyzer' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
