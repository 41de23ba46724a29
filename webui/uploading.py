"""How much may be sent, and where it is while it comes in: in the private folder of uploads."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import IO

from flask import Flask, Request, current_app

from analyzer import settings
from analyzer.jobs import uploads

# A form around the file.
FORM_BYTES = 1_000_000


class PrivateRequest(Request):
    """A request whose files wait in the folder of uploads, without a name, until they are kept."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        folder = uploads.prepared(current_app.config["DATABASE"])
        stream = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed with the request
        # Werkzeug closes the files of a form that was read to its end.
        self._opened = [*getattr(self, "_opened", []), stream]
        return stream

    def close(self) -> None:
        """Close every file, also where the form was refused half-way."""
        super().close()
        for stream in getattr(self, "_opened", []):
            stream.close()


def init_app(app: Flask) -> None:
    """Refuse a larger body before it is read."""
    app.request_class = PrivateRequest
    app.config["MAX_CONTENT_LENGTH"] = uploads.MOST_BYTES + FORM_BYTES


def cell_limit() -> int:
    """Return how many characters a cell of an upload may have."""
    file = os.environ.get("BOTHSIDES_SETTINGS")
    return int(settings.load(Path(file) if file else None, os.environ).max_cell_characters)
