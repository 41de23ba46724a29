"""The settings -> the redactor of an import: the roster is read, Presidio loaded if asked for."""

from __future__ import annotations

from pathlib import Path

from analyzer.errors import Misconfigured
from analyzer.redaction.redact import Redactor
from analyzer.redaction.roster import NOBODY
from analyzer.redaction.rosters import read_roster
from analyzer.settings import Settings

REDACTORS = ("own", "presidio")


def redactor_of(settings: Settings) -> Redactor:
    """Return what masks the comments of an import.

    Raises:
        InputOutput: the roster cannot be read.
        Misconfigured: the roster holds no name, or Presidio is asked for and not installed.
    """
    if settings.redactor not in REDACTORS:
        raise Misconfigured(
            f"The setting 'redactor' is one of {', '.join(REDACTORS)}, not {settings.redactor!r}."
        )
    roster = read_roster(Path(settings.roster)) if settings.roster else NOBODY
    if settings.redactor == "own":
        return Redactor(roster)
    from analyzer.redaction import presidio

    more, note = presidio.finder()
    return Redactor(roster, more, (note,))
