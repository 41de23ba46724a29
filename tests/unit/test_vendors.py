"""The exports of vendors: a fixture each (written here, with their headers), and what it gives."""

from __future__ import annotations

import csv
import io
import json
import random
import sqlite3
import zipfile
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from analyzer.errors import BadData
from analyzer.importers import VENDORS, Loaded, parse_map, read_file
from analyzer.importers.intercom import REMARK
from analyzer.importers.personal import is_personal
from analyzer.importers.takeout import original
from analyzer.importers.versions import older
from analyzer.intake import import_file
from analyzer.settings import Settings

EXPORTS = Path(__file__).parents[1] / "exports"
PLAY = "http://play.google.com/console/developers/app/reviews?reviewId="
# In every fixture, in the columns of people's names, addresses and photos, and in what staff wrote.
CANARY = "canar"

Found = tuple[str, str, str, str | None, float | None]


@dataclass(frozen=True)
class Gives:
    """What a fixture gives: id, column, text, date, score of each record, and what was left out."""

    format: str
    side: str | None
    kind: str | None
    records: tuple[Found, ...]
    rows: int
    empty: int
    duplicate: int = 0
    said: tuple[str, ...] = ()


EXPECTED = {
    "qualtrics.csv": Gives(
        "qualtrics",
        None,
        None,
        (
            ("R_00000000000001", "Q2", "The rota changes\nthe night before",
             "2026-03-01T08:04:10", None),
            ("R_00000000000002", "Q2", "Pay is late every month", "2026-03-02T08:04:10", None),
            ("R_00000000000002", "Q3_4_TEXT", "My team moved away", "2026-03-02T08:04:10", None),
        ),
        rows=3,
        empty=3,
        said=("Header of Qualtrics: 3 rows.", "Personal, not read: IPAddress, RecipientLastName"),
    ),
    "qualtrics_legacy.csv": Gives(
        "qualtrics",
        None,
        None,
        (
            ("R_1", "Q2", "The rota changes, always at night", "2026-03-01T08:04:00", None),
            ("R_2", "Q2", "Pay is late", "2026-03-02T08:04:00", None),
        ),
        rows=3,
        empty=1,
        said=("Header of Qualtrics: 2 rows.",),
    ),
    "surveymonkey.csv": Gives(
        "surveymonkey",
        None,
        None,
        (
            ("11870000001", "What could we do better, in your view?",
             "Breakfast could start earlier, at six", "2026-03-05T09:05:30", None),
            ("11870000002", "What could we do better, in your view?", "Fine",
             "2026-03-06T09:05:30", None),
            ("11870000002", "Which of these did you use? - Other (please specify)",
             "The roof terrace at night", "2026-03-06T09:05:30", None),
        ),
        rows=3,
        empty=3,
        said=("Header of SurveyMonkey: 2 rows.", "month/day/year"),
    ),
    "surveymonkey_condensed.csv": Gives(
        "surveymonkey",
        None,
        None,
        (
            ("11870000001", "What could we do better?", "Breakfast could start earlier, at six",
             "2026-03-05T09:05:30", None),
            ("11870000002", "What could we do better?", "No", "2026-03-06T09:05:30", None),
            ("11870000003", "What could we do better?", "The lift was out of order for days",
             "2026-03-13T09:05:30", None),
        ),
        rows=3,
        empty=0,
    ),
    "typeform.csv": Gives(
        "typeform",
        None,
        None,
        (
            ("x1y2z3", "Why or why not?", "It was quiet and the bed was wide",
             "2026-03-01T10:03:00", None),
            ("x1y2z3", "Why or why not? (2)", "Everything on the buffet was cold by nine",
             "2026-03-01T10:03:00", None),
            ("x1y2z4", "Why or why not?", "The window could not be opened at all",
             "2026-03-02T10:03:00", None),
        ),
        rows=3,
        empty=3,
    ),
    "typeform_older.csv": Gives(
        "typeform",
        None,
        None,
        (
            ("a1", "What should we change?", "Answer the phone before it rings ten times",
             "2018-03-01T10:03:00", None),
            ("a2", "What should we change?", "More plugs beside the bed please",
             "2018-03-02T10:03:00", None),
        ),
        rows=2,
        empty=0,
    ),
    "microsoft_forms.csv": Gives(
        "microsoft-forms",
        None,
        None,
        (
            ("1", "What would you change about your work?", "The rota – it changes at night",
             "2026-03-04T19:06:23", None),
            ("2", "What would you change about your work?",
             "Nobody trains the new people before Saturday", "2026-03-05T07:06:23", None),
        ),
        rows=3,
        empty=1,
        said=("Encoding: cp1252 (not UTF-8).", "month/day/year: none shows"),
    ),
    "glint.csv": Gives(
        "glint",
        "employee",
        "pulse",
        (
            ("", "I can do my best work here._COMMENT", "The vacuum cleaners break every week",
             "2026-03-01T17:30:00", 4),
            ("", "11111111-2222-4333-8444-555555555555_COMMENT",
             "Nobody tells us who is in charge", "2026-03-01T17:30:00", 2),
            ("", "11111111-2222-4333-8444-555555555555_COMMENT",
             "We are told late when rooms are free", "2026-03-03T17:30:00", 3),
        ),
        rows=3,
        empty=3,
        said=("1 answers are marked sensitive, not read.",),
    ),
    "google_play.csv": Gives(
        "google-play",
        "customer",
        "review",
        (
            (f"{PLAY}gp1", "Review Text", "Since the update the door key no longer opens",
             "2026-03-04T10:00:00", 2),
            (f"{PLAY}gp2", "Review Text", "Nice\nMi piace, però è lenta", "2026-03-03T10:00:00", 4),
        ),
        rows=5,
        empty=2,
        duplicate=1,
        said=("Encoding: UTF-16 LE.", "1 rows are older versions of others"),
    ),
    "google_play_fewer.csv": Gives(
        "google-play",
        "customer",
        "review",
        (
            (f"{PLAY}gp1", "Review Text", "Since the update the door key no longer opens",
             "2026-03-04T10:00:00", 2),
        ),
        rows=1,
        empty=0,
    ),
    "app_store.json": Gives(
        "app-store",
        "customer",
        "review",
        (
            ("as-1", "attributes.body", "Key\nThe key never arrives on my phone",
             "2026-03-02T07:30:00", 1),
            ("as-2", "attributes.body", "Bello e semplice da usare", "2026-03-02T07:00:00", 5),
        ),
        rows=2,
        empty=0,
        said=("there is a next page", "Personal, not read: attributes.reviewerNickname."),
    ),
    "trustpilot.csv": Gives(
        "trustpilot",
        "customer",
        "review",
        (
            ("tp1", "Review Content", "The queue at the desk was out of the door",
             "2026-03-01T10:00:00", 2),
            ("tp2", "Review Content", "Clean\nRooms were spotless, all of them",
             "2026-03-03T10:00:00", 5),
        ),
        rows=2,
        empty=0,
        said=("Personal, not read: Review Username, Review User Email.",),
    ),
    "trustpilot_products.csv": Gives(
        "trustpilot",
        "customer",
        "review",
        (("p1", "content", "It lost its colour in the first wash", "2026-03-01T10:00:00", 2),),
        rows=1,
        empty=0,
    ),
    "trustpilot_pages.csv": Gives(
        "trustpilot",
        "customer",
        "review",
        (("s1", "text", "Two hours\nuntil a room was ready", "2026-03-01T10:00:00", 1),),
        rows=1,
        empty=0,
    ),
    "google_business.json": Gives(
        "google-business",
        "customer",
        "review",
        (
            ("locations/22/reviews/r1", "comment", "La colazione era fredda",
             "2026-03-01T10:00:00", 2),
            ("locations/22/reviews/r3", "comment", "Good, but no parking",
             "2026-03-05T10:00:00", 4),
        ),
        rows=4,
        empty=1,
        duplicate=1,
        said=("1 rows are older versions of others",),
    ),
    **dict.fromkeys(
        ("zendesk.json", "zendesk.ndjson"),
        Gives(
            "zendesk",
            "customer",
            "ticket",
            (
                ("1", "description", "Wifi\nThe wifi drops every night at ten, still",
                 "2026-03-01T10:00:00", None),
                ("1", "satisfaction_rating.comment", "Nobody answered my mail",
                 "2026-03-01T10:00:00", None),
                ("2", "description", "Charged twice for one night", "2026-03-01T10:00:00", None),
                ("3", "description", "Charged twice for two nights", "2026-03-01T10:00:00", None),
            ),
            rows=4,
            empty=3,
            duplicate=1,
            said=("Lists of objects inside an object are not read: custom_fields.",),
        ),
    ),
    "zendesk_view.csv": Gives(
        "zendesk",
        "customer",
        "ticket",
        (
            ("1", "Subject", "Wifi drops every night", "2026-03-01T10:00:00", None),
            ("2", "Subject", "Charged twice", None, None),
        ),
        rows=3,
        empty=1,
        said=("It holds no bodies: only the subjects were read.",),
    ),
    "freshdesk.csv": Gives(
        "freshdesk",
        "customer",
        "ticket",
        (
            ("1", "Subject", "Wifi drops every night", "2026-03-01T10:00:00", None),
            ("1", "Summary", "Guest cannot work in the evening", "2026-03-01T10:00:00", None),
            ("2", "Subject", "No hot water on the third floor", "2026-03-01T10:00:00", None),
        ),
        rows=2,
        empty=1,
        said=("It holds no bodies: only the subjects were read.", "Full name, Email, Work phone"),
    ),
    "freshdesk.json": Gives(
        "freshdesk",
        "customer",
        "ticket",
        (
            ("1", "description_text", "Wifi\nThe wifi drops every night",
             "2026-03-01T10:00:00", None),
        ),
        rows=1,
        empty=0,
    ),
    "freshservice.csv": Gives(
        "freshservice",
        "customer",
        "ticket",
        (("1", "Description", "Wifi\nThe wifi drops every night", "2026-03-01T10:00:00", None),),
        rows=1,
        empty=0,
    ),
    "intercom.json": Gives(
        "intercom",
        "customer",
        "ticket",
        (
            ("1", "source.body", "<p>Hi, my key&nbsp;card does <b>not</b> work</p>",
             "2026-03-01T10:00:00", 2),
            ("1", "customer_parts",
             "<p>Yes, twice, and the desk is closed</p>\n<p>I am locked out</p>",
             "2026-03-01T10:00:00", 2),
            ("1", REMARK, "It took an hour", "2026-03-01T10:00:00", 2),
            ("2", "customer_parts", "<p>Please stop sending me offers</p>",
             "2026-03-01T10:00:00", None),
        ),
        rows=3,
        empty=5,
        said=(
            "Messages by staff or bots, not read: 3.",
            "Messages of Twitter, not read: 1.",
            "Messages redacted, not read: 1.",
        ),
    ),
}  # fmt: skip
REFUSED = {"google_maps_reviews.json"}
# One header row, so that the columns can change places.
SHUFFLED = sorted(
    name for name in EXPECTED if name.endswith(".csv") and not name.startswith(("qual", "survey"))
)


