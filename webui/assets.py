"""The static files: compressed once, told apart by their hash, asked for again by it.

Pages themselves are not compressed here: they hold what people wrote beside what a form must carry,
and a proxy's administrator should decide on that. See docs/interface.md.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, request
from werkzeug.security import safe_join

FOLDER = Path(__file__).with_name("static")
COMPRESSIBLE = (".css", ".js", ".svg", ".json")
LICENCE = ".LICENSE"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent: ``packed`` is None if packing it gains nothing."""

    content: bytes
    packed: bytes | None
    tag: str
    mimetype: str


def init_app(app: Flask) -> None:
    """Serve ``/static/``; the endpoint is ``static``, as Flask's own would be."""
    app.add_url_rule("/static/<path:filename>", "static", _serve)


def _serve(filename: str) -> Response:
    joined = safe_join(str(FOLDER), filename)
    path = Path(joined) if joined else None
    if path is None or not path.is_file():
        abort(404)
    asset = read(path, path.stat().st_mtime_ns)
    packed = asset.packed is not None and request.accept_encodings.quality("gzip") > 0
    response = Response(asset.packed if packed else asset.content, mimetype=asset.mimetype)
    response.set_etag(f"{asset.tag}-gz" if packed else asset.tag)
    response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.make_conditional(request)
    return response


@lru_cache(maxsize=64)
def read(path: Path, changed: int) -> Asset:
    """Return a file; ``changed`` (its time of change) makes an edited file be read anew."""
    del changed
    content = path.read_bytes()
    text = path.suffix in COMPRESSIBLE or path.suffix == LICENCE
    packed = gzip.compress(content, 9, mtime=0) if text else None
    return Asset(
        content=content,
        packed=packed if packed and len(packed) < len(content) else None,
        tag=hashlib.sha256(content).hexdigest()[:16],
        mimetype=mimetypes.guess_type(path.name)[0] or "text/plain",
    )
