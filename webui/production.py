"""Serve with gunicorn: a master that holds the socket, and worker processes that answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

THREADS = 4
# A page is read in well under a second; an import or analysis does not run in here.
TIMEOUT_SECONDS = 60


class Application(BaseApplication):  # type: ignore[misc]
    """Bothsides under gunicorn, on a socket that listens already.

    The application is made once, before the workers are forked, and holds no connection: SQLite's
    must not be carried over a fork. Each request opens its own.
    """

    def __init__(
        self,
        app: Flask,
        listening: int,
        processes: int,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        """Keep what to serve; ``listening`` is a socket's file descriptor, taken over."""
        self._app = app
        self._options: dict[str, Any] = {
            "bind": f"fd://{listening}",
            "workers": processes,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": TIMEOUT_SECONDS,
            "preload_app": True,
            "proc_name": "bothsides",
            # Whoever can write to the control socket rules the server; nobody here needs it.
            "control_socket_disable": True,
            # ProxyFix reads the proxy's headers, and only where a proxy was announced.
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
            "forwarder_headers": "",
            "limit_request_line": 4094,
            "limit_request_fields": 60,
            "loglevel": "warning",
            "accesslog": "-",
            # <process>, method, path, status: no query, no address, nothing that was sent.
            "access_log_format": "%(p)s %(m)s %(U)s %(s)s",
            "when_ready": lambda _: ready(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn its settings; files and the environment are not read."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application."""
        return self._app