def load(name: str) -> Loaded:
    return read_file(EXPORTS / name, mapping=None)


def as_text(name: str) -> str:
    codecs = {"google_play.csv": "utf-16", "microsoft_forms.csv": "cp1252"}
    return (EXPORTS / name).read_bytes().decode(codecs.get(name, "utf-8"))


def put(folder: Path, content: str | bytes, name: str = "x.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", EXPECTED)
def test_an_export_is_recognised_and_gives_its_comments(name: str) -> None:
    loaded, gives = load(name), EXPECTED[name]
    assert (loaded.format, loaded.side, loaded.kind) == (gives.format, gives.side, gives.kind)
    found = [
        (record.source_id if record.source_id[:4] != "row-" else "", record.column, record.text,
         record.date, record.score)
        for record in loaded.records
    ]  # fmt: skip
    assert tuple(found) == gives.records
    assert (loaded.rows, loaded.empty, loaded.duplicate) == (
        gives.rows,
        gives.empty,
        gives.duplicate,
    )
    assert loaded.rejected == ()
    assert loaded.answers == len(found) + loaded.empty + loaded.duplicate
    for said in gives.said:
        assert any(said in note for note in loaded.notes), (said, loaded.notes)


def test_every_fixture_is_in_the_table_and_every_export_has_a_fixture() -> None:
    assert {path.name for path in EXPORTS.iterdir()} == EXPECTED.keys() | REFUSED
    named = {gives.format for gives in EXPECTED.values()}
    assert named == {vendor.name for vendor in VENDORS if not vendor.refused}


