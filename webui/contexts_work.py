"""What the pages of imports and runs show: one frozen dataclass a page, as in ``contexts``."""

from __future__ import annotations

from dataclasses import dataclass

from webui.contexts import Page, SideView


@dataclass(frozen=True, slots=True)
class UploadView:
    """A file that was sent and not imported yet; ``next`` are the ids of those that wait behind."""

    href: str
    name: str
    megabytes: float
    at: str
    next: str = ""
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class BatchView:
    """An import. ``undo`` is where its undo is asked for, None if it cannot be."""

    href: str
    number: int
    file: str
    side: SideView
    kind: str
    format: str
    imported_at: str
    rows: int
    new: int
    changed: int
    unchanged: int
    duplicate: int
    empty: int
    rejected: int
    undone_at: str | None
    undo: str | None


@dataclass(frozen=True, slots=True)
class ProfileView:
    """What was told of files with one header; ``side`` None: of both sides."""

    forget: str
    file: str
    side: SideView | None
    kind: str
    columns: str | None
    kept_at: str


@dataclass(frozen=True, slots=True)
class ImportPage(Page):
    """The start of an import, what waits, what was imported, what is known of files."""

    problem: str | None
    most_megabytes: int
    waiting: tuple[UploadView, ...]
    batches: tuple[BatchView, ...]
    profiles: tuple[ProfileView, ...]


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet of a workbook, and where it is chosen."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class SheetPage(Page):
    """A workbook with several sheets: which one holds the comments?"""

    upload: UploadView
    sheets: tuple[SheetView, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a field that can be chosen."""

    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class OfView:
    """The kinds of comments of one side; the value of an option is ``side-kind``."""

    side: SideView
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of the file, and what it may be read as; ``field`` is the name of its field."""

    field: str
    name: str
    personal: bool
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class SampleView:
    """An answer as it would be stored; ``why`` says what is wrong with it, or odd."""

    row: int
    column: str | None
    text: str | None
    source_id: str | None
    date: str | None
    unit: str | None
    score: float | None
    why: str | None


@dataclass(frozen=True, slots=True)
class ColumnsPage(Page):
    """Whose comments a file holds and which column holds what, with what would come of it.

    ``problem`` is what has to be changed before it can be imported; ``readable``: the rest is
    known.
    """

    upload: UploadView
    sheet: str | None
    problem: str | None
    readable: bool
    format: str
    notes: tuple[str, ...]
    of: tuple[OfView, ...]
    columns: tuple[ColumnView, ...]
    rows: int
    answers: int
    empty: int
    rejected: int
    first: tuple[SampleView, ...]
    worst: tuple[SampleView, ...]


@dataclass(frozen=True, slots=True)
class RejectedView:
    """A row that was kept aside: where, and why."""

    row: int
    column: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReceiptPage(Page):
    """What became of one file; ``more`` rejected rows are only in the download."""

    batch: BatchView
    notes: tuple[str, ...]
    mapping: tuple[tuple[str, str], ...]
    rejected: tuple[RejectedView, ...]
    more: int
    download: str


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage of a job: how far it is."""

    name: str
    done: int
    total: int
    seconds: float
    over: bool


@dataclass(frozen=True, slots=True)
class JobView:
    """A piece of work.

    ``cancel`` and ``retry`` are where these are asked for, None: they cannot be. ``result`` is
    where what came of it is shown, ``result_name`` what that is called.
    """

    href: str
    number: int
    what: str
    state: str
    state_name: str
    active: bool
    who: str
    asked_at: str
    ended_at: str | None
    attempts: int
    stages: tuple[StageView, ...]
    error: str | None
    cancel: str | None
    retry: str | None
    result: str | None
    result_name: str | None


@dataclass(frozen=True, slots=True)
class JobPage(Page):
    """One piece of work, as it goes on."""

    job: JobView


@dataclass(frozen=True, slots=True)
class RunView:
    """A run, as a list shows it."""

    href: str
    number: int
    finished_at: str
    seconds: float
    model: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunsPage(Page):
    """What is being worked on, what was, and the runs that came of it."""

    may_run: bool
    jobs: tuple[JobView, ...]
    runs: tuple[RunView, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What happened to a theme in a run; figures are of customers alone."""

    kind: str
    href: str | None
    label: str
    other: str | None
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class SideChanges:
    """What a run changed in the themes of a side, by kind of change."""

    side: SideView
    changes: tuple[ChangeView, ...]


@dataclass(frozen=True, slots=True)
class RunPage(Page):
    """One run and what it changed; ``first``: nothing was there before."""

    run: RunView
    first: bool
    sides: tuple[SideChanges, ...]
    pairs_new: int
    pairs_gone: int
