"""The whole way of a file by its forms: sent, looked at, imported by the worker, taken back."""

from __future__ import annotations

import csv
import io
import re
import stat
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from analyzer.access.roles import viewer_of
from analyzer.database import connect_readonly
from analyzer.jobs import queue, uploads
from tests.faults.nights import text_of
from tests.people import form_client
from tests.working import do_jobs, known_models, send
from webui import create_app

ROWS = [(f"r{n}", f"The queue at desk {n} was long. The parking was dear.", "2026-01-02", 4)
        for n in range(25)]  # fmt: skip
FORM = {"c0": "id", "c1": "text", "c2": "date", "c3": "score"}


def table(rows=ROWS, header=("rid", "comment", "when", "stars")) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new.db"


@pytest.fixture
def app(path: Path) -> Flask:
    return create_app({"DATABASE": path, "TESTING": True})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return form_client(app)


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch) -> None:
    known_models(monkeypatch)


def count(path: Path, table: str) -> int:
    with closing(connect_readonly(path)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def imported(client: FlaskClient, path: Path, data: bytes, **more: str) -> str:
    """Import a file of customers; return the address of its receipt."""
    where = send(client, (data, "desk.csv"))
    form = {"of": "customer-review", "action": "import", **FORM, **more}
    answer = client.post(where, data=form)
    assert answer.status_code == 303
    do_jobs(path)
    found = re.search(r'href="(/imports/\d+)"', client.get(answer.location).text)
    assert found, client.get(answer.location).text
    return found[1]


def test_a_file_is_sent_looked_at_imported_and_taken_back(client: FlaskClient, path: Path) -> None:
    assert "Nothing yet" in client.get("/import").text
    where = send(client, (table([*ROWS, ("bad", "Text of a bad row", "soon", 1)]), "desk.csv"))
    page = client.get(where)
    assert page.headers["Cache-Control"] == "no-store"
    assert "26 rows" in page.text
    assert page.text.count("The queue at desk") == 20
    field = page.text[page.text.index('name="c1"') :].partition("</select>")[0]
    assert '<option value="text" selected' in field

    # Nobody said whose these are: the page asks, and nothing is imported.
    again = client.post(where, data={**FORM, "action": "import"})
    assert "Say whose comments these are" in client.get(again.location).text
    looked = client.post(where, data={**FORM, "of": "employee-pulse", "action": "preview"})
    assert looked.status_code == 303
    shown = client.get(looked.location).text
    assert 'value="employee-pulse" checked' in shown
    assert "kept aside: date is not a date (column when)" in shown
    assert "Text of a bad row" not in shown

    more = {"of": "customer-review", "action": "import", "analyze": "yes"}
    begun = client.post(where, data={**FORM, **more})
    assert "Waiting" in client.get(begun.location).text
    assert do_jobs(path) == 1
    failed = client.get(begun.location).text
    assert "more than 1.0%" in failed
    assert "Text of a bad row" not in failed
    assert count(path, "comments") == 0


def test_receipt_rejected_rows_undo(client: FlaskClient, path: Path) -> None:
    many = [(f"m{n}", f"The parking {n} was full and dear.", "2026-01-03", 2) for n in range(200)]
    receipt = imported(client, path, table([*many, ("=bad", "Text of a bad row", "soon", 1)]))
    page = client.get(receipt).text
    assert "date is not a date" in page
    assert "Text of a bad row" not in page
    listed = client.get(f"{receipt}/rejected.csv")
    rows = list(csv.reader(io.StringIO(listed.data.decode("utf-8-sig"))))
    assert rows == [["row", "column", "reason"], ["202", "when", "date is not a date"]]
    assert "attachment" in listed.headers["Content-Disposition"]
    assert count(path, "comments") == 200

    undo = client.post(f"{receipt}/undo")
    assert do_jobs(path) == 1
    assert "Done" in client.get(undo.location).text
    assert count(path, "comments") == 0
    assert "Taken back on" in client.get(receipt).text
    assert "Take this import back" not in client.get(receipt).text


def test_a_job_that_failed_is_tried_again(client: FlaskClient, path: Path) -> None:
    where = send(client, (table(), "desk.csv"))
    with closing(connect_readonly(path)) as db:
        own = uploads.uploads(db)[0]
    file = uploads.path_of(path, own)
    kept = file.read_bytes()
    job = client.post(where, data={**FORM, "of": "customer-ticket", "action": "import"}).location
    file.unlink()
    do_jobs(path)
    assert "desk.csv is not kept any more" in client.get(job).text
    file.write_bytes(kept)
    assert client.post(f"{job}/retry").status_code == 303
    do_jobs(path)
    assert count(path, "comments") == 25


def test_an_analysis_follows_and_what_changed_is_shown(client: FlaskClient, path: Path) -> None:
    customers = [(f"r{n}", text_of("customer/x", n, 0), "", 4) for n in range(40)]
    employees = [(f"e{n}", text_of("employee/x", n, 0), "", 4) for n in range(40)]
    imported(client, path, table(customers), analyze="yes")
    where = send(client, (table(employees, ("id", "answer", "day", "mark")), "exit.csv"))
    form = {**FORM, "of": "employee-exit", "action": "import", "analyze": "yes"}
    client.post(where, data=form)
    do_jobs(path)
    runs = client.get("/runs").text
    assert "Analysis" in runs
    pages = [client.get(url).text for url in re.findall(r'href="(/runs/\d+)"', runs)]
    assert any(">New</span>" in page for page in pages)
    asked = client.post("/runs", data={"refit": "yes"})
    assert client.post("/runs", data={"refit": "yes"}).location == asked.location
    assert "from the start" in client.get(asked.location).text
    cancelled = client.post(f"{asked.location}/cancel")
    assert "Cancelled" in client.get(cancelled.location).text
    assert do_jobs(path) == 0


def test_the_fragment_is_what_the_page_includes(client: FlaskClient, path: Path) -> None:
    where = send(client, (table(), "desk.csv"))
    job = client.post(where, data={**FORM, "of": "customer-review", "action": "import"}).location
    page, part = client.get(job), client.get(job, headers={"HX-Request": "true"})
    assert part.text.strip().startswith('<div id="progress"')
    assert part.text.strip() in page.text
    assert "HX-Request" in page.headers["Vary"]
    assert 'http-equiv="refresh"' in page.text


def test_several_files_come_one_after_the_other(client: FlaskClient, path: Path) -> None:
    where = send(client, (table(), "one.csv"), (table(), "two.csv"), (table(), "three.csv"))
    assert "2 files after this one" in client.get(where).text
    form = {**FORM, "of": "customer-review", "action": "import"}
    key, _, rest = where.partition("?next=")
    second = client.post(key, data={**form, "next": rest.replace("%2C", ",")}).location
    assert "two.csv" in client.get(second).text
    key, _, rest = second.partition("?next=")
    third = client.post(key, data={"action": "discard", "next": rest}).location
    assert "three.csv" in client.get(third).text
    start = client.get("/import").text
    assert "three.csv" in start
    assert "two.csv" not in start
    assert len(list(uploads.folder(path).iterdir())) == 2


def test_a_sheet_is_chosen(client: FlaskClient, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for name in ("May", "June & July"):
        sheet = book.create_sheet(name)
        sheet.append(["id", "comment"])
        sheet.append([1, f"The desk was slow in {name}"])
    del book["Sheet"]
    book.save(tmp_path / "two.xlsx")
    where = send(client, ((tmp_path / "two.xlsx").read_bytes(), "two.xlsx"))
    page = client.get(where).text
    assert "Which sheet?" in page
    chosen = re.findall(r'href="(/import/[^"]*sheet=June[^"]*)"', page)[0].replace("&amp;", "&")
    assert "slow in June &amp; July" in client.get(chosen).text


def test_a_profile_is_kept_used_and_forgotten(client: FlaskClient, path: Path) -> None:
    imported(client, path, table())
    page = client.get(send(client, (table(), "next.csv"))).text
    assert 'value="customer-review" checked' in page
    start = client.get("/import").text
    forget = re.findall(r'action="(/import/profiles/[^"]+/forget)"', start)[0]
    assert client.post(forget).status_code == 303
    assert "Kept for files like these" not in client.get("/import").text
    assert client.post(forget).status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "empty.csv", "empty.csv is empty"),
        (b"id,text\n1,a\xff\x81\x8d\n" * 9, "odd.csv", "neither UTF-8"),
        (b"PK\x03\x04rubbish", "book.xlsx", "cut short, broken"),
        (b"[" * 5000, "deep.json", "nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(
    client: FlaskClient, data: bytes, name: str, said: str
) -> None:
    answer = client.post("/import", data={"files": [(io.BytesIO(data), name)]},
                         content_type="multipart/form-data")  # fmt: skip
    page = answer if answer.status_code == 400 else client.get(answer.location)
    assert said in page.text
    if answer.status_code == 303:
        gone = client.post(answer.location, data={"action": "discard"})
        assert gone.location == "/import"


def test_nothing_sent_says_so(client: FlaskClient) -> None:
    answer = client.post("/import", data={}, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "Choose files" in answer.text


def test_too_much_is_refused(client: FlaskClient, path: Path) -> None:
    head = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\nid,text\r\n'
    )
    body = head + b"1,aaaaaaaaaaaaaaaaaaaaaaa\n" * 2_100_000 + b"--x--"
    kind = "multipart/form-data; boundary=x"
    assert client.post("/import", data=body, content_type=kind).status_code == 413
    assert not uploads.folder(path).exists() or not list(uploads.folder(path).iterdir())


def test_uploads_are_private(client: FlaskClient, path: Path) -> None:
    send(client, (table(), "Exit interviews Q1.csv"))
    folder = uploads.folder(path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert re.fullmatch(r"[0-9a-f]{32}\.csv", file.name)


def acting(app: Flask, role: str) -> FlaskClient:
    """A client of somebody with this role."""
    app.before_request_funcs.setdefault(None, []).append(
        lambda: setattr(g, "viewer", viewer_of("ann", role, 7))  # type: ignore[arg-type]
    )
    return form_client(app)


@pytest.mark.parametrize(
    ("role", "url", "status"),
    [
        ("cx", "/import", 200), ("hr", "/import", 200), ("admin", "/import", 403),
        ("admin", "/runs", 200), ("cx", "/imports/1", 403), ("hr_verbatim", "/imports/1", 200),
        ("cx", "/imports/1/rejected.csv", 403), ("hr", "/imports/1", 403),
    ],
)  # fmt: skip
def test_a_role_sees_what_is_its_own(
    app: Flask, client: FlaskClient, path: Path, role: str, url: str, status: int
) -> None:
    where = send(client, (table(), "exit secret.csv"))
    job = client.post(where, data={**FORM, "of": "employee-exit", "action": "import"}).location
    do_jobs(path)
    other = acting(app, role)
    assert other.get(url).status_code == status
    # What others sent is not there for anybody else, nor is the name of an employees' file.
    assert other.get(where).status_code == 404
    if role in ("cx", "hr"):
        assert "exit secret" not in other.get("/runs").text + other.get(job).text
        assert "exit secret" not in other.get("/import").text
        assert other.post("/imports/1/undo").status_code == 403
        assert other.post(f"{job}/retry").status_code == 403


def test_customers_alone_are_offered_to_those_who_may_import_only_them(
    app: Flask, client: FlaskClient
) -> None:
    other = acting(app, "cx")
    where = send(other, (table(), "desk.csv"))
    page = other.get(where).text
    assert 'value="customer-review"' in page
    assert "employee-exit" not in page
    form = {**FORM, "of": "employee-exit", "action": "import"}
    assert other.post(where, data=form).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({}, 403),
    ],
)
def test_another_site_sends_nothing(
    client: FlaskClient, path: Path, headers: dict[str, str], status: int
) -> None:
    imported(client, path, table())
    assert client.post("/runs", headers=headers).status_code == status


def test_nobody_guesses_ids(client: FlaskClient, path: Path) -> None:
    imported(client, path, table())
    for url in ("/import/" + "0" * 32, "/import/..%2f..%2fnew.db", "/imports/99", "/jobs/99",
                "/runs/99", "/imports/-1"):  # fmt: skip
        assert client.get(url).status_code == 404, url
    with closing(connect_readonly(path)) as db:
        assert len(queue.jobs(db)) == 1
