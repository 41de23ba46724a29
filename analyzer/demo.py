"""The sample data: which fixture is what, and the guard that keeps it out of real databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analyzer import intake, queries
from analyzer.database import connect_readonly
from analyzer.errors import UsageError
from analyzer.importers.mapping import parse_map
from analyzer.settings import Settings
from analyzer.types import Progress, Side

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAIRS_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Fixture:
    """One sample file and how to read it."""

    file: str
    side: Side
    kind: str
    map: str
    sheet: str | None = None


SAMPLES = (
    Fixture(
        "exit_interviews.csv",
        "employee",
        "exit",
        "text=reason_for_leaving,id=response_id,date=last_day,unit=hotel,score=recommend_0_10,"
        "respondent=respondent,attr=department,attr=tenure",
    ),
    Fixture(
        "pulse_survey.csv",
        "employee",
        "pulse",
        "text=comment,id=response_id,date=date,unit=hotel,score=happy_0_10,respondent=respondent,"
        "attr=department,attr=tenure",
    ),
    Fixture(
        "reviews.jsonl",
        "customer",
        "review",
        "text=review,id=review_id,date=date,unit=hotel,score=stars,attr=traveller",
    ),
    Fixture(
        "tickets.xlsx",
        "customer",
        "ticket",
        "text=Message,id=Ticket ID,date=Created at,unit=Hotel,score=Satisfaction,attr=Channel",
        sheet="Tickets",
    ),
)


def import_fixtures(
    database: Path, settings: Settings, progress: Progress
) -> Iterator[intake.Receipt]:
    """Import the sample files; the second time that adds nothing.

    Raises:
        UsageError: the database holds comments that are not the sample's.
    """
    if database.is_file():
        reader = connect_readonly(database)
        try:
            others = set(queries.imported_files(reader)) - {sample.file for sample in SAMPLES}
        finally:
            reader.close()
        if others:
            raise UsageError(
                f"{database} holds other comments than the sample's, which must not be mixed. "
                "Name another file: bothsides demo --db demo.db"
            )
    for sample in SAMPLES:
        yield intake.import_file(
            FIXTURES / sample.file,
            database,
            settings,
            side=sample.side,
            kind=sample.kind,
            mapping=parse_map(sample.map),
            sheet=sample.sheet,
            progress=progress,
        )


def pairs_text(database: Path) -> str:
    """Return the likeliest pairs as lines for a person."""
    reader = connect_readonly(database)
    try:
        pairs = queries.pairs(reader)
    finally:
        reader.close()
    lines = [
        f"  {pair.probability:>4.0%}  {pair.kind:<14}  {pair.employee.label}  <->  "
        f"{pair.customer.label}"
        for pair in pairs[:PAIRS_SHOWN]
    ]
    more = len(pairs) - len(lines)
    return "\n".join([*lines, f"  and {more} more"] if more > 0 else lines)
