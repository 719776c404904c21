"""A logo is made anew: what was sent is neither kept nor trusted, and a huge one is never unpacked."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from booking.core.errors import BookingError, NoPicture, PictureTooHeavy, TooManyPixels
from booking.pictures import HIGHEST, WIDEST, logo_of


def a_picture(kind: str, size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "#8a1538").save(written, kind, **options)
    return written.getvalue()


def a_head_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds almost nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    written = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_whatever_was_sent_a_small_png_is_kept(kind: str) -> None:
    picture = logo_of(a_picture(kind, (3000, 300)))

    with Image.open(io.BytesIO(picture.png)) as made:
        assert (made.format, made.size) == ("PNG", (picture.width, picture.height))
    assert (picture.width, picture.height) == (WIDEST, 72)
    assert picture.height <= HIGHEST


def test_what_was_written_into_the_file_beside_the_picture_is_left_out() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "Dora at home")
    sent = a_picture("PNG", pnginfo=told, icc_profile=b"a profile that is none")

    picture = logo_of(sent + b"<script>alert(1)</script>")

    assert b"Dora" in sent
    assert not any(trace in picture.png for trace in (b"Dora", b"profile", b"script"))


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        (a_head_of(10_000, 5_000), TooManyPixels),
        (a_head_of(60_000, 60_000), TooManyPixels),
        (b"x" * 1_000_001, PictureTooHeavy),
        (b"", NoPicture),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', NoPicture),
        (b"GIF89a" + bytes(40), NoPicture),
        (a_picture("GIF"), NoPicture),
        (a_picture("BMP"), NoPicture),
        (a_picture("PNG")[:60], NoPicture),
        (a_head_of(40, 20), NoPicture),
    ],
    ids=["wide", "enormous", "heavy", "empty", "drawn", "a head of a GIF", "GIF", "BMP", "cut short", "a head alone"],
)
def test_what_cannot_be_a_logo_is_refused_before_it_is_unpacked(sent: bytes, refusal: type[BookingError]) -> None:
    with pytest.raises(refusal):
        logo_of(sent)
