"""A site over HTTP on this machine, sent as the usual hosts of static sites send it."""

from __future__ import annotations

import gzip
import mimetypes
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

_TEXT = re.compile(r"text/|application/(?:javascript|json|xml|manifest)|image/svg")
# Material names its files by their content; all others may change under their name.
_FINGERPRINT = re.compile(r"\.[0-9a-f]{8}\.")
_FOREVER = "public, max-age=31536000, immutable"
_SHORTLY = "public, max-age=600"


@cache
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 9)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with the files of a folder; text is gzipped for those who take it."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, folder: Path) -> None:
        self._folder = folder
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, *_: object) -> None:
        """Nothing: the tables are what is to be read."""

    def _answer(self, *, with_body: bool) -> None:
        status, path = self._find()
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        text = _TEXT.match(kind) is not None
        packed = text and "gzip" in self.headers.get("Accept-Encoding", "")
        body = b"" if not path.is_file() else _packed(path) if packed else path.read_bytes()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", _FOREVER if _FINGERPRINT.search(path.name) else _SHORTLY)
        if text:
            self.send_header("Vary", "Accept-Encoding")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _find(self) -> tuple[HTTPStatus, Path]:
        path = self._folder / unquote(urlsplit(self.path).path).lstrip("/")
        if path.is_dir():
            path /= "index.html"
        inside = path.resolve().is_relative_to(self._folder.resolve())
        if inside and path.is_file():
            return HTTPStatus.OK, path
        return HTTPStatus.NOT_FOUND, self._folder / "404.html"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on 127.0.0.1, at a port that is free, and yield the address.

    The folder may be made later: its files are read when they are asked for, and once.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, folder=folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
