"""Serve the pages on this machine, and on this machine only."""

from __future__ import annotations

import errno
import logging
import socket
from collections.abc import Callable
from http.server import HTTPServer
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from analyzer.errors import InputOutput, UsageError
from webui.app import create_app

log = logging.getLogger("bothsides.web")

# What a user may name -> family, the address to bind, how a URL writes it.
HOSTS = {
    "127.0.0.1": (socket.AF_INET, "127.0.0.1", "127.0.0.1"),
    "localhost": (socket.AF_INET, "127.0.0.1", "localhost"),
    "::1": (socket.AF_INET6, "::1", "[::1]"),
}


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


def bind(database: Path, host: str, port: int) -> BaseWSGIServer:
    """Return a server that listens; ``port`` 0 takes a free one (``server.port`` tells which).

    Raises:
        UsageError: the host is not this machine, or the port is none.
        InputOutput: the port cannot be had.

    """
    if host not in HOSTS:
        raise UsageError(
            f"The pages cannot be served on {host}. Until there is access control, Bothsides shows "
            "employee comments to this machine only: use --host 127.0.0.1"
        )
    if not 0 <= port <= 65535:
        raise UsageError(f"{port} is no port: use --port with 1 to 65535")
    family, address, _ = HOSTS[host]
    # Werkzeug prints and exits when a port is taken; a socket of our own lets us say it our way.
    try:
        listening = socket.create_server((address, port), family=family)
    except OSError as exc:
        taken = exc.errno == errno.EADDRINUSE
        why = "is taken by another program" if taken else f"cannot be had ({exc.strerror})"
        raise InputOutput(
            f"Port {port} of {host} {why}. Choose another: --port {_other(port)}"
        ) from exc
    with listening:
        return make_server(
            address,
            listening.getsockname()[1],
            create_app({"DATABASE": database}),
            threaded=True,
            request_handler=QuietHandler,
            fd=listening.fileno(),
        )


def _other(port: int) -> int:
    return port + 1 if 1023 < port < 65535 else 8001


def serve(database: Path, host: str, port: int, ready: Callable[[str], None] | None = None) -> None:
    """Serve until interrupted; ``ready`` hears the address once it answers.

    Raises:
        UsageError: the host is not this machine, or the port is none.
        InputOutput: the port cannot be had.
        KeyboardInterrupt: somebody pressed Ctrl+C; the port is free again.

    """
    with bind(database, host, port) as server:
        if ready is not None:
            ready(f"http://{HOSTS[host][2]}:{server.port}/")
        # Not Werkzeug's own, which swallows the interruption that the caller wants to hear of.
        HTTPServer.serve_forever(server)
