"""Whether the one who looks at a page may do what it does."""

from __future__ import annotations

from flask import abort, g

from analyzer.access.roles import LOCAL, Right, Viewer
from analyzer.types import Side

IMPORT: dict[Side, Right] = {"employee": "import-employees", "customer": "import-customers"}


def viewer() -> Viewer:
    """Return who asks: somebody who has signed in, or the one person of local mode."""
    found: Viewer = g.get("viewer", LOCAL)
    return found


def require(right: Right) -> Viewer:
    """Return who asks, or answer 403 if they have not this right."""
    asking = viewer()
    if not asking.may(right):
        abort(403)
    return asking
