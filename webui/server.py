"""Serve the pages: to this machine alone, or behind a proxy to users who sign in."""

from __future__ import annotations

import errno
import logging
import re
import socket
from collections.abc import Callable
from contextlib import closing
from http.server import HTTPServer
from pathlib import Path

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from analyzer.access import keys, users
from analyzer.database import connect_readonly
from analyzer.errors import InputOutput, Misconfigured, UsageError
from webui.app import create_app

log = logging.getLogger("bothsides.web")

# What a user may name -> the address to bind, how a URL writes it.
LOOPBACK = {
    "127.0.0.1": ("127.0.0.1", "127.0.0.1"),
    "localhost": ("127.0.0.1", "localhost"),
    "::1": ("::1", "[::1]"),
}
_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?")


class QuietHandler(WSGIRequestHandler):
    """Logs method, path and status: no query string, no address, nothing of a malformed request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log one answered request."""
        path = getattr(self, "path", "-").partition("?")[0]
        command = self.command or "-"
        log.info("%s %s %s", command, path.translate(self._control_char_table), int(code))

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Log nothing else: the messages of the base class quote the request."""

    def version_string(self) -> str:
        """Return what the Server header says; versions are nobody's business."""
        return "Bothsides"


def application(database: Path, host: str, public_name: str | None) -> Flask:
    """Return the application for an address; ``public_name``: what the proxy in front is called.

    Raises:
        Misconfigured: others than this machine would see the pages without a proxy, or without
            users.
        InputOutput, Locked: the database cannot be read.

    """
    with closing(connect_readonly(database)) as connection:
        key = keys.web_key(connection)
        anybody = users.may_sign_in(connection)
    if public_name is None and host not in LOOPBACK:
        raise Misconfigured(
            f"The pages cannot be served on {host} as they are: others than this machine need "
            "users and TLS. Make users (bothsides user add NAME --role hr), put a proxy with TLS "
            "in front (docs/serving.md), and name what it serves: --behind-proxy "
            "themes.example.org. For this machine alone: --host 127.0.0.1"
        )
    if public_name is not None and not _NAME.fullmatch(public_name.lower()):
        raise Misconfigured(
            f"--behind-proxy needs the host name that the proxy serves, not {public_name!r}: "
            "--behind-proxy themes.example.org, without https:// and port"
        )
    if public_name is not None and not anybody:
        raise Misconfigured(
            f"{database} has no users who may sign in, so nobody could see the pages. First: "
            "bothsides user add NAME --role hr"
        )
    name = public_name.lower() if public_name is not None else None
    return create_app({"DATABASE": database, "SECRET_KEY": key, "PUBLIC_NAME": name})


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; ``port`` 0 takes a free one.

    Raises:
        UsageError: the port is none.
        InputOutput: the port cannot be had.

    """
    if not 0 <= port <= 65535:
        raise UsageError(f"{port} is no port: use --port with 1 to 65535")
    address = LOOPBACK[host][0] if host in LOOPBACK else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # Werkzeug prints and exits when a port is taken, gunicorn too; a socket of our own lets us say
    # it our way.
    try:
        return socket.create_server((address, port), family=family)
    except OSError as exc:
        taken = exc.errno == errno.EADDRINUSE
        why = "is taken by another program" if taken else f"cannot be had ({exc.strerror})"
        raise InputOutput(
            f"Port {port} of {host} {why}. Choose another: --port {_other(port)}"
        ) from exc


def _other(port: int) -> int:
    return port + 1 if 1023 < port < 65535 else 8001


def bind(database: Path, host: str, port: int, *, public_name: str | None = None) -> BaseWSGIServer:
    """Return a server of one process that listens; ``server.port`` tells the port.

    Raises:
        Misconfigured, UsageError, InputOutput: see :func:`application` and :func:`listen`.

    """
    app = application(database, host, public_name)
    with listen(host, port) as listening:
        address, actual = listening.getsockname()[:2]
        return make_server(
            address,
            actual,
            app,
            threaded=True,
            request_handler=QuietHandler,
            fd=listening.fileno(),
        )


def serve(
    database: Path,
    host: str,
    port: int,
    *,
    processes: int = 0,
    public_name: str | None = None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until interrupted; ``ready`` hears the address once it answers.

    ``processes`` 0: a server for one person, in this process; more: gunicorn with so many workers.

    Raises:
        Misconfigured, UsageError, InputOutput: see :func:`application` and :func:`listen`.
        KeyboardInterrupt: somebody pressed Ctrl+C; the port is free again.

    """
    said = ready or (lambda _: None)
    if processes:
        _serve_in_processes(application(database, host, public_name), host, port, processes, said)
        return
    with bind(database, host, port, public_name=public_name) as server:
        said(_url(host, server.port, public_name))
        # Not Werkzeug's own, which swallows the interruption that the caller wants to hear of.
        HTTPServer.serve_forever(server)


def _serve_in_processes(
    app: Flask, host: str, port: int, processes: int, ready: Callable[[str], None]
) -> None:
    from webui.production import Application

    listening = listen(host, port)
    url = _url(host, listening.getsockname()[1], app.config["PUBLIC_NAME"])
    # Handed over: gunicorn closes it in the end.
    Application(app, listening.detach(), processes, lambda: ready(url)).run()


def _url(host: str, port: int, public_name: str | None) -> str:
    if public_name is not None:
        return f"https://{public_name}/"
    return f"http://{LOOPBACK[host][1]}:{port}/"