@pytest.mark.parametrize("name", EXPECTED)
def test_nothing_personal_is_read(name: str) -> None:
    holds_people = CANARY in as_text(name).casefold()
    assert holds_people or name in ("google_play.csv", "google_play_fewer.csv", "freshdesk.json",
                                    "typeform_older.csv")  # fmt: skip
    assert CANARY not in repr(load(name)).casefold()


@pytest.mark.parametrize("name", SHUFFLED)
def test_columns_are_known_by_name_and_not_by_place_case_or_spaces(
    name: str, tmp_path: Path
) -> None:
    rows = list(csv.reader(io.StringIO(as_text(name), newline="")))
    order = list(range(len(rows[0])))
    # A question that comes again goes with the one before it.
    if name != "typeform.csv":
        random.Random(name).shuffle(order)
    rows = [[row[place] for place in order] for row in rows]
    rows[0] = [cell.upper().replace(" ", "  ") + " " for cell in rows[0]]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    loaded = read_file(put(tmp_path, out.getvalue()), mapping=None)
    assert loaded.format == EXPECTED[name].format
    assert sorted(r.text for r in loaded.records) == sorted(r[2] for r in EXPECTED[name].records)


@pytest.mark.parametrize("name", ["qualtrics.csv", "surveymonkey.csv", "glint.csv"])
def test_the_same_export_as_a_workbook_gives_the_same(name: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(as_text(name), newline="")):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    loaded = read_file(tmp_path / "x.xlsx", mapping=None)
    assert loaded.format == EXPECTED[name].format
    assert [r.text for r in loaded.records] == [r[2] for r in EXPECTED[name].records]


