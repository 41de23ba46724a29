"""Every error that Bothsides raises on purpose.

::

    BothsidesError            exit 1   something went wrong that is none of the below
    ├── UsageError            exit 2   the command was asked for something that does not exist
    ├── BadData               exit 65  the input cannot be read as comments; nothing was committed
    │   └── TooManyBadRows    exit 65  more rows were kept aside than the settings allow
    ├── InputOutput           exit 74  a file is missing, or cannot be read or written
    ├── Locked                exit 75  another process writes to the database; try again
    └── Misconfigured         exit 78  settings, profile, model or package
        └── ModelMismatch     exit 78  the weights found are not the weights that were pinned

A message says what was wrong, where (file, row, column) and what to do next. It never holds the
text of a comment. Errors of other libraries are translated once, ``from exc``, where they enter.
"""


class BothsidesError(Exception):
    """Base of the tree. ``str(error)`` is a whole sentence for a person."""

    exit_code = 1


class UsageError(BothsidesError):
    """The command names something that is not there, or combines what does not go together."""

    exit_code = 2


class BadData(BothsidesError):
    """A file's content cannot be read as comments. The database is as it was."""

    exit_code = 65


class TooManyBadRows(BadData):
    """More rows could not be read than the setting ``max_bad_rows`` allows."""


class InputOutput(BothsidesError):
    """A file is missing, or cannot be read or written."""

    exit_code = 74


class Locked(BothsidesError):
    """Another process is writing to the database. Trying again later is right."""

    exit_code = 75


class Misconfigured(BothsidesError):
    """Settings, a profile, an installed package or a model is not as it must be."""

    exit_code = 78


class ModelMismatch(Misconfigured):
    """A model's file is not the one whose sha256 the manifest pins."""
