from __future__ import annotations

import http.client
import logging
import re
import socket
import threading
from pathlib import Path

import pytest

from analyzer.errors import InputOutput, Misconfigured, UsageError
from webui import serve, server


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", "", "127.0.0.2"])
def test_any_other_address_is_refused_and_told_why(database: Path, host: str) -> None:
    with pytest.raises(Misconfigured, match="need users and TLS") as raised:
        serve(database, host, 8000)
    assert "--host 127.0.0.1" in str(raised.value)


def test_a_taken_port_names_the_next_step(
    database: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(InputOutput, match=f"Port {port} .* taken .* --port {port + 1}"):
            serve(database, "127.0.0.1", port)
    assert capfd.readouterr() == ("", "")


def test_an_impossible_port_is_an_error(database: Path) -> None:
    with pytest.raises(UsageError, match="--port"):
        server.bind(database, "127.0.0.1", 70000)


def test_the_caller_hears_the_address_and_the_interruption(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    heard: list[str] = []
    monkeypatch.setattr("http.server.HTTPServer.serve_forever", interrupted)
    with pytest.raises(KeyboardInterrupt):
        serve(database, "localhost", 0, ready=heard.append)
    assert re.fullmatch(r"http://localhost:\d+/", heard[0])
    with pytest.raises(KeyboardInterrupt):
        serve(database, "127.0.0.1", 0)


@pytest.mark.parametrize("host", server.LOOPBACK)
def test_the_pages_answer_and_the_log_holds_no_query(
    database: Path, host: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, "bothsides.web")
    try:
        running = server.bind(database, host, 0)
    except InputOutput:
        if host == "::1":
            pytest.skip("this machine has no IPv6")
        raise
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    try:
        connection = http.client.HTTPConnection(host, running.port, timeout=10)
        connection.request("GET", "/themes/e1?who=secret")
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.headers["Server"] == "Bothsides"
        assert b"too few people" in answer.read()
        connection.close()
        with socket.create_connection((host, running.port), timeout=10) as raw:
            raw.sendall(b"nonsense?who=secret\r\n\r\n")
            assert b"400" in raw.recv(4096)
    finally:
        running.shutdown()
        thread.join()
    assert caplog.messages[0] == "GET /themes/e1 200"
    assert "secret" not in caplog.text
    assert capfd.readouterr() == ("", "")
