"""The real server: gunicorn with two workers, over a socket."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.people import PASSWORDS

HERE = "127.0.0.1"
GUESSES = 1_000
AT_ONCE = 32


@dataclass
class Server:
    """A running server; ``output`` holds its log and what it says."""

    port: int
    process: subprocess.Popen[bytes]
    output: Path

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: str | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection(HERE, self.port, timeout=60)
        with closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    @property
    def log(self) -> list[str]:
        return self.output.read_text().splitlines()

    def workers(self, line: str) -> Counter[str]:
        """Count the lines of the log that end so, by the process that wrote them."""
        return Counter(found.split()[0].strip("<>") for found in self.log if found.endswith(line))


Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[Server] = []

    def begin(database: Path, *options: str) -> Server:
        with socket.create_server((HERE, 0)) as free:
            port = free.getsockname()[1]
        code = "from analyzer.cli import main; main()"
        arguments = ["serve", "--db", str(database), "--port", str(port), *options]
        with (tmp_path / f"{port}.log").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-c", code, *arguments], stdout=output, stderr=output
            )
        server = Server(port, process, Path(output.name))
        running.append(server)
        until(lambda: process.poll() is not None or "Open http" in server.output.read_text())
        assert process.poll() is None, server.output.read_text()
        return server

    yield begin
    for server in running:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def form(server: Server, **extra: str) -> tuple[str, dict[str, str]]:
    """Open the form as a browser; return its token and the headers of what is sent from it."""
    _, headers, page = server.ask("GET", "/login", extra)
    token = re.search(rb'name="csrf_token" value="([^"]+)"', page)
    assert token, page
    return token[1].decode(), {
        **extra,
        "Cookie": headers["Set-Cookie"].partition(";")[0],
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
    }


def guess(server: Server, token: str, headers: dict[str, str], name: str, password: str):
    body = urllib.parse.urlencode({"csrf_token": token, "name": name, "password": password})
    return server.ask("POST", "/login", headers, body)


@pytest.mark.slow
def test_of_1000_guesses_over_two_workers_five_are_tried(peopled: Path, start: Start) -> None:
    server = start(peopled, "--production")
    token, headers = form(server)
    # The right password is among them, late: it is not tried either.
    passwords = [f"guess number {i}" for i in range(GUESSES)]
    passwords[GUESSES // 2] = PASSWORDS["hugo"]

    def one(password: str) -> int:
        return guess(server, token, headers, "hugo", password)[0]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = Counter(pool.map(one, passwords))
    assert statuses[401] == 5
    assert statuses == {401: 5, 429: GUESSES - 5}
    with closing(sqlite3.connect(peopled)) as db:
        assert db.execute("SELECT count(*) FROM attempts").fetchone() == (5,)
        assert db.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
    asked = server.workers("POST /login 429")
    assert len(asked) == 2, f"both workers were asked: {asked}"
    assert guess(server, token, headers, "carla", PASSWORDS["carla"])[0] == 303


@pytest.mark.slow
def test_one_signed_in_is_known_to_both_workers_until_signing_out(
    peopled: Path, start: Start
) -> None:
    server = start(peopled, "--production")
    token, headers = form(server)
    status, answered, _ = guess(server, token, headers, "hugo", PASSWORDS["hugo"])
    assert status == 303
    headers = {"Cookie": answered["Set-Cookie"].partition(";")[0], "Sec-Fetch-Site": "same-origin"}

    def read(_: int) -> tuple[int, bytes]:
        status, _, body = server.ask("GET", "/themes?who=canary", headers)
        return status, re.sub(rb'value="[^"]+"', b"", body)

    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(read, range(200)))
    assert len(answers) == 1
    status, body = answers.pop()
    assert status == 200
    assert b"hugo" in body
    until(lambda: server.workers("GET /themes 200").total() == 200)
    assert len(server.workers("GET /themes 200")) == 2
    page = server.ask("GET", "/account", headers)[2]
    token = re.search(rb'value="([^"]+)"', page)[1].decode()  # type: ignore[index]
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    body = urllib.parse.urlencode({"csrf_token": token})
    assert server.ask("POST", "/logout", headers, body)[0] == 303
    with ThreadPoolExecutor(8) as pool:
        assert {status for status, _ in pool.map(read, range(40))} == {303}
    log = "\n".join(line for line in server.log if "Open http" not in line)
    assert "canary" not in log
    assert HERE not in log
    assert PASSWORDS["hugo"] not in log


@pytest.mark.slow
def test_behind_a_proxy_the_real_server_answers_its_name_over_tls_only(
    peopled: Path, start: Start
) -> None:
    server = start(peopled, "--behind-proxy", "Themes.Example.org")
    proxied = {"Host": "themes.example.org", "X-Forwarded-Proto": "https"}
    token, headers = form(server, **proxied)
    assert headers["Cookie"].startswith("__Host-bothsides=")
    status, answered, _ = guess(server, token, headers, "hugo", PASSWORDS["hugo"])
    assert (status, answered["Location"]) == (303, "/")
    assert "Secure" in answered["Set-Cookie"]
    assert answered["Strict-Transport-Security"]
    for wrong in ({}, {"Host": "themes.example.org"}, {**proxied, "Host": f"{HERE}:8000"}):
        assert server.ask("GET", "/login", wrong)[0] == 400
    assert server.ask("GET", "/themes", proxied)[0] == 303


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced_and_knows_the_session(peopled: Path, start: Start) -> None:
    import os

    server = start(peopled, "--production")
    token, headers = form(server)
    answered = guess(server, token, headers, "hugo", PASSWORDS["hugo"])[1]
    cookie = {"Cookie": answered["Set-Cookie"].partition(";")[0]}
    for _ in range(30):
        assert server.ask("GET", "/themes", cookie)[0] == 200
    first = set(server.workers("GET /themes 200"))
    os.kill(int(sorted(first)[0]), signal.SIGKILL)
    statuses = []
    for _ in range(60):
        try:
            statuses.append(server.ask("GET", "/themes", cookie)[0])
        except (ConnectionError, http.client.HTTPException):
            continue  # the request that died with it
    assert set(statuses) == {200}


@pytest.mark.slow
def test_in_local_mode_the_real_server_asks_nobody(database: Path, start: Start) -> None:
    server = start(database, "--production", "--workers", "1")
    status, headers, page = server.ask("GET", "/", {})
    assert status == 200
    assert b"Single-user mode" in page
    assert "Set-Cookie" not in headers
    assert server.ask("GET", "/", {"Host": "evil.example"})[0] == 400


def test_what_cannot_be_served_says_what_to_do(database: Path, peopled: Path) -> None:
    from click.testing import CliRunner

    from analyzer.cli import main

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["serve", *arguments])
        return result.exit_code, result.stderr

    db = ("--db", str(database))
    code, said = run(*db, "--host", "0.0.0.0", "--production")
    assert code == 78
    assert "--behind-proxy themes.example.org" in said
    code, said = run(*db, "--behind-proxy", "themes.example.org")
    assert code == 78
    assert "bothsides user add" in said
    for wrong in ("", "https://themes.example.org", "themes.example.org:443", "a b", "*"):
        code, said = run("--db", str(peopled), "--behind-proxy", wrong)
        assert code == 78, wrong
        assert "host name" in said