# --- what single exports ask for ------------------------------------------------------------------


def test_the_question_is_kept_beside_the_answer() -> None:
    asked = {r.column: r.attributes["question"] for r in load("qualtrics.csv").records}
    assert asked["Q2"] == 'What, in your own words, made you say "that"?'
    again = {r.column: r.attributes["question"] for r in load("typeform.csv").records}
    assert again == {
        "Why or why not?": "Did you like the room? Why or why not?",
        "Why or why not? (2)": "Did you like the food? Why or why not?",
    }


def test_attributes_units_and_respondents_of_exports() -> None:
    glint = load("glint.csv").records[0]
    assert glint.respondent == "E1"
    assert glint.attributes == {
        "Survey Cycle Title": "Spring pulse",
        "Status": "ACTIVE",
        "Department": "Housekeeping",
        "question": "I can do my best work here.",
    }
    assert load("trustpilot.csv").records[0].unit == "Harbour"
    assert load("google_business.json").records[0].unit == "locations/22"
    assert load("microsoft_forms.csv").records[0].attributes == {"Department": "Kitchen"}


def test_a_question_of_qualtrics_that_asks_for_a_name_is_not_read(tmp_path: Path) -> None:
    ids = ",".join(f'"{{""ImportId"":""{i}""}}"' for i in ("_recordId", "QID1_TEXT", "QID2_TEXT"))
    head = f"ResponseId,Q1,Q2\nId,What is your full name?,What was wrong?\n{ids}\n"
    loaded = read_file(put(tmp_path, head + "R_1,Canaria Canaryson,the queue\n"), mapping=None)
    assert [record.text for record in loaded.records] == ["the queue"]


def test_a_survey_without_open_questions_is_an_error_that_says_so(tmp_path: Path) -> None:
    rows = "#,Did you like it?,Start Date (UTC),Submit Date (UTC),Network ID\n"
    rows += "".join(f"a{n},Yes,2026-03-01 10:00:00,2026-03-01 10:00:00,0a\n" for n in range(5))
    with pytest.raises(BadData, match=r"export of Typeform without free text.*--map"):
        read_file(put(tmp_path, rows), mapping=None)


def test_glint_without_comments_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    rows = "Employee ID,Survey Cycle Completion Date,Survey Cycle Title,Item\nE1,2026-03-01,S,4\n"
    with pytest.raises(BadData, match=r"Viva Glint without free text\. Export it again with Comm"):
        read_file(put(tmp_path, rows), mapping=None)


def test_a_sensitive_comment_stays_unread_when_somebody_names_its_column() -> None:
    mapping = parse_map("text=I can do my best work here._COMMENT")
    loaded = read_file(EXPORTS / "glint.csv", mapping=mapping)
    assert [r.text for r in loaded.records] == ["The vacuum cleaners break every week"]
    assert (loaded.empty, CANARY in repr(loaded).casefold()) == (2, False)


@pytest.mark.parametrize("mark", ["TRUE", "1", "yes", "Y", "whatever"])
def test_whatever_does_not_deny_it_marks_a_comment_as_sensitive(tmp_path: Path, mark: str) -> None:
    head = "Survey Cycle Completion Date,Survey Cycle Title,I,I_COMMENT,I_SENSITIVE_COMMENT_FLAG\n"
    rows = f"2026-03-01,S,4,hidden,{mark}\n2026-03-01,S,4,shown,false\n"
    loaded = read_file(put(tmp_path, head + rows), mapping=None)
    assert [record.text for record in loaded.records] == ["shown"]


def test_reviews_about_other_places_are_refused() -> None:
    with pytest.raises(BadData, match=r"wrote about other places.*Google Business Profile"):
        load("google_maps_reviews.json")


