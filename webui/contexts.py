"""What each page shows: one frozen dataclass a page. ``compose`` builds them from rows."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.types import Side
from webui.words import JudgementWords, NatureWords, PairKindWords, SideWords


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the figures of a page come from: the run."""

    number: int
    finished_at: str
    model: str
    seed: int
    strategy: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page has. ``section`` is the entry of the navigation that it belongs to."""

    title: str
    section: str
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class SideView:
    """A side in words: ``key`` is employee or customer."""

    key: Side
    words: SideWords


@dataclass(frozen=True, slots=True)
class PolarityView:
    """The shares that judge so; None: too few to show. ``mixed``: praised and criticised by many.

    Of customers they are shares of segments, of employees of people.
    """

    negative: float | None
    neutral: float | None
    positive: float | None
    mixed: bool


@dataclass(frozen=True, slots=True)
class SizeView:
    """How much there is: of customers ``comments`` and ``segments``, of employees ``people``.

    ``people`` says in words how many there are, as far as that is shown.
    """

    comments: int | None
    segments: int | None
    people: str


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme.

    ``other_terms`` are those that the label does not hold. ``general`` is None if the theme has a
    subject; if ``polarity`` is None, ``unjudged`` says why.
    """

    side: SideView
    href: str
    label: str
    terms: tuple[str, ...]
    other_terms: tuple[str, ...]
    size: SizeView
    partners: int
    general: NatureWords | None
    polarity: PolarityView | None
    unjudged: str


@dataclass(frozen=True, slots=True)
class BroadView:
    """A broad theme; ``anchor`` is its place on the page of themes, ``href`` leads there."""

    anchor: str
    href: str
    label: str
    size: SizeView | None
    themes: int
    polarity: PolarityView | None


@dataclass(frozen=True, slots=True)
class ClosestView:
    """Two segments, one of each side, that are close in meaning."""

    employee: str
    customer: str
    cosine: float


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair as a list shows it, with its two closest segments as an example."""

    href: str
    employee: ThemeView
    customer: ThemeView
    kind: PairKindWords
    probability: float
    status: str | None
    example: ClosestView | None


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment in three parts; ``marked`` is the segment that belongs to the theme.

    ``judgement`` is how the marked part judges. ``date`` of an employee is a whole quarter. None:
    too few people share it.
    """

    before: str
    marked: str
    after: str
    kind: str | None
    date: str | None
    unit: str | None
    score: float | None
    judgement: JudgementWords | None


@dataclass(frozen=True, slots=True)
class CommentsView:
    """Comments of one theme, the most telling first; ``more`` are not shown.

    ``withheld`` says why none may be read; it is empty if they may.
    """

    theme: ThemeView
    comments: tuple[CommentView, ...]
    more: int
    withheld: str


@dataclass(frozen=True, slots=True)
class CountsView:
    """How much of a side there is."""

    side: SideView
    size: SizeView
    themes: int
    broad: int
    partnerless: int


@dataclass(frozen=True, slots=True)
class KindView:
    """A kind of pair and how many there are."""

    words: PairKindWords
    count: int


@dataclass(frozen=True, slots=True)
class PairsPage(Page):
    """The start: what was found, and the list of pairs."""

    sides: tuple[CountsView, ...]
    notes: tuple[str, ...]
    kinds: tuple[KindView, ...]
    pairs: tuple[PairView, ...]


@dataclass(frozen=True, slots=True)
class SignView:
    """A reason for or against a pair: what it is, what was measured, how it moved the estimate."""

    name: str
    note: str
    value: str | None
    moved: float | None


@dataclass(frozen=True, slots=True)
class EdgeView:
    """The edge of the experience map that expects the pair."""

    employee: str
    customer: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class PairPage(Page):
    """One pair: both themes, why these two, and the comments side by side.

    ``signs`` begin with what moved the estimate most; ``start`` is the probability of any two
    themes. Not ``calibrated``: the pair was made by an older version.
    """

    pair: PairView
    calibrated: bool
    signs: tuple[SignView, ...]
    start: float | None
    shared_terms: tuple[str, ...]
    edge: EdgeView | None
    closest: tuple[ClosestView, ...]
    columns: tuple[CommentsView, ...]


@dataclass(frozen=True, slots=True)
class BroadGroup:
    """Themes under their broad theme; it is None until the next analysis."""

    broad: BroadView | None
    themes: tuple[ThemeView, ...]


@dataclass(frozen=True, slots=True)
class ThemeColumn:
    """The themes of one side; ``general`` are those that judge without a subject."""

    counts: CountsView
    groups: tuple[BroadGroup, ...]
    general: tuple[ThemeView, ...]


@dataclass(frozen=True, slots=True)
class ThemesPage(Page):
    """The themes of both sides."""

    columns: tuple[ThemeColumn, ...]


@dataclass(frozen=True, slots=True)
class FilterView:
    """A choice of comments: its name, how many there are, and whether it is the one shown.

    ``count`` is of people, rounded, on the employees' side; None: not shown.
    """

    name: str
    href: str
    count: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class ThemePage(Page):
    """One theme: its terms, its place among others, its pairs, its comments.

    ``broad`` is None if the theme has no subject, or until the next analysis; ``siblings`` are the
    other themes in the same. ``filters`` are empty until the next analysis.
    """

    theme: ThemeView
    broad: BroadView | None
    siblings: tuple[ThemeView, ...]
    pairs: tuple[PairView, ...]
    filters: tuple[FilterView, ...]
    comments: CommentsView


@dataclass(frozen=True, slots=True)
class LoginPage(Page):
    """The form for name and password, and what was wrong with the last try."""

    problem: str


@dataclass(frozen=True, slots=True)
class CodePage(Page):
    """The form for the code of the second factor, and what was wrong with the last one."""

    problem: str


@dataclass(frozen=True, slots=True)
class AccountPage(Page):
    """One's own account: what came of the last change, and how short a password may be."""

    said: str
    shortest: int


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do next: a sentence and the command that does it."""

    text: str
    command: str


@dataclass(frozen=True, slots=True)
class ErrorPage(Page):
    """What is wrong and the way on."""

    status: int
    message: str
    steps: tuple[Step, ...]
