"""The picture of a link: set in the build, the same on every machine."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from dossier.model import Assessment
from dossier.picture import NAME, SIZE, picture
from reports import make_report
from test_explorer import FILES

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

PAPER, ACCENT = (253, 252, 249), (27, 85, 112)


def drawn(title: str, *assessments: Assessment, edition: str = "Edition of today") -> bytes:
    made = picture(title, "Report", assessments, edition)
    assert isinstance(made, bytes), made
    return made


def pixels(data: bytes) -> list[bytes]:
    """Return the rows of a PNG of 8 bits in RGBA (PNG, sections 9 and 11), a pixel in 4 bytes."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed, head = 8, b"", b""
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        head = body if name == b"IHDR" else head
        packed += body if name == b"IDAT" else b""
        at += length + 12
    width, height, depth, color = struct.unpack(">IIBB", head[:10])
    assert ((width, height), depth, color) == (SIZE, 8, 6)
    raw, rows, before = zlib.decompress(packed), [], bytearray(4 * width)
    for y in range(height):
        line = raw[y * (4 * width + 1) : (y + 1) * (4 * width + 1)]
        kind, row = line[0], bytearray(line[1:])
        if kind == 2:
            row = bytearray((one + above) % 256 for one, above in zip(row, before, strict=True))
        elif kind:
            for x, one in enumerate(row):
                left = row[x - 4] if x >= 4 else 0
                above, corner = before[x], before[x - 4] if x >= 4 else 0
                if kind == 1:
                    guess = left
                elif kind == 3:
                    guess = (left + above) // 2
                elif left == above == corner:
                    guess = left
                else:
                    near, far, both = abs(above - corner), abs(left - corner), left + above
                    last = abs(both - 2 * corner)
                    guess = (
                        left if near <= far and near <= last else above if far <= last else corner
                    )
                row[x] = (one + guess) % 256
        rows.append(bytes(row))
        before = row
    return rows


@pytest.mark.parametrize("title", ["Short", "word " * 200, "x" * 300, '"#[$] \\'])
def test_any_title_is_set_and_nothing_goes_over_the_edge(title: str) -> None:
    """On the color of the paper, with bars; the margins stay free."""
    rows = pixels(drawn(title, *["confirmed"] * 3, "unsupported"))
    paper, accent = bytes((*PAPER, 255)), bytes((*ACCENT, 255))
    assert any(accent in row for row in rows)
    assert all(row == paper * SIZE[0] for row in (*rows[:60], *rows[-60:]))
    assert all(row[: 4 * 70] == paper * 70 for row in rows)


def test_the_same_report_has_the_same_picture() -> None:
    """And another one another: the bars are those of its findings."""
    first = drawn("T", "confirmed")
    assert drawn("T", "confirmed") == first
    assert drawn("T", "confirmed", "disputed") != first
    assert drawn("T") != first


def test_pages_name_the_picture_by_its_whole_address(tmp_path: Path) -> None:
    """Where the address is not known there is none."""
    config = f"{FILES['mkdocs.yml']!s}site_url: https://a.example/r/\n"
    report = make_report(tmp_path / "p", {**FILES, "mkdocs.yml": config}).build()
    assert f'property="og:image" content="https://a.example/r/{NAME}"' in report.html().source
    assert (report.site / NAME).read_bytes().startswith(b"\x89PNG")
    report = make_report(tmp_path / "q", FILES).build()
    assert "og:image" not in report.html().source
    assert not (report.site / NAME).exists()
