"""The roles and their rights: one table, read by every page, export and token.

A right is about what somebody sees or does, never about a page: which right a route asks for is
one row of the routes' own table (``webui/rights.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["cx", "hr", "hr_verbatim", "admin"]
Right = Literal[
    "customer-figures",  # customers' themes, exact figures
    "customer-comments",  # what customers wrote, redacted
    "employee-names",  # employees' themes by name and banded size
    "employee-figures",  # employees' figures, each of enough respondents
    "employee-comments",  # what employees wrote, redacted, from groups that are large enough
    "edit",  # rename, merge, split, hide themes; accept and reject pairs; notes
    "import-customers",
    "import-employees",
    "run",  # start, watch and cancel analyses
    "manage",  # people, tokens of others, settings, thresholds, vocabulary, retention
    "access-log",  # who saw what, never the text
]

_BOTH_SIDES: frozenset[Right] = frozenset(
    {"customer-figures", "customer-comments", "employee-names", "edit", "import-customers", "run"}
)
RIGHTS: dict[Role, frozenset[Right]] = {
    "cx": _BOTH_SIDES,
    "hr": _BOTH_SIDES | {"employee-figures"},
    "hr_verbatim": _BOTH_SIDES | {"employee-figures", "employee-comments", "import-employees"},
    "admin": frozenset({"manage", "access-log", "run"}),
}
ROLES: tuple[Role, ...] = tuple(RIGHTS)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks at pages or asks for an export.

    ``user_id`` is None for the one person of local mode, who works at the machine itself; the
    thresholds hold for that person too.
    """

    name: str
    rights: frozenset[Right]
    user_id: int | None = None

    @property
    def local(self) -> bool:
        """Whether this is local single-user mode."""
        return self.user_id is None

    def may(self, right: Right) -> bool:
        """Return whether the viewer has a right."""
        return right in self.rights


LOCAL = Viewer("local", frozenset[Right]().union(*RIGHTS.values()))


def viewer_of(name: str, role: Role, user_id: int) -> Viewer:
    """Return the viewer that a user with this role is."""
    return Viewer(name, RIGHTS[role], user_id)
