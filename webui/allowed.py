"""Whether the one who looks at a page may do what it does."""

from __future__ import annotations

from flask import abort

from analyzer.access.roles import Right, Viewer
from analyzer.types import Side
from webui import who

IMPORT: dict[Side, Right] = {"employee": "import-employees", "customer": "import-customers"}


def viewer() -> Viewer:
    """Return who asks: somebody who has signed in, or the one person of local mode.

    For routes that :mod:`webui.rights` opens to nobody else.
    """
    found = who.viewer()
    if found is None:
        abort(401)
    return found


def require(right: Right) -> Viewer:
    """Return who asks, or answer 403 if they have not this right."""
    asking = viewer()
    if not asking.may(right):
        abort(403)
    return asking
