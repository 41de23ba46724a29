"""What is measured on: which files, how they are imported, their labels and their gold.

Everything but the fixtures lies in ``../shared`` and is no part of this repository; without it the
fixtures alone are measured.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analyzer import demo, intake, queries
from analyzer.database import connect_readonly
from analyzer.importers.mapping import parse_map
from analyzer.settings import Settings
from analyzer.types import Comment, Side

ROOT = Path(__file__).parent.parent.parent
SHARED = ROOT.parent / "shared"
DATA, EVAL = SHARED / "data", SHARED / "eval"
FIXTURES = ROOT / "fixtures"
SAMPLE_SEED = 0
csv.field_size_limit(1 << 24)

Row = Mapping[str, str]


@dataclass(frozen=True)
class Source:
    """A file of one side: columns as ``--map`` names them, the label's column, the rows kept."""

    path: Path
    side: Side
    columns: str
    label: str = ""
    keep: Callable[[Row], bool] = field(default=lambda row: True)
    kind: str | None = None
    sheet: str | None = None

    def rows(self, limit: int | None) -> list[dict[str, str]]:
        """Return the rows that are kept; at most ``limit``, drawn with a fixed seed."""
        with self.path.open(newline="", encoding="utf-8") as handle:
            found = [row for row in csv.DictReader(handle) if self.keep(row)]
        if limit and len(found) > limit:
            chosen = random.Random(SAMPLE_SEED).sample(range(len(found)), limit)
            found = [found[i] for i in sorted(chosen)]
        return found

    @property
    def id_column(self) -> str:
        """The column that holds the source's id."""
        return str(parse_map(self.columns).id)


def _labelled(name: str, side: Side) -> Source:
    return Source(DATA / f"{name}.csv", side, "text=text,id=id", "label")


def _complaints(side: Side) -> Source:
    def keep(row: Row) -> bool:
        return row["sentiment"] == "negative" and bool(row["label"])

    return Source(DATA / "airline_tweets.csv", side, "text=text,id=id", "label", keep)


def _one_label(row: Row) -> bool:
    return bool(row["labels"]) and "|" not in row["labels"]


_WALMART = "date=date,score=rating,attr=location"
# Each is one database: the files that are analysed together.
COLLECTIONS: dict[str, tuple[Source, ...]] = {
    "banking77": (_labelled("banking77", "customer"),),
    "clinc150": (_labelled("clinc150", "customer"),),
    "hwu64": (_labelled("hwu64", "customer"),),
    "airline": (_complaints("customer"),),
    "nhs": (
        Source(
            DATA / "nhs_patients.csv", "customer", "text=answer,id=comment_id", "labels", _one_label
        ),
    ),
    "fixtures": tuple(
        Source(FIXTURES / s.file, s.side, s.map, kind=s.kind, sheet=s.sheet) for s in demo.SAMPLES
    ),
    "hwu64+clinc150": (_labelled("hwu64", "employee"), _labelled("clinc150", "customer")),
    "walmart": (
        Source(
            DATA / "walmart_employees.csv",
            "employee",
            f"text=pros,text=cons,id=review_id,{_WALMART}",
        ),
        Source(DATA / "walmart_customers.csv", "customer", f"text=review,id=review_id,{_WALMART}"),
    ),
    "xsid": (
        Source(DATA / "xsid_en_it.csv", "employee", "text=english,id=id", "label"),
        Source(DATA / "xsid_en_it.csv", "customer", "text=italian,id=id", "label"),
    ),
    "airline+banking77": (_complaints("employee"), _labelled("banking77", "customer")),
}


@dataclass(frozen=True)
class ThemeSet:
    """One side of a collection with human labels. ``nameless`` are labels that name no theme.

    Texts with a nameless label count as the file has them; a second row leaves them out.
    """

    name: str
    collection: str
    side: Side
    nameless: frozenset[str] = frozenset()


THEME_SETS = (
    ThemeSet("banking77", "banking77", "customer"),
    ThemeSet("clinc150", "clinc150", "customer"),
    ThemeSet("hwu64", "hwu64", "customer"),
    ThemeSet("airline", "airline", "customer", frozenset({"Can't Tell"})),
    ThemeSet("nhs", "nhs", "customer", frozenset({"Labelling not possible", "Not assigned"})),
    ThemeSet("fixtures-employees", "fixtures", "employee", frozenset({"general", "empty"})),
    ThemeSet("fixtures-customers", "fixtures", "customer", frozenset({"general", "empty"})),
)


@dataclass(frozen=True)
class PairSet:
    """A collection of two sides with gold pairs of labels, or concepts, or neither (unrelated)."""

    collection: str
    gold: Path | None = None
    concepts: Path | None = None


PAIR_SETS = (
    PairSet("hwu64+clinc150", gold=EVAL / "gold_hwu64_clinc150.csv"),
    PairSet("walmart", concepts=EVAL / "concepts_retail.toml"),
    PairSet("fixtures", gold=FIXTURES / "gold_pairs.csv"),
    PairSet("xsid", gold=EVAL / "gold_xsid.csv"),
    PairSet("airline+banking77"),
)


def present(collection: str) -> bool:
    """Return whether every file of the collection is on this machine."""
    return all(source.path.is_file() for source in COLLECTIONS[collection])


def labels(collection: str, side: Side, limit: int | None = None) -> dict[str, str]:
    """Return the human label of each source id of one side."""
    if collection == "fixtures":
        gold = Source(FIXTURES / "gold.csv", side, "text=label,id=id", "label")
        return {row["id"]: row["label"] for row in gold.rows(None) if row["side"] == side}
    return {
        row[source.id_column]: row[source.label]
        for source in COLLECTIONS[collection]
        if source.side == side and source.label
        for row in source.rows(limit)
    }


def import_into(database: Path, collection: str, limit: int | None, scratch: Path) -> None:
    """Import the collection's files as ``bothsides import`` does; rows not kept stay outside."""
    for number, source in enumerate(COLLECTIONS[collection]):
        path = source.path
        if collection != "fixtures":
            path = _write(scratch / f"{number}_{path.name}", source.rows(limit))
        intake.import_file(
            path,
            database,
            Settings({"max_bad_rows": 1}),
            side=source.side,
            kind=source.kind,
            mapping=parse_map(source.columns),
            sheet=source.sheet,
        )


def _write(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def comments(database: Path) -> list[Comment]:
    """Return every comment of the database, as a run reads them."""
    reader = connect_readonly(database)
    try:
        return queries.comments(reader)
    finally:
        reader.close()
