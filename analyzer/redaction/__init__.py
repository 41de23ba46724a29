"""Mask personal data before anything is stored or embedded.

``redact`` is pure. One small module a family of recognisers, one table of them (``table.py``);
names of people come from a roster (``roster.py``) and from titles (``titles.py``).
"""

from analyzer.redaction.redact import Redactor, redact
from analyzer.redaction.roster import NOBODY, Roster
from analyzer.redaction.spans import Redacted, Span
from analyzer.redaction.table import RECOGNISERS, Recogniser

__all__ = [
    "NOBODY",
    "RECOGNISERS",
    "Recogniser",
    "Redacted",
    "Redactor",
    "Roster",
    "Span",
    "redact",
]