def test_reviews_that_are_all_stars_are_empty_and_no_error(tmp_path: Path) -> None:
    day = "2026-03-01T10:00:00Z"
    review = {"name": "locations/2/reviews/3", "starRating": "FIVE", "createTime": day}
    path = put(tmp_path, json.dumps({"reviews": [review]}), "reviews.json")
    loaded = read_file(path, mapping=None)
    assert (loaded.rows, loaded.empty, loaded.ratings) == (1, 1, True)
    assert "Ratings without a word: it holds no comment." in loaded.notes


def test_a_month_of_stars_comes_in_with_no_comment(tmp_path: Path) -> None:
    head, *rows = (EXPORTS / "google_play.csv").read_text(encoding="utf-16").splitlines()
    cells = next(csv.reader([rows[0]]))
    names = next(csv.reader([head]))
    stars = [c if n not in ("Review Text", "Review Title") else "" for n, c in zip(names, cells)]  # noqa: B905
    path = put(tmp_path, f"{head}\n{','.join(stars)}\n", "reviews.csv")
    receipt = import_file(path, tmp_path / "x.db", Settings())
    assert (receipt.rows, receipt.empty, receipt.new, receipt.batch) == (1, 1, 0, 1)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("(Translated by Google) Cold\n\n(Original)\nFreddo", "Freddo"),
        ("Freddo\n\n(Translated by Google)\nCold", "Freddo"),
        ("(Translated by Google) Cold", "Cold"),
        ("Cold", "Cold"),
        ("", ""),
    ],
)
def test_of_a_translated_review_the_original_is_kept(text: str, kept: str) -> None:
    assert original(text) == kept


def test_the_newest_of_equal_ids_is_told_by_count_or_date_and_the_last_of_equals() -> None:
    assert older(["a", "b", "a", "", ""], ["9", "1", "10", "1", "1"]) == {0}
    assert older(["a", "a", "a"], ["2026-03-02", "2026-03-01", "2026-03-02"]) == {0, 1}
    assert older(["a", "a"], ["", "2026-03-01"]) == {0}


def test_a_zip_with_a_password_tells_what_culture_amp_sends(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("raw extract.xlsx", b"not to be read")
    data = bytearray(out.getvalue())
    # The flag of encryption, in the local header and in the directory.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(BadData, match=r"with a password, as Culture Amp.*full raw extract"):
        read_file(put(tmp_path, bytes(data), "extract.zip"), mapping=None)


def test_a_zip_of_files_is_to_be_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.csv", "text\na\n")
    with pytest.raises(BadData, match="Unpack it and import the files in it"):
        read_file(tmp_path / "x.zip", mapping=None)


# --- into the database ----------------------------------------------------------------------------


def test_all_exports_go_into_one_database_without_people_and_markup(tmp_path: Path) -> None:
    database = tmp_path / "x.db"
    for name, gives in EXPECTED.items():
        receipt = import_file(
            EXPORTS / name, database, Settings(), side=None if gives.side else "employee"
        )
        counted = receipt.new + receipt.changed + receipt.unchanged
        assert counted + receipt.duplicate + receipt.empty == receipt.answers
        assert receipt.side == (gives.side or "employee")
        assert receipt.kind == (gives.kind or "exit")
    with sqlite3.connect(database) as db:
        dump = "\n".join(db.iterdump())
        bodies = db.execute("SELECT text FROM comments WHERE column_name = 'source.body'")
        assert bodies.fetchall() == [("Hi, my key card does not work",)]
    db.close()
    assert CANARY not in dump.casefold()
    assert "<p>" not in dump


# --- personal columns -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "column",
    ["Name", "First Name", "recipient_last_name", "RecipientEmail", "E-mail address", "IP Address",
     "ipAddress", "Work phone", "Mobile number phone", "reviewer.profilePhotoUrl", "Photo",
     "reviewer.displayName", "consumer.displayName", "author.email", "Employee name", "User Name",
     "Requester Name", "LocationLatitude", "What is your full name?", "Please tell us your e-mail",
     "Leave your phone number if we may call", "Teléfono", "Nombre completo", "Cognome",
     "Qual è il tuo indirizzo?", "Date of birth", "Username", "Review User Email"],
)  # fmt: skip
def test_personal_columns_are_known_by_name(column: str) -> None:
    assert is_personal(column)


@pytest.mark.parametrize(
    "column",
    ["text", "Store name", "product_name", "location.name", "Job title", "Hotel", "Review Title",
     "What did you like about our mobile app?", "How was the phone that you bought?", "Country",
     "Did anybody explain why the name of the team changed?", "ip_quality_score_of_the_room_view"],
)  # fmt: skip
def test_other_columns_are_not_personal(column: str) -> None:
    assert not is_personal(column)
